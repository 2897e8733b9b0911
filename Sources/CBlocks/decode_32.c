// Blocks of 32 numbers. The four-bit ones hold numbers 0 ... 15 in the low halves of 16 bytes and
// numbers 16 ... 31 in the high halves; fifth bits stand apart, bit i for number i.
#include "internal.h"

// Sixteen of the 32 fifth bits, each as 16 or 0.
INLINE void fifth_bits(bytes16 *out, const uint8_t *bits) {
    const bytes16 place = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    bytes16 both;
    for (int i = 0; i < 16; i++) both[i] = bits[i / 8];
    *out = (bytes16)((both & place) != 0) & 16;
}

// x = d (q - 8)
KERNEL static void q4_0(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 18, x += 32) {
        float d = float_from_half(read16(b));
        bytes16 q = *(const bytes16 *)(b + 2);
        store_signed16(x, (q & 15) - 8, d);
        store_signed16(x + 16, (q >> 4) - 8, d);
    }
}

// x = d q + m
KERNEL static void q4_1(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 20, x += 32) {
        float d = float_from_half(read16(b)), m = float_from_half(read16(b + 2));
        bytes16 q = *(const bytes16 *)(b + 4);
        store16(x, q & 15, d, m);
        store16(x + 16, q >> 4, d, m);
    }
}

// x = d (q - 16)
KERNEL static void q5_0(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 22, x += 32) {
        float d = float_from_half(read16(b));
        bytes16 q = *(const bytes16 *)(b + 6), low, high;
        fifth_bits(&low, b + 2);
        fifth_bits(&high, b + 4);
        store_signed16(x, ((q & 15) | low) - 16, d);
        store_signed16(x + 16, ((q >> 4) | high) - 16, d);
    }
}

// x = d q + m
KERNEL static void q5_1(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 24, x += 32) {
        float d = float_from_half(read16(b)), m = float_from_half(read16(b + 2));
        bytes16 q = *(const bytes16 *)(b + 8), low, high;
        fifth_bits(&low, b + 4);
        fifth_bits(&high, b + 6);
        store16(x, (q & 15) | low, d, m);
        store16(x + 16, (q >> 4) | high, d, m);
    }
}

// x = d q, q a signed byte
KERNEL static void q8_0(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 34, x += 32) {
        float d = float_from_half(read16(b));
        store_signed16(x, *(const bytes16 *)(b + 2), d);
        store_signed16(x + 16, *(const bytes16 *)(b + 18), d);
    }
}

void cb_decode_32(int format, const uint8_t *blocks, float *out, size_t elements) {
    size_t count = elements / 32;
    switch (format) {
    case cb_q4_0: q4_0(blocks, out, count); return;
    case cb_q4_1: q4_1(blocks, out, count); return;
    case cb_q5_0: q5_0(blocks, out, count); return;
    case cb_q5_1: q5_1(blocks, out, count); return;
    case cb_q8_0: q8_0(blocks, out, count); return;
    }
}
