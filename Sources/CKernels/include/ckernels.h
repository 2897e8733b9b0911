// The float kernels that are worth C: Swift may not reorder float sums, so loops that reduce, and
// loops that want FMA, are written here once and compiled per instruction set (target_clones).
//
// Conventions: all matrices are row-major; `rows` and `columns` count elements, `stride` is the
// distance between two rows in elements. No function allocates (but the pool). No function reads
// the clock or shared state, so equal input gives equal bits on one machine type.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

// MARK: Processor

// 4: AVX-512 F, BW, CD, DQ and VL; 3: AVX2 and FMA; 0: anything else.
int ck_processor_level(void);

// Flushes denormal results to zero and reads denormals as zero, in the calling thread, until
// ck_restore_denormals gets what this returned.
uint64_t ck_flush_denormals(void);
void ck_restore_denormals(uint64_t before);

// MARK: Threads

typedef struct ck_pool ck_pool;
typedef void (*ck_task)(void *context, int part);

// A pool that works on `threads` parts at once: the caller's thread and `threads - 1` of its own.
// NULL if a thread could not be made.
ck_pool *ck_pool_create(int threads);
void ck_pool_destroy(ck_pool *pool);

// Calls task(context, part) for each part in 0 ..< threads and returns when all are done.
void ck_pool_run(ck_pool *pool, ck_task task, void *context);

// MARK: Elementwise

// x[r, c] += bias[c]
void ck_add_bias(float *x, size_t stride, const float *bias, size_t rows, size_t columns);

// x[i] += y[i]
void ck_add(float *x, const float *y, size_t count);

// x[i] *= y[i]
void ck_multiply(float *x, const float *y, size_t count);

// act = GELU(x + bias), slope = GELU'(x + bias); slope may be NULL, act may be x.
void ck_bias_gelu(
    float *act, float *slope, const float *x, const float *bias, size_t rows, size_t columns);

// x = tanh(x + bias), in place
void ck_bias_tanh(float *x, const float *bias, size_t rows, size_t columns);

// dx[i] = dy[i] * (1 - y[i]^2), where y = tanh(x)
void ck_tanh_backward(float *dx, const float *dy, const float *y, size_t count);

// y[r, c] = x[r, c] * keep(keys[r], site, c) / (1 - p); y may be x.
void ck_dropout(
    float *y, const float *x, size_t rows, size_t columns, const uint32_t *keys, uint32_t site,
    float p);

// MARK: Rows

// y[r, :] = x[indexes[r], :]
void ck_gather_rows(
    float *y, const float *x, size_t stride, const int32_t *indexes, size_t rows, size_t columns);

// y[r, :] = a[ia[r], :] + b[ib[r], :] + c[ic[r], :]
void ck_sum_rows(
    float *y, const float *a, const int32_t *ia, const float *b, const int32_t *ib, const float *c,
    const int32_t *ic, size_t rows, size_t columns);

// x[indexes[r], :] += y[r, :]; the rows are added in order.
void ck_scatter_add_rows(
    float *x, size_t stride, const float *y, const int32_t *indexes, size_t rows, size_t columns);

// out[c] += sum over rows of x[r, c]
void ck_column_sums(float *out, const float *x, size_t stride, size_t rows, size_t columns);

// MARK: Normalisation (LayerNorm, Ba et al. 2016)

// s = residual + dropout(x + bias); xhat = (s - mean) * rstd; y = xhat * gamma + beta.
// bias and residual may be NULL; xhat may be NULL (nothing kept for backward); keys is NULL
// where there is no dropout. xhat may be x, y may be x.
void ck_norm_forward(
    float *y, float *xhat, float *rstd, const float *x, const float *bias, const float *residual,
    const float *gamma, const float *beta, size_t rows, size_t columns, float epsilon,
    const uint32_t *keys, uint32_t site, float p);

// ds, the gradient of s; may be dy.
void ck_norm_backward(
    float *ds, const float *dy, const float *xhat, const float *rstd, const float *gamma,
    size_t rows, size_t columns);

// dgamma[c] += sum dy * xhat; dbeta[c] += sum dy
void ck_norm_parameters(
    float *dgamma, float *dbeta, const float *dy, const float *xhat, size_t stride, size_t rows,
    size_t columns);

// MARK: Attention (one head of one sequence)

// c[i, j] = alpha * sum over l < k of a[i * a_row + l * a_step] * b[l * b_row + j], for i < m, j < n.
//
// For the many small products of attention, which a BLAS spends on packing. `padded` promises that
// each row of b can be read up to the next multiple of 16 columns.
void ck_small_multiply(
    float *c, size_t c_row, const float *a, size_t a_row, size_t a_step, const float *b,
    size_t b_row, size_t m, size_t n, size_t k, float alpha, bool padded);

// y[c, r] = x[r, c]; rows of y are `y_row` apart, and what is behind their end is set to zero.
void ck_transpose(
    float *y, size_t y_row, const float *x, size_t x_row, size_t rows, size_t columns);

// scores[rows, columns], already scaled → softmax by row, then dropout; lse[r] = log sum exp.
void ck_softmax_forward(
    float *scores, float *lse, size_t rows, size_t columns, const uint32_t *keys, uint32_t site,
    float p);

// On entry: scores as before the softmax, dprobs = gradient of the dropped-out probabilities.
// On return: scores = gradient of the unscaled scores, dprobs = the dropped-out probabilities.
void ck_softmax_backward(
    float *scores, float *dprobs, const float *lse, size_t rows, size_t columns, float scale,
    const uint32_t *keys, uint32_t site, float p);

// MARK: Optimiser

double ck_sum_of_squares(const float *x, size_t count);

// AdamW (Loshchilov and Hutter 2019), torch's order of operations. `scale` multiplies the gradient.
void ck_adamw(
    float *w, const float *g, float *m, float *v, size_t count, float scale, float rate,
    float decay, float beta1, float beta2, float epsilon, float correction1, float correction2);

#if defined(__cplusplus)
}
#endif
