// Inline conversions between half and single, branch-free so that loops over them vectorise.
#pragma once

#include "cblocks.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they lie");

// A product and a sum stay two roundings: the bits do not depend on the instruction set.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
// One body, three instruction sets, chosen when the library is loaded.
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

INLINE float float_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

INLINE uint32_t bits_from_float(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return bits;
}

INLINE uint16_t read16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }

INLINE uint32_t read32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

INLINE void write16(uint8_t *p, uint16_t x) {
    p[0] = (uint8_t)x;
    p[1] = (uint8_t)(x >> 8);
}

// IEEE 754 binary16 to binary32, exact. The exponent's bias differs by 112; a subnormal is put
// behind the leading one of 2^-14, which is then taken away again.
INLINE float float_from_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = (uint32_t)(half & 0x7fff) << 13;
    uint32_t normal = magnitude + (112u << 23);
    uint32_t special = magnitude + (224u << 23); // infinity, not a number
    uint32_t subnormal = bits_from_float(
        float_from_bits((113u << 23) + magnitude) - float_from_bits(113u << 23));
    uint32_t bits = magnitude >= (31u << 23) ? special : normal;
    bits = magnitude < (1u << 23) ? subnormal : bits;
    return float_from_bits(sign | bits);
}

// binary32 to binary16, to nearest, ties to even. Adding 1/2 to a number below 2^-14 leaves its
// rounded count of 2^-24 in the low bits.
INLINE uint16_t half_from_float(float x) {
    uint32_t bits = bits_from_float(x), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    uint32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
    uint32_t subnormal = bits_from_float(float_from_bits(magnitude) + 0.5f) - (126u << 23);
    uint32_t half = magnitude < (113u << 23) ? subnormal : normal;
    half = magnitude >= 0x477ff000u ? 0x7c00u : half; // 65520 and more
    half = magnitude > 0x7f800000u ? 0x7e00u : half;
    return (uint16_t)(sign | half);
}

// binary32 to its upper half, to nearest, ties to even.
INLINE uint16_t bfloat_from_float(float x) {
    uint32_t bits = bits_from_float(x);
    uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    return (uint16_t)((bits & 0x7fffffff) > 0x7f800000u ? (bits >> 16 | 0x40) : rounded);
}

// Sixteen numbers of a block, unaligned.
typedef uint8_t bytes16 __attribute__((ext_vector_type(16), aligned(1), may_alias));
typedef int8_t signed16 __attribute__((ext_vector_type(16), aligned(1), may_alias));
typedef float floats16 __attribute__((ext_vector_type(16), aligned(4), may_alias));

// x = scale q + offset
INLINE void store16(float *x, bytes16 q, float scale, float offset) {
    *(floats16 *)x = scale * __builtin_convertvector(q, floats16) + offset;
}

// x = scale q, q as signed bytes
INLINE void store_signed16(float *x, bytes16 q, float scale) {
    *(floats16 *)x = scale * __builtin_convertvector((signed16)q, floats16);
}

void cb_decode_float(int format, const uint8_t *blocks, float *out, size_t elements);
void cb_decode_32(int format, const uint8_t *blocks, float *out, size_t elements);
void cb_decode_k(int format, const uint8_t *blocks, float *out, size_t elements);
