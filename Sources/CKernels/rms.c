#include "ckernels.h"
#include "internal.h"

#include <math.h>

INLINE float dot(const float *x, const float *y, size_t count) {
    lanes sum = 0;
    size_t i = 0;
    for (; i + 16 <= count; i += 16) sum += *(const lanes *)(x + i) * *(const lanes *)(y + i);
    float tail = 0;
    for (; i < count; i++) tail += x[i] * y[i];
    return lanes_sum(&sum) + tail;
}

KERNEL void ck_rms_forward(
    float *y, float *inverse_root, const float *x, const float *gamma, size_t rows, size_t columns,
    float epsilon) {
    for (size_t r = 0; r < rows; r++) {
        const float *xr = x + r * columns;
        float *yr = y + r * columns;
        float scale = 1.0f / sqrtf(dot(xr, xr, columns) / (float)columns + epsilon);
        if (inverse_root) inverse_root[r] = scale;
#pragma clang loop vectorize(assume_safety)
        for (size_t c = 0; c < columns; c++) yr[c] = xr[c] * scale * gamma[c];
    }
}

// With g = dy * gamma and s the inverse root: dx = s g - x s^3 mean(g x).
KERNEL void ck_rms_backward(
    float *dx, const float *dy, const float *x, const float *inverse_root, const float *gamma,
    size_t rows, size_t columns, bool adding) {
    for (size_t r = 0; r < rows; r++) {
        const float *dr = dy + r * columns, *xr = x + r * columns;
        float *or = dx + r * columns;
        lanes sums = 0;
        size_t i = 0;
        for (; i + 16 <= columns; i += 16)
            sums += *(const lanes *)(dr + i) * *(const lanes *)(gamma + i)
                * *(const lanes *)(xr + i);
        float sum = 0;
        for (; i < columns; i++) sum += dr[i] * gamma[i] * xr[i];
        float scale = inverse_root[r];
        float slope = scale * scale * scale * ((lanes_sum(&sums) + sum) / (float)columns);
        if (adding) {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++)
                or[c] += scale * (dr[c] * gamma[c]) - xr[c] * slope;
        } else {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++)
                or[c] = scale * (dr[c] * gamma[c]) - xr[c] * slope;
        }
    }
}

KERNEL void ck_rms_parameters(
    float *restrict dgamma, const float *restrict dy, const float *restrict x,
    const float *restrict inverse_root, size_t stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        float scale = inverse_root[r];
        for (size_t c = 0; c < columns; c++)
            dgamma[c] += dy[r * stride + c] * (x[r * stride + c] * scale);
    }
}
