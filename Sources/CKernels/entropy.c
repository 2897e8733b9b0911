#include "ckernels.h"
#include "internal.h"

#include <math.h>

INLINE float maximum(const float *x, size_t count) {
    lanes best = x[0], other = x[0];
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        lanes v = *(const lanes *)(x + i), w = *(const lanes *)(x + i + 16);
        best = v > best ? v : best;
        other = w > other ? w : other;
    }
    best = other > best ? other : best;
    float result = best[0];
    for (int l = 1; l < 16; l++) result = best[l] > result ? best[l] : result;
    for (; i < count; i++) result = x[i] > result ? x[i] : result;
    return result;
}

INLINE float total(const float *x, size_t count) {
    lanes sum = 0, other = 0;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        sum += *(const lanes *)(x + i);
        other += *(const lanes *)(x + i + 16);
    }
    sum += other;
    float tail = 0;
    for (; i < count; i++) tail += x[i];
    return lanes_sum(&sum) + tail;
}

enum { chunk = 512 };

// The sum of exp(x - shift), a chunk at a time; the powers replace x where they are wanted. *plain
// is the sum of x - shift, if label smoothing needs it.
INLINE double powers(float *x, size_t count, float shift, bool keeps, bool needs, double *plain) {
    double sum = 0, values = 0;
    for (size_t start = 0; start < count; start += chunk) {
        float room[chunk], *from = x + start, *to = keeps ? from : room;
        size_t length = count - start < chunk ? count - start : chunk;
        if (needs) values += (double)total(from, length) - (double)shift * (double)length;
#pragma clang loop vectorize(assume_safety)
        for (size_t i = 0; i < length; i++) to[i] = exponential(from[i] - shift);
        sum += (double)total(to, length);
    }
    *plain = values;
    return sum;
}

KERNEL void ck_cross_entropy(
    float *logits, size_t stride, size_t rows, size_t columns, const int32_t *targets,
    const float *scales, float smoothing, float *losses, int32_t *best, bool gradient) {
    float off = smoothing / (float)columns;
    for (size_t r = 0; r < rows; r++) {
        float *x = logits + r * stride;
        float shift = 0;
        if (best || targets[r] >= 0) shift = maximum(x, columns);
        if (best) {
            size_t index = 0;
            while (index + 1 < columns && !(x[index] == shift)) index++;
            best[r] = (int32_t)index;
        }
        if (targets[r] < 0) {
            losses[r] = 0;
            if (gradient) memset(x, 0, columns * sizeof *x);
            continue;
        }
        double plain;
        float target = x[targets[r]] - shift;
        double sum = powers(x, columns, shift, gradient, smoothing > 0, &plain);
        double logarithm = log(sum);
        losses[r] = (float)((1.0 - (double)smoothing) * (logarithm - (double)target)
            + (double)smoothing * (logarithm - plain / (double)columns));
        if (!gradient) continue;
        float scale = scales[r], factor = (float)(scale / sum), less = scale * off;
        for (size_t c = 0; c < columns; c++) x[c] = x[c] * factor - less;
        x[targets[r]] -= scale * (1.0f - smoothing);
    }
}
