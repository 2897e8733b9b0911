// NormalFloat of four bits (Dettmers et al. 2023, QLoRA, section 3 and appendix E): each block of
// 64 numbers is divided by its largest magnitude and rounded to the nearest of sixteen levels,
// which are quantiles of the normal distribution.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

enum {
    ck_nf4_elements = 64,
    ck_nf4_bytes = 32
};

// The sixteen levels, from -1 to 1.
extern const float ck_nf4_levels[16];

// Encodes `count` numbers, at most a block; those missing are zeros. Byte i holds the levels of
// number i in its low half and of number 32 + i in its high half. Returns the largest magnitude.
float ck_nf4_encode(uint8_t *codes, const float *x, size_t count);

// out[i] = level * magnitude, for each of `blocks` whole blocks.
void ck_nf4_decode(float *out, const uint8_t *codes, const float *magnitudes, size_t blocks);

#if defined(__cplusplus)
}
#endif
