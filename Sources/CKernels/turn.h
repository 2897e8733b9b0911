// Blocks of eight by eight floats, transposed in registers.
#pragma once

#include "internal.h"

typedef float eight __attribute__((ext_vector_type(8), aligned(4), may_alias));

#define PICK __builtin_shufflevector

// y[c * y_row + r] = x[r * x_row + c] for r < rows, c < 8. rows is 8 or 4, and a constant.
INLINE void turn(float *y, size_t y_row, const float *x, size_t x_row, const int rows) {
    eight a[8], b[8];
    for (int i = 0; i < 8; i++)
        if (i < rows)
            a[i] = *(const eight *)(x + (size_t)i * x_row);
        else
            a[i] = 0;
    for (int i = 0; i < 8; i += 2) {
        b[i] = PICK(a[i], a[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        b[i + 1] = PICK(a[i], a[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i += 4) {
        a[i] = PICK(b[i], b[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        a[i + 1] = PICK(b[i], b[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        a[i + 2] = PICK(b[i + 1], b[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        a[i + 3] = PICK(b[i + 1], b[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; i++) {
        eight low = PICK(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        eight high = PICK(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
        memcpy(y + (size_t)i * y_row, &low, (size_t)rows * sizeof(float));
        memcpy(y + (size_t)(i + 4) * y_row, &high, (size_t)rows * sizeof(float));
    }
}

#undef PICK
