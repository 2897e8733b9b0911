#include "ckernels.h"
#include "internal.h"
#include "rows.h"

#include <math.h>

KERNEL void ck_sum_two_rows(
    float *restrict y, const float *a, const int32_t *ia, const float *b, const int32_t *ib,
    size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *ar = a + (size_t)ia[r] * columns, *br = b + (size_t)ib[r] * columns;
        for (size_t c = 0; c < columns; c++) y[r * columns + c] = ar[c] + br[c];
    }
}

KERNEL void ck_add_rows(
    float *restrict x, size_t x_stride, const float *restrict y, size_t y_stride, size_t rows,
    size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) x[r * x_stride + c] += y[r * y_stride + c];
}

KERNEL void ck_add_scaled(
    float *restrict y, const float *restrict x, float factor, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += factor * x[i];
}

void ck_row_norms(float *norms, const float *x, size_t stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        norms[r] = (float)sqrt(ck_sum_of_squares(x + r * stride, columns));
}

KERNEL void ck_scale_rows(
    float *restrict x, size_t stride, const float *restrict factors, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) x[r * stride + c] *= factors[r];
}

KERNEL void ck_scale_columns(
    float *y, size_t y_stride, const float *x, size_t x_stride, const float *restrict factors,
    size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *xr = x + r * x_stride;
        float *yr = y + r * y_stride;
#pragma clang loop vectorize(assume_safety)
        for (size_t c = 0; c < columns; c++) yr[c] = xr[c] * factors[c];
    }
}

KERNEL void ck_column_products(
    float *restrict sums, const float *restrict divisors, const float *restrict x, size_t x_stride,
    const float *restrict y, size_t y_stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            sums[c] += x[r * x_stride + c] * y[r * y_stride + c] / divisors[c];
}
