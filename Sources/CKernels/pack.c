#include "ckernels.h"
#include "gemm.h"
#include "internal.h"
#include "turn.h"

// Lines that are neighbours in memory: whole runs are copied, of a few panels in one pass.
INLINE size_t copy_panels(
    float *out, const float *x, size_t step, size_t lines, size_t k, const size_t width) {
    size_t i = 0;
    while (i + width <= lines) {
        size_t count = (lines - i) / width;
        if (count > 4) count = 4;
        for (size_t l = 0; l < k; l++)
            for (size_t p = 0; p < count; p++)
                memcpy(
                    out + i * k + (p * k + l) * width, x + i + p * width + l * step,
                    width * sizeof(float));
        i += count * width;
    }
    return i;
}

// Lines that lie along the memory: blocks of eight by eight are turned.
INLINE size_t turn_panels(
    float *out, const float *x, size_t line, size_t lines, size_t k, const size_t width) {
    size_t i = 0;
    for (; i + width <= lines; i += width) {
        float *to = out + i * k;
        const float *from = x + i * line;
        size_t l = 0;
        for (; l + 8 <= k; l += 8) {
            size_t q = 0;
            for (; q + 8 <= width; q += 8)
                turn(to + l * width + q, width, from + q * line + l, line, 8);
            if (q < width) turn(to + l * width + q, width, from + q * line + l, line, 4);
        }
        for (; l < k; l++)
            for (size_t q = 0; q < width; q++) to[l * width + q] = from[q * line + l];
    }
    return i;
}

INLINE void pack(
    float *out, const float *x, size_t line, size_t step, size_t lines, size_t k,
    const size_t width) {
    size_t i = 0;
    if (line == 1)
        i = copy_panels(out, x, step, lines, k, width);
    else if (step == 1)
        i = turn_panels(out, x, line, lines, k, width);
    for (; i < lines; i += width)
        for (size_t l = 0; l < k; l++)
            for (size_t q = 0; q < width; q++)
                out[i * k + l * width + q] = i + q < lines ? x[(i + q) * line + l * step] : 0;
}

KERNEL void ck_gemm_pack(
    float *restrict out, const float *restrict x, size_t line, size_t step, size_t lines, size_t k,
    size_t width) {
    if (width == ck_gemm_rows)
        pack(out, x, line, step, lines, k, ck_gemm_rows);
    else
        pack(out, x, line, step, lines, k, ck_gemm_columns);
}

KERNEL void ck_transpose(
    float *restrict y, size_t y_row, const float *restrict x, size_t x_row, size_t rows,
    size_t columns) {
    size_t r = 0;
    for (; r + 8 <= rows; r += 8) {
        size_t c = 0;
        for (; c + 8 <= columns; c += 8)
            turn(y + c * y_row + r, y_row, x + r * x_row + c, x_row, 8);
        for (; c < columns; c++)
            for (size_t q = 0; q < 8; q++) y[c * y_row + r + q] = x[(r + q) * x_row + c];
    }
    for (size_t c = 0; c < columns; c++)
        for (size_t q = r; q < y_row; q++)
            y[c * y_row + q] = q < rows ? x[q * x_row + c] : 0;
}
