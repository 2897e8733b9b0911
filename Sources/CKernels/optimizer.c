#include "ckernels.h"
#include "internal.h"

#include <math.h>

typedef double doubles __attribute__((ext_vector_type(8)));

KERNEL double ck_sum_of_squares(const float *x, size_t count) {
    doubles sum = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (int l = 0; l < 8; l++) sum[l] += (double)x[i + l] * (double)x[i + l];
    double tail = 0;
    for (; i < count; i++) tail += (double)x[i] * (double)x[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7])) + tail;
}

KERNEL void ck_adamw(
    float *restrict w, const float *restrict g, float *restrict m, float *restrict v, size_t count,
    float scale, float rate, float decay, float beta1, float beta2, float epsilon,
    float correction1, float correction2) {
    float keep = 1.0f - rate * decay, step = rate / correction1, root = sqrtf(correction2);
    for (size_t i = 0; i < count; i++) {
        float gradient = g[i] * scale;
        m[i] = beta1 * m[i] + (1.0f - beta1) * gradient;
        v[i] = beta2 * v[i] + (1.0f - beta2) * (gradient * gradient);
        w[i] = w[i] * keep - step * m[i] / (sqrtf(v[i]) / root + epsilon);
    }
}
