// The k formats: blocks of 256 numbers, in sub-blocks with small scales of their own that a half
// scales again.
#include "internal.h"

// Eight six-bit scales and eight six-bit minima in twelve bytes: the first four of each lie in the
// low six bits of bytes 0 ... 7; of the last four, the low four bits lie in bytes 8 ... 11 and the
// high two in the top bits of bytes 0 ... 7.
INLINE void unpack_scales(const uint8_t *packed, float d, float least, float *scale, float *min) {
    for (int j = 0; j < 4; j++) {
        scale[j] = d * (float)(packed[j] & 63);
        min[j] = least * (float)(packed[j + 4] & 63);
        scale[j + 4] = d * (float)((packed[j + 8] & 15) | (packed[j] >> 6) << 4);
        min[j + 4] = least * (float)((packed[j + 8] >> 4) | (packed[j + 4] >> 6) << 4);
    }
}

// Eight sub-blocks of 32, x = d s q - dmin m; pairs of them share 32 bytes.
KERNEL static void q4_k(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 144) {
        float scale[8], min[8];
        unpack_scales(b + 4, float_from_half(read16(b)), float_from_half(read16(b + 2)), scale, min);
        const uint8_t *q = b + 16;
        for (int j = 0; j < 8; j += 2, q += 32, x += 64) {
            float s0 = scale[j], m0 = min[j], s1 = scale[j + 1], m1 = min[j + 1];
            for (int l = 0; l < 32; l += 16) {
                bytes16 both = *(const bytes16 *)(q + l);
                store16(x + l, both & 15, s0, -m0);
                store16(x + 32 + l, both >> 4, s1, -m1);
            }
        }
    }
}

// As q4_k; bit j of byte l of the 32 bytes before the rest is the fifth bit of number l of
// sub-block j.
KERNEL static void q5_k(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 176) {
        float scale[8], min[8];
        unpack_scales(b + 4, float_from_half(read16(b)), float_from_half(read16(b + 2)), scale, min);
        const uint8_t *fifth = b + 16, *q = b + 48;
        for (int j = 0; j < 8; j += 2, q += 32, x += 64) {
            float s0 = scale[j], m0 = min[j], s1 = scale[j + 1], m1 = min[j + 1];
            for (int l = 0; l < 32; l += 16) {
                bytes16 both = *(const bytes16 *)(q + l), bits = *(const bytes16 *)(fifth + l);
                bytes16 first = bits >> (uint8_t)j & 1, second = bits >> (uint8_t)(j + 1) & 1;
                store16(x + l, (both & 15) | first << 4, s0, -m0);
                store16(x + 32 + l, both >> 4 | second << 4, s1, -m1);
            }
        }
    }
}

// Sixteen sub-blocks of 16, x = d s (q - 32), s a signed byte. Each half of 128 numbers has its low
// four bits in 64 bytes (numbers 0 ... 63 low, 64 ... 127 high) and its high two bits in 32 bytes
// (numbers l, 32 + l, 64 + l and 96 + l in the pairs of byte l).
KERNEL static void q6_k(const uint8_t *restrict b, float *restrict x, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, b += 210) {
        float d = float_from_half(read16(b + 208)), scale[16];
        for (int j = 0; j < 16; j++) scale[j] = d * (float)(int8_t)b[192 + j];
        for (int half = 0; half < 2; half++) {
            const uint8_t *low = b + 64 * half, *high = b + 128 + 32 * half;
            const float *s = scale + 8 * half;
            for (int k = 0; k < 2; k++, x += 16, low += 16, high += 16, s++) {
                bytes16 l0 = *(const bytes16 *)low, l1 = *(const bytes16 *)(low + 32);
                bytes16 h = *(const bytes16 *)high;
                store_signed16(x, ((l0 & 15) | (h & 3) << 4) - 32, s[0]);
                store_signed16(x + 32, ((l1 & 15) | (h >> 2 & 3) << 4) - 32, s[2]);
                store_signed16(x + 64, (l0 >> 4 | (h >> 4 & 3) << 4) - 32, s[4]);
                store_signed16(x + 96, (l1 >> 4 | h >> 6 << 4) - 32, s[6]);
            }
            x += 96;
        }
    }
}

void cb_decode_k(int format, const uint8_t *blocks, float *out, size_t elements) {
    size_t count = elements / 256;
    switch (format) {
    case cb_q4_k: q4_k(blocks, out, count); return;
    case cb_q5_k: q5_k(blocks, out, count); return;
    case cb_q6_k: q6_k(blocks, out, count); return;
    }
}
