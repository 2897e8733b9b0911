// Whole rows and columns: norms, scales, sums of products. Conventions as in ckernels.h.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

// y[r, :] = a[ia[r], :] + b[ib[r], :]
void ck_sum_two_rows(
    float *y, const float *a, const int32_t *ia, const float *b, const int32_t *ib, size_t rows,
    size_t columns);

// x[r, c] += y[r, c]
void ck_add_rows(
    float *x, size_t x_stride, const float *y, size_t y_stride, size_t rows, size_t columns);

// y[i] += factor * x[i]
void ck_add_scaled(float *y, const float *x, float factor, size_t count);

// norms[r] = sqrt(sum over c of x[r, c]^2), summed in double precision
void ck_row_norms(float *norms, const float *x, size_t stride, size_t rows, size_t columns);

// x[r, c] *= factors[r]
void ck_scale_rows(
    float *x, size_t stride, const float *factors, size_t rows, size_t columns);

// y[r, c] = x[r, c] * factors[c]; y may be x.
void ck_scale_columns(
    float *y, size_t y_stride, const float *x, size_t x_stride, const float *factors, size_t rows,
    size_t columns);

// sums[c] += (sum over r of x[r, c] * y[r, c]) / divisors[c]; the rows are added in order.
void ck_column_products(
    float *sums, const float *divisors, const float *x, size_t x_stride, const float *y,
    size_t y_stride, size_t rows, size_t columns);

#if defined(__cplusplus)
}
#endif
