// The matrix product c = alpha a b + beta c for matrices large enough to be packed first, after
// Goto and van de Geijn (2008): operands are copied into panels that the innermost loop reads from
// front to back, and a tile of c stays in registers while k runs.
//
// Each element of c is one sum over the k of a call, in order, whatever the tile that computes it:
// results depend on how k is cut into calls, and on nothing else.
#pragma once

#include <stddef.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum {
    // Lines of a panel of the first operand, which are rows of c.
    ck_gemm_rows = 12,
    // Lines of a panel of the second operand, which are columns of c.
    ck_gemm_columns = 32
};

// Packs `lines` lines of k elements, x[i * line + l * step], into panels of `width` lines, one of
// the two above: element (i, l) of a panel stands at l * width + i. Lines missing in the last panel
// are zeros. `out` has room for the count of lines rounded up to whole panels, times k.
void ck_gemm_pack(
    float *out, const float *x, size_t line, size_t step, size_t lines, size_t k, size_t width);

// c[i, j] = alpha * sum over l of a[i, l] * b[j, l] + beta * c[i, j] for i < m, j < n, from packed
// a and b. `level` is at most ck_processor_level(). c is not read where beta is 0.
void ck_gemm_multiply(
    int level, float *c, size_t c_row, const float *a, const float *b, size_t m, size_t n,
    size_t k, float alpha, float beta);

// c[i, j] = alpha * sum over l of a[i, l] * b[j, l] + beta * c[i, j] for the few rows i < m of a
// step of generation, where reading b is what takes the time. Nothing is packed.
void ck_dot_rows(
    float *c, size_t c_row, const float *a, size_t a_row, const float *b, size_t b_row, size_t m,
    size_t n, size_t k, float alpha, float beta);

#if defined(__cplusplus)
}
#endif
