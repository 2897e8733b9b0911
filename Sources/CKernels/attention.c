#include "ckernels.h"
#include "internal.h"

#include <math.h>

INLINE float row_maximum(const float *x, size_t count) {
    lanes best = x[0];
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        lanes v = *(const lanes *)(x + i);
        best = v > best ? v : best;
    }
    float maximum = best[0];
    for (int l = 1; l < 16; l++) maximum = best[l] > maximum ? best[l] : maximum;
    for (; i < count; i++) maximum = x[i] > maximum ? x[i] : maximum;
    return maximum;
}

INLINE float row_total(const float *x, size_t count) {
    lanes sum = 0;
    size_t i = 0;
    for (; i + 16 <= count; i += 16) sum += *(const lanes *)(x + i);
    float tail = 0;
    for (; i < count; i++) tail += x[i];
    return lanes_sum(&sum) + tail;
}

KERNEL void ck_softmax_forward(
    float *scores, size_t stride, float *lse, size_t rows, size_t width, size_t visible,
    const uint32_t *keys, uint32_t site, float p) {
    int32_t threshold = drop_threshold(p);
    float factor = 1.0f / (1.0f - p);
    for (size_t r = 0; r < rows; r++) {
        float *s = scores + r * stride;
        size_t columns = visible + r < width ? visible + r : width;
        for (size_t c = columns; c < width; c++) s[c] = 0;
        float maximum = row_maximum(s, columns);
        for (size_t c = 0; c < columns; c++) s[c] = exponential(s[c] - maximum);
        float total = row_total(s, columns), inverse = 1.0f / total;
        if (lse) lse[r] = maximum + logf(total);
        if (keys) {
            uint32_t key = row_key(keys[r], site);
            for (size_t c = 0; c < columns; c++)
                s[c] *= inverse * keep_factor(key, (uint32_t)c, threshold, factor);
        } else {
            for (size_t c = 0; c < columns; c++) s[c] *= inverse;
        }
    }
}

// With P = exp(s - lse), M the mask and dA the gradient of M P: dP = M dA and
// ds = P (dP - sum(P dP)) for each row.
KERNEL void ck_softmax_backward(
    float *scores, float *dprobs, size_t stride, const float *lse, size_t rows, size_t width,
    size_t visible, float scale, const uint32_t *keys, uint32_t site, float p) {
    int32_t threshold = drop_threshold(p);
    float factor = 1.0f / (1.0f - p);
    for (size_t r = 0; r < rows; r++) {
        float *restrict s = scores + r * stride, *restrict d = dprobs + r * stride;
        size_t columns = visible + r < width ? visible + r : width;
        for (size_t c = columns; c < width; c++) s[c] = d[c] = 0;
        float shift = lse[r];
        for (size_t c = 0; c < columns; c++) s[c] = exponential(s[c] - shift);
        uint32_t key = keys ? row_key(keys[r], site) : 0;
        if (keys)
            for (size_t c = 0; c < columns; c++)
                d[c] *= keep_factor(key, (uint32_t)c, threshold, factor);
        lanes sum = 0;
        size_t i = 0;
        for (; i + 16 <= columns; i += 16)
            sum += *(const lanes *)(s + i) * *(const lanes *)(d + i);
        float tail = 0;
        for (; i < columns; i++) tail += s[i] * d[i];
        float mean = lanes_sum(&sum) + tail;
        if (keys)
            for (size_t c = 0; c < columns; c++) {
                float probability = s[c];
                s[c] = probability * (d[c] - mean) * scale;
                d[c] = probability * keep_factor(key, (uint32_t)c, threshold, factor);
            }
        else
            for (size_t c = 0; c < columns; c++) {
                float probability = s[c];
                s[c] = probability * (d[c] - mean) * scale;
                d[c] = probability;
            }
    }
}
