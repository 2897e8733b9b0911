#include "gemm.h"
#include "internal.h"

// Four rows of b against one of a: b goes by once, in four streams.
INLINE void dots(
    float *sums, const float *a, const float *b, size_t b_row, size_t k, const int rows) {
    lanes partial[4] = {0};
    float tails[4] = {0};
    size_t l = 0;
    for (; l + 16 <= k; l += 16) {
        lanes v = *(const lanes *)(a + l);
        for (int r = 0; r < rows; r++)
            partial[r] += v * *(const lanes *)(b + (size_t)r * b_row + l);
    }
    for (; l < k; l++)
        for (int r = 0; r < rows; r++) tails[r] += a[l] * b[(size_t)r * b_row + l];
    for (int r = 0; r < rows; r++) sums[r] = lanes_sum(&partial[r]) + tails[r];
}

KERNEL void ck_dot_rows(
    float *c, size_t c_row, const float *a, size_t a_row, const float *b, size_t b_row, size_t m,
    size_t n, size_t k, float alpha, float beta) {
    for (size_t j = 0; j < n; j += 4) {
        size_t width = n - j < 4 ? n - j : 4;
        for (size_t i = 0; i < m; i++) {
            float sums[4];
            if (width == 4)
                dots(sums, a + i * a_row, b + j * b_row, b_row, k, 4);
            else
                for (size_t r = 0; r < width; r++)
                    dots(sums + r, a + i * a_row, b + (j + r) * b_row, b_row, k, 1);
            for (size_t r = 0; r < width; r++) {
                float *to = c + i * c_row + j + r;
                *to = beta == 0 ? alpha * sums[r] : beta * *to + alpha * sums[r];
            }
        }
    }
}
