// Inline mathematics shared by the kernels. Everything here is branch-free, so that the loops that
// use it vectorise, and always inlined, so that it is compiled for the caller's instruction set.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
// One body, three instruction sets, chosen when the library is loaded.
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

// Sixteen partial sums: the order of additions is fixed here and not left to the compiler.
typedef float lanes __attribute__((ext_vector_type(16), aligned(4), may_alias));

// Taken and given by address: a 64-byte vector has no calling convention without AVX-512.
INLINE float lanes_sum(const lanes *v) {
    float s8[8], s4[4];
    for (int i = 0; i < 8; i++) s8[i] = (*v)[i] + (*v)[i + 8];
    for (int i = 0; i < 4; i++) s4[i] = s8[i] + s8[i + 4];
    return (s4[0] + s4[2]) + (s4[1] + s4[3]);
}

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

// e^x with a relative error below 2e-7 for x in [-87, 88]; smaller x give about 1e-38, larger are
// clamped. Cody-Waite reduction by n log 2, Taylor polynomial of degree 7 on |r| <= log(2) / 2.
// Not a number stays not a number.
INLINE float exponential(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const float shifter = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number
    float shifted = x * 1.44269504f + shifter;
    float n = shifted - shifter;
    float r = x - n * 0.693145751953125f;
    r = r - n * 1.428606765330187e-6f;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return p * float_from_bits((bits_from_float(shifted) << 23) + 0x3f800000u);
}

// The normal distribution: *cumulative = Phi(x), *density = phi(x).
// Phi(-a) = exp(-a^2 / 2) q(1 / (1 + 0.23 a)) for a >= 0, the form of Abramowitz and Stegun
// 26.2.17; the eight-degree polynomial q was fitted for this file (relative error 5e-8 on 0 <= a <= 6).
INLINE void normal(float x, float *cumulative, float *density) {
    float a = x < 0 ? -x : x;
    float e = exponential(-0.5f * a * a);
    float t = 1.0f / (1.0f + 0.23f * a);
    float q = -7.836740864968393e-2f;
    q = q * t + 2.8990553713430117e-1f;
    q = q * t - 2.770212824813156e-1f;
    q = q * t + 3.001323856849032e-1f;
    q = q * t - 3.193075947643899e-2f;
    q = q * t + 1.1905940828645903e-1f;
    q = q * t + 8.588972383161965e-2f;
    q = q * t + 9.235885537079067e-2f;
    q = q * t - 2.6478111406601144e-5f;
    float tail = e * q;
    *cumulative = x < 0 ? tail : 1.0f - tail;
    *density = e * 0.3989422804014327f;
}

// tanh(x) = sign(x) (1 - e) / (1 + e) with e = exp(-2 |x|); absolute error below 2e-7.
INLINE float hyperbolic_tangent(float x) {
    float a = x < 0 ? -x : x;
    float e = exponential(-2.0f * a);
    float y = (1.0f - e) / (1.0f + e);
    return x < 0 ? -y : y;
}

// A counter-based generator: the bits belong to (key, counter) and to nothing else, so that a mask
// is recomputed in the backward pass instead of stored. The mixer is the two-multiplication
// avalanche function "lowbias32" of C. Wellons (2018, public domain).
INLINE uint32_t mix(uint32_t h) {
    h ^= h >> 16;
    h *= 0x7feb352du;
    h ^= h >> 15;
    h *= 0x846ca68bu;
    h ^= h >> 16;
    return h;
}

INLINE uint32_t row_key(uint32_t key, uint32_t site) { return mix(key ^ (site * 0x9e3779b1u)); }

// 1 / (1 - p) where the element is kept, 0 where it is dropped. threshold = p * 2^24.
INLINE float keep_factor(uint32_t key, uint32_t column, int32_t threshold, float factor) {
    uint32_t h = mix(key + column * 0x9e3779b1u);
    return (int32_t)(h >> 8) < threshold ? 0.0f : factor;
}

INLINE int32_t drop_threshold(float p) { return (int32_t)(p * 16777216.0f); }
