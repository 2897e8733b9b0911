#include "ckernels.h"
#include "internal.h"

// Up to six rows of c by sixteen columns: twelve AVX2 registers of sums, two of b, one of a.
// `rows` is a constant wherever this is inlined, so the inner loops unroll. `width` columns of b
// are read and of c written; 16 where a whole vector may be.
INLINE void tile(
    float *c, size_t c_row, const float *a, size_t a_row, size_t a_step, const float *b,
    size_t b_row, size_t k, float alpha, const int rows, size_t reads, size_t writes) {
    lanes sums[6];
    for (int i = 0; i < rows; i++) sums[i] = 0;
    for (size_t l = 0; l < k; l++) {
        lanes v = 0;
        if (reads == 16)
            v = *(const lanes *)(b + l * b_row);
        else
            memcpy(&v, b + l * b_row, reads * sizeof(float));
        for (int i = 0; i < rows; i++) sums[i] += a[(size_t)i * a_row + l * a_step] * v;
    }
    for (int i = 0; i < rows; i++) {
        lanes v = sums[i] * alpha;
        if (writes == 16)
            *(lanes *)(c + (size_t)i * c_row) = v;
        else
            memcpy(c + (size_t)i * c_row, &v, writes * sizeof(float));
    }
}

KERNEL void ck_small_multiply(
    float *c, size_t c_row, const float *a, size_t a_row, size_t a_step, const float *b,
    size_t b_row, size_t m, size_t n, size_t k, float alpha, bool padded) {
    for (size_t j = 0; j < n; j += 16) {
        size_t left = n - j < 16 ? n - j : 16, reads = padded ? 16 : left, i = 0;
        const float *bj = b + j;
        if (left == 16)
            for (; i + 6 <= m; i += 6)
                tile(c + i * c_row + j, c_row, a + i * a_row, a_row, a_step, bj, b_row, k, alpha, 6,
                    16, 16);
        else if (padded)
            for (; i + 6 <= m; i += 6)
                tile(c + i * c_row + j, c_row, a + i * a_row, a_row, a_step, bj, b_row, k, alpha, 6,
                    16, left);
        for (; i + 2 <= m; i += 2)
            tile(c + i * c_row + j, c_row, a + i * a_row, a_row, a_step, bj, b_row, k, alpha, 2,
                reads, left);
        for (; i < m; i++)
            tile(c + i * c_row + j, c_row, a + i * a_row, a_row, a_step, bj, b_row, k, alpha, 1,
                reads, left);
    }
}

KERNEL void ck_transpose(
    float *restrict y, size_t y_row, const float *restrict x, size_t x_row, size_t rows,
    size_t columns) {
    for (size_t c = 0; c < columns; c++) {
        for (size_t r = 0; r < rows; r++) y[c * y_row + r] = x[r * x_row + c];
        for (size_t r = rows; r < y_row; r++) y[c * y_row + r] = 0;
    }
}
