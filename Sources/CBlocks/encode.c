#include "internal.h"

INLINE float absolute(float x) { return x < 0 ? -x : x; }

// Halves away from zero; exact for |x| < 2^22.
INLINE int rounded(float x) {
    int whole = (int)x;
    float rest = x - (float)whole;
    return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

// Whether the half is an infinity or not a number.
INLINE uint32_t is_special(uint16_t half) { return (half & 0x7c00) == 0x7c00; }

INLINE uint32_t is_finite(float x) { return (bits_from_float(x) & 0x7f800000u) != 0x7f800000u; }

KERNEL static bool f16(const float *restrict x, uint8_t *restrict out, size_t count) {
    uint32_t lost = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t half = half_from_float(x[i]);
        lost |= is_special(half) & is_finite(x[i]);
        memcpy(out + 2 * i, &half, 2);
    }
    return !lost;
}

KERNEL static bool bf16(const float *restrict x, uint8_t *restrict out, size_t count) {
    uint32_t lost = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t upper = bfloat_from_float(x[i]);
        lost |= ((upper & 0x7f80) == 0x7f80) & is_finite(x[i]);
        memcpy(out + 2 * i, &upper, 2);
    }
    return !lost;
}

// d = largest magnitude / 127, q = round(x / d)
KERNEL static bool q8_0(const float *restrict x, uint8_t *restrict b, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, x += 32, b += 34) {
        float most = 0;
        uint32_t finite = 1;
        for (int j = 0; j < 32; j++) {
            float a = absolute(x[j]);
            most = a > most ? a : most;
            finite &= is_finite(x[j]);
        }
        float d = most / 127.0f, inverse = d > 0 ? 1.0f / d : 0.0f;
        uint16_t half = half_from_float(d);
        if (!finite || is_special(half)) return false;
        if (!is_finite(inverse)) inverse = 0; // d is subnormal: nothing is left of it as a half
        write16(b, half);
        for (int j = 0; j < 32; j++) b[2 + j] = (uint8_t)(int8_t)rounded(x[j] * inverse);
    }
    return true;
}

// d = the number of largest magnitude / -8, q = x / d + 8 rounded, at most 15
KERNEL static bool q4_0(const float *restrict x, uint8_t *restrict b, size_t blocks) {
    for (size_t i = 0; i < blocks; i++, x += 32, b += 18) {
        float most = 0, extreme = 0;
        uint32_t finite = 1;
        for (int j = 0; j < 32; j++) {
            float a = absolute(x[j]);
            extreme = a > most ? x[j] : extreme;
            most = a > most ? a : most;
            finite &= is_finite(x[j]);
        }
        float d = extreme / -8.0f, inverse = d != 0 ? 1.0f / d : 0.0f;
        uint16_t half = half_from_float(d);
        if (!finite || is_special(half)) return false;
        if (!is_finite(inverse)) inverse = 0;
        write16(b, half);
        uint8_t q[32];
        for (int j = 0; j < 32; j++) {
            int value = (int)((double)x[j] * (double)inverse + 8.5);
            q[j] = (uint8_t)(value > 15 ? 15 : value);
        }
        for (int j = 0; j < 16; j++) b[2 + j] = (uint8_t)(q[j] | q[16 + j] << 4);
    }
    return true;
}

bool cb_encode(int format, const float *x, uint8_t *blocks, size_t elements) {
    switch (format) {
    case cb_f32: memcpy(blocks, x, elements * sizeof *x); return true;
    case cb_f16: return f16(x, blocks, elements);
    case cb_bf16: return bf16(x, blocks, elements);
    case cb_q8_0: return q8_0(x, blocks, elements / 32);
    case cb_q4_0: return q4_0(x, blocks, elements / 32);
    default: return false;
    }
}
