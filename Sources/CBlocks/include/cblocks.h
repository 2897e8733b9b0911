// Decoding and encoding of the tensor formats of GGUF: plain floats, and blocks of quantised numbers.
//
// A block holds a fixed count of neighbouring numbers of a row in a fixed count of bytes, little
// endian (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; block layouts: the structures
// block_* of ggml-common.h). Format numbers are those of ggml_type.
//
// No function allocates or keeps state. Results have the same bits on every processor: each
// operation rounds once, products and sums are never fused, and subnormal halves are decoded without
// subnormal floats, so that flushing them to zero changes nothing.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum {
    cb_f32 = 0,
    cb_f16 = 1,
    cb_q4_0 = 2,
    cb_q4_1 = 3,
    cb_q5_0 = 6,
    cb_q5_1 = 7,
    cb_q8_0 = 8,
    cb_q4_k = 12,
    cb_q5_k = 13,
    cb_q6_k = 14,
    cb_bf16 = 30
};

// Numbers in a block: 1 for plain floats, 32, or 256 for the k formats; 0: unknown format.
size_t cb_block_elements(int format);

// Bytes of a block; 0: unknown format.
size_t cb_block_bytes(int format);

// Writes `elements` floats, a multiple of the block, to `out`. `blocks` need not be aligned.
// An unknown format writes nothing.
void cb_decode(int format, const uint8_t *blocks, float *out, size_t elements);

// Encodes `elements` floats, a multiple of the block, as f32, f16, bf16, q8_0 or q4_0, with the
// rounding of ggml's reference quantisers (q4_0: of its Python form, which rounds in doubles).
// False, and `blocks` partly written: another format, a number that is not finite in a quantised
// block, or a finite number too large for the format's half or bfloat.
bool cb_encode(int format, const float *x, uint8_t *blocks, size_t elements);

#if defined(__cplusplus)
}
#endif
