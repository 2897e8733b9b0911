#include "internal.h"

KERNEL static void f16(const uint8_t *restrict from, float *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, from + 2 * i, 2);
        out[i] = float_from_half(half);
    }
}

KERNEL static void bf16(const uint8_t *restrict from, float *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint16_t upper;
        memcpy(&upper, from + 2 * i, 2);
        out[i] = float_from_bits((uint32_t)upper << 16);
    }
}

void cb_decode_float(int format, const uint8_t *blocks, float *out, size_t elements) {
    switch (format) {
    case cb_f16: f16(blocks, out, elements); return;
    case cb_bf16: bf16(blocks, out, elements); return;
    default: memcpy(out, blocks, elements * sizeof *out); return;
    }
}
