#include "internal.h"

size_t cb_block_elements(int format) {
    switch (format) {
    case cb_f32: case cb_f16: case cb_bf16: return 1;
    case cb_q4_0: case cb_q4_1: case cb_q5_0: case cb_q5_1: case cb_q8_0: return 32;
    case cb_q4_k: case cb_q5_k: case cb_q6_k: return 256;
    default: return 0;
    }
}

size_t cb_block_bytes(int format) {
    switch (format) {
    case cb_f32: return 4;
    case cb_f16: case cb_bf16: return 2;
    case cb_q4_0: return 2 + 16;
    case cb_q4_1: return 4 + 16;
    case cb_q5_0: return 2 + 4 + 16;
    case cb_q5_1: return 4 + 4 + 16;
    case cb_q8_0: return 2 + 32;
    case cb_q4_k: return 4 + 12 + 128;
    case cb_q5_k: return 4 + 12 + 32 + 128;
    case cb_q6_k: return 128 + 64 + 16 + 2;
    default: return 0;
    }
}

void cb_decode(int format, const uint8_t *blocks, float *out, size_t elements) {
    switch (cb_block_elements(format)) {
    case 1: cb_decode_float(format, blocks, out, elements); return;
    case 32: cb_decode_32(format, blocks, out, elements); return;
    case 256: cb_decode_k(format, blocks, out, elements); return;
    }
}
