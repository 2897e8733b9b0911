#include "ckernels.h"
#include "internal.h"

// The two halves of a head are the coordinates of `half` points; each is turned by its own angle.
KERNEL void ck_rotate(
    float *x, size_t stride, size_t rows, size_t heads, size_t half, const int32_t *positions,
    const float *cosines, const float *sines, bool inverse) {
    float direction = inverse ? -1.0f : 1.0f;
    for (size_t r = 0; r < rows; r++) {
        const float *restrict cosine = cosines + (size_t)positions[r] * half;
        const float *restrict sine = sines + (size_t)positions[r] * half;
        for (size_t h = 0; h < heads; h++) {
            float *restrict a = x + r * stride + h * 2 * half, *restrict b = a + half;
            for (size_t i = 0; i < half; i++) {
                float s = direction * sine[i], u = a[i], v = b[i];
                a[i] = u * cosine[i] - v * s;
                b[i] = v * cosine[i] + u * s;
            }
        }
    }
}
