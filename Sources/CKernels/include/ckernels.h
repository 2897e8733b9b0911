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

// The same for the approximation by tanh ("gelu_new").
void ck_bias_gelu_tanh(
    float *act, float *slope, const float *x, const float *bias, size_t rows, size_t columns);

// act[r, c] = silu(gate) * up with gate = gate_up[r, c] and up = gate_up[r, columns + c];
// act is rows x columns, gate_up rows x 2 columns.
void ck_swiglu(
    float *act, size_t act_stride, const float *gate_up, size_t stride, size_t rows,
    size_t columns);

// The gradient of gate_up from dy, that of act; input may be gate_up.
void ck_swiglu_backward(
    float *input, size_t input_stride, const float *dy, size_t dy_stride, const float *gate_up,
    size_t stride, size_t rows, size_t columns);

// x = max(0, x + bias), in place; bias may be NULL.
void ck_bias_relu(float *x, size_t stride, const float *bias, size_t rows, size_t columns);

// dy[i] = 0 where y[i] is not positive
void ck_relu_backward(float *dy, const float *y, size_t count);

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

// MARK: Root-mean-square normalisation (Zhang and Sennrich 2019)

// y = x * s * gamma with s = 1 / sqrt(mean(x^2) + epsilon) for each row; inverse_root keeps s and
// may be NULL. y may be x.
void ck_rms_forward(
    float *y, float *inverse_root, const float *x, const float *gamma, size_t rows, size_t columns,
    float epsilon);

// dx, the gradient of x, written or added; without adding, dx may be dy.
void ck_rms_backward(
    float *dx, const float *dy, const float *x, const float *inverse_root, const float *gamma,
    size_t rows, size_t columns, bool adding);

// dgamma[c] += sum dy * x * s
void ck_rms_parameters(
    float *dgamma, const float *dy, const float *x, const float *inverse_root, size_t stride,
    size_t rows, size_t columns);

// MARK: Rotary positions (Su et al. 2021)

// Turns coordinate pairs (i, half + i) of each head of row r by the angle whose cosine and sine
// stand at [positions[r], i] of the tables; backwards if inverse.
void ck_rotate(
    float *x, size_t stride, size_t rows, size_t heads, size_t half, const int32_t *positions,
    const float *cosines, const float *sines, bool inverse);

// MARK: Cross-entropy

// losses[r] = -sum over c of t[c] log softmax(logits[r])[c] with t = (1 - smoothing) onehot(target)
// + smoothing / columns; best[r], where wanted, is the first largest column. With gradient, the
// logits become scales[r] * (softmax - t). A negative target: loss and gradient are zero.
void ck_cross_entropy(
    float *logits, size_t stride, size_t rows, size_t columns, const int32_t *targets,
    const float *scales, float smoothing, float *losses, int32_t *best, bool gradient);

// MARK: Attention (one head of one sequence)

// c[i, j] = alpha * sum over l < k of a[i * a_row + l * a_step] * b[l * b_row + j], for i < m and
// j < n; with adding, the sum is added to c, in the order in which one longer sum would be (alpha
// is 1).
//
// For the many small products of attention, which a BLAS spends on packing. `padded` promises that
// each row of b can be read up to the next multiple of 16 columns.
// `level` is at most ck_processor_level().
void ck_small_multiply(
    int level, float *c, size_t c_row, const float *a, size_t a_row, size_t a_step,
    const float *b, size_t b_row, size_t m, size_t n, size_t k, float alpha, bool padded,
    bool adding);

// y[c, r] = x[r, c]; rows of y are `y_row` apart, and what is behind their end is set to zero.
void ck_transpose(
    float *y, size_t y_row, const float *x, size_t x_row, size_t rows, size_t columns);

// scores[rows, columns], already scaled → softmax by row, then dropout; lse[r] = log sum exp.
// Row r sees the first `visible + r` columns, at most all; what it does not see becomes 0.
void ck_softmax_forward(
    float *scores, size_t stride, float *lse, size_t rows, size_t columns, size_t visible,
    const uint32_t *keys, uint32_t site, float p);

// On entry: scores as before the softmax, dprobs = gradient of the dropped-out probabilities.
// On return: scores = gradient of the unscaled scores, dprobs = the dropped-out probabilities.
void ck_softmax_backward(
    float *scores, float *dprobs, size_t stride, const float *lse, size_t rows, size_t columns,
    size_t visible, float scale, const uint32_t *keys, uint32_t site, float p);

// MARK: Optimiser

double ck_sum_of_squares(const float *x, size_t count);

// AdamW (Loshchilov and Hutter 2019), torch's order of operations. `scale` multiplies the gradient.
void ck_adamw(
    float *w, const float *g, float *m, float *v, size_t count, float scale, float rate,
    float decay, float beta1, float beta2, float epsilon, float correction1, float correction2);

#if defined(__cplusplus)
}
#endif
