#include "ckernels.h"
#include "internal.h"

KERNEL void ck_add_bias(
    float *restrict x, size_t stride, const float *restrict bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) x[r * stride + c] += bias[c];
}

KERNEL void ck_add(float *restrict x, const float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] += y[i];
}

KERNEL void ck_multiply(float *restrict x, const float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] *= y[i];
}

// GELU(x) = x Phi(x); GELU'(x) = Phi(x) + x phi(x) (Hendrycks and Gimpel 2016, the exact form).
KERNEL void ck_bias_gelu(
    float *act, float *slope, const float *x, const float *bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *xr = x + r * columns;
        float *ar = act + r * columns;
        if (slope) {
            float *sr = slope + r * columns;
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++) {
                float value = xr[c] + bias[c], cumulative, density;
                normal(value, &cumulative, &density);
                ar[c] = value * cumulative;
                sr[c] = cumulative + value * density;
            }
        } else {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++) {
                float value = xr[c] + bias[c], cumulative, density;
                normal(value, &cumulative, &density);
                ar[c] = value * cumulative;
            }
        }
    }
}

KERNEL void ck_bias_tanh(
    float *restrict x, const float *restrict bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            x[r * columns + c] = hyperbolic_tangent(x[r * columns + c] + bias[c]);
}

KERNEL void ck_tanh_backward(float *dx, const float *dy, const float *y, size_t count) {
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < count; i++) dx[i] = dy[i] * (1.0f - y[i] * y[i]);
}

KERNEL void ck_dropout(
    float *y, const float *x, size_t rows, size_t columns, const uint32_t *keys, uint32_t site,
    float p) {
    int32_t threshold = drop_threshold(p);
    float factor = 1.0f / (1.0f - p);
    for (size_t r = 0; r < rows; r++) {
        uint32_t key = row_key(keys[r], site);
        const float *xr = x + r * columns;
        float *yr = y + r * columns;
#pragma clang loop vectorize(assume_safety)
        for (size_t c = 0; c < columns; c++)
            yr[c] = xr[c] * keep_factor(key, (uint32_t)c, threshold, factor);
    }
}

void ck_gather_rows(
    float *y, const float *x, size_t stride, const int32_t *indexes, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        memcpy(y + r * columns, x + (size_t)indexes[r] * stride, columns * sizeof *y);
}

KERNEL void ck_sum_rows(
    float *restrict y, const float *a, const int32_t *ia, const float *b, const int32_t *ib,
    const float *c, const int32_t *ic, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *ar = a + (size_t)ia[r] * columns, *br = b + (size_t)ib[r] * columns,
                    *cr = c + (size_t)ic[r] * columns;
        float *yr = y + r * columns;
        for (size_t i = 0; i < columns; i++) yr[i] = ar[i] + br[i] + cr[i];
    }
}

KERNEL void ck_scatter_add_rows(
    float *restrict x, size_t stride, const float *restrict y, const int32_t *restrict indexes,
    size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        float *to = x + (size_t)indexes[r] * stride;
        for (size_t c = 0; c < columns; c++) to[c] += y[r * columns + c];
    }
}

// Rows are added in order, so a column's sum does not depend on how columns are shared out.
KERNEL void ck_column_sums(
    float *restrict out, const float *restrict x, size_t stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) out[c] += x[r * stride + c];
}
