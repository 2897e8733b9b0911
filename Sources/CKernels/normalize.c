#include "ckernels.h"
#include "internal.h"

#include <math.h>

INLINE float row_sum(const float *x, size_t count) {
    lanes sum = 0;
    size_t i = 0;
    for (; i + 16 <= count; i += 16) sum += *(const lanes *)(x + i);
    float tail = 0;
    for (; i < count; i++) tail += x[i];
    return lanes_sum(&sum) + tail;
}

INLINE float row_squares(const float *x, float mean, size_t count) {
    lanes sum = 0;
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        lanes d = *(const lanes *)(x + i) - mean;
        sum += d * d;
    }
    float tail = 0;
    for (; i < count; i++) tail += (x[i] - mean) * (x[i] - mean);
    return lanes_sum(&sum) + tail;
}

KERNEL void ck_norm_forward(
    float *y, float *xhat, float *rstd, const float *x, const float *bias, const float *residual,
    const float *gamma, const float *beta, size_t rows, size_t columns, float epsilon,
    const uint32_t *keys, uint32_t site, float p) {
    int32_t threshold = drop_threshold(p);
    float factor = 1.0f / (1.0f - p);
    for (size_t r = 0; r < rows; r++) {
        const float *xr = x + r * columns;
        const float *rr = residual ? residual + r * columns : NULL;
        float *yr = y + r * columns;
        // s is built in the row of y, which is overwritten last.
        if (bias && keys && rr) {
            uint32_t key = row_key(keys[r], site);
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++)
                yr[c] = rr[c]
                    + (xr[c] + bias[c]) * keep_factor(key, (uint32_t)c, threshold, factor);
        } else if (bias && rr) {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++) yr[c] = rr[c] + (xr[c] + bias[c]);
        } else {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++)
                yr[c] = xr[c] + (bias ? bias[c] : 0.0f) + (rr ? rr[c] : 0.0f);
        }
        float mean = row_sum(yr, columns) / (float)columns;
        float scale = 1.0f / sqrtf(row_squares(yr, mean, columns) / (float)columns + epsilon);
        if (rstd) rstd[r] = scale;
        if (xhat) {
            float *hr = xhat + r * columns;
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++) {
                float h = (yr[c] - mean) * scale;
                hr[c] = h;
                yr[c] = h * gamma[c] + beta[c];
            }
        } else {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++)
                yr[c] = (yr[c] - mean) * scale * gamma[c] + beta[c];
        }
    }
}

// With g = dy * gamma: ds = rstd * (g - mean(g) - xhat * mean(g * xhat)).
KERNEL void ck_norm_backward(
    float *ds, const float *dy, const float *xhat, const float *rstd, const float *gamma,
    size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *dr = dy + r * columns, *hr = xhat + r * columns;
        float *or = ds + r * columns;
        lanes sums = 0, products = 0;
        size_t i = 0;
        for (; i + 16 <= columns; i += 16) {
            lanes g = *(const lanes *)(dr + i) * *(const lanes *)(gamma + i);
            sums += g;
            products += g * *(const lanes *)(hr + i);
        }
        float sum = 0, product = 0;
        for (; i < columns; i++) {
            float g = dr[i] * gamma[i];
            sum += g;
            product += g * hr[i];
        }
        float mean = (lanes_sum(&sums) + sum) / (float)columns;
        float slope = (lanes_sum(&products) + product) / (float)columns;
        float scale = rstd[r];
#pragma clang loop vectorize(assume_safety)
        for (size_t c = 0; c < columns; c++)
            or[c] = scale * (dr[c] * gamma[c] - mean - hr[c] * slope);
    }
}

KERNEL void ck_norm_parameters(
    float *restrict dgamma, float *restrict dbeta, const float *restrict dy,
    const float *restrict xhat, size_t stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            float d = dy[r * stride + c];
            dgamma[c] += d * xhat[r * stride + c];
            dbeta[c] += d;
        }
}
