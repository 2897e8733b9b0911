#include "nf4.h"
#include "internal.h"

const float ck_nf4_levels[16] = {
    -1.0f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0.0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1.0f,
};

KERNEL float ck_nf4_encode(uint8_t *codes, const float *x, size_t count) {
    float values[ck_nf4_elements] = {0}, magnitude = 0;
    memcpy(values, x, (count < ck_nf4_elements ? count : ck_nf4_elements) * sizeof(float));
    for (size_t i = 0; i < ck_nf4_elements; i++) {
        float size = values[i] < 0 ? -values[i] : values[i];
        magnitude = size > magnitude ? size : magnitude;
    }
    float inverse = magnitude > 0 ? 1.0f / magnitude : 0.0f;
    int32_t chosen[ck_nf4_elements] = {0};
    for (int level = 0; level < 15; level++) {
        float middle = 0.5f * (ck_nf4_levels[level] + ck_nf4_levels[level + 1]);
        for (size_t i = 0; i < ck_nf4_elements; i++)
            chosen[i] += values[i] * inverse > middle ? 1 : 0;
    }
    for (size_t i = 0; i < ck_nf4_bytes; i++)
        codes[i] = (uint8_t)(chosen[i] | chosen[i + ck_nf4_bytes] << 4);
    return magnitude;
}

KERNEL void ck_nf4_decode(
    float *restrict out, const uint8_t *restrict codes, const float *restrict magnitudes,
    size_t blocks) {
    for (size_t b = 0; b < blocks; b++) {
        float magnitude = magnitudes[b];
        const uint8_t *from = codes + b * ck_nf4_bytes;
        float *to = out + b * ck_nf4_elements;
        for (size_t i = 0; i < ck_nf4_bytes; i++) {
            to[i] = ck_nf4_levels[from[i] & 15] * magnitude;
            to[i + ck_nf4_bytes] = ck_nf4_levels[from[i] >> 4] * magnitude;
        }
    }
}
