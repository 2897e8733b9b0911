#include "ckernels.h"
#include "internal.h"

INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

KERNEL void ck_swiglu(
    float *restrict act, size_t act_stride, const float *restrict gate_up, size_t stride,
    size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *gate = gate_up + r * stride, *up = gate + columns;
        float *ar = act + r * act_stride;
        for (size_t c = 0; c < columns; c++) ar[c] = gate[c] * sigmoid(gate[c]) * up[c];
    }
}

// silu'(g) = s + g s (1 - s) with s = sigmoid(g)
KERNEL void ck_swiglu_backward(
    float *input, size_t input_stride, const float *dy, size_t dy_stride, const float *gate_up,
    size_t stride, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *gate = gate_up + r * stride, *up = gate + columns, *dr = dy + r * dy_stride;
        float *dgate = input + r * input_stride, *dup = dgate + columns;
#pragma clang loop vectorize(assume_safety)
        for (size_t c = 0; c < columns; c++) {
            float g = gate[c], u = up[c], s = sigmoid(g), silu = g * s;
            dgate[c] = dr[c] * u * (s + silu * (1.0f - s));
            dup[c] = dr[c] * silu;
        }
    }
}

// u = sqrt(2 / pi) (x + 0.044715 x^3); GELU(x) = x (1 + tanh u) / 2 = x e^2u / (1 + e^2u)
INLINE float gelu_tanh(float x, float *slope) {
    const float root = 0.7978845608f, cubic = 0.044715f;
    float square = x * x;
    float share = sigmoid(2.0f * root * x * (1.0f + cubic * square));
    *slope = share
        + x * share * (1.0f - share) * (2.0f * root) * (1.0f + 3.0f * cubic * square);
    return x * share;
}

KERNEL void ck_bias_gelu_tanh(
    float *act, float *slope, const float *x, const float *bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *xr = x + r * columns;
        float *ar = act + r * columns;
        if (slope) {
            float *sr = slope + r * columns;
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++) {
                float tangent, value = gelu_tanh(xr[c] + bias[c], &tangent);
                ar[c] = value;
                sr[c] = tangent;
            }
        } else {
#pragma clang loop vectorize(assume_safety)
            for (size_t c = 0; c < columns; c++) {
                float tangent;
                ar[c] = gelu_tanh(xr[c] + bias[c], &tangent);
            }
        }
    }
}

// Not a number stays not a number.
KERNEL void ck_bias_relu(
    float *restrict x, size_t stride, const float *restrict bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            float value = x[r * stride + c] + (bias ? bias[c] : 0.0f);
            x[r * stride + c] = value < 0 ? 0.0f : value;
        }
}

KERNEL void ck_relu_backward(float *restrict dy, const float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) dy[i] = y[i] > 0 ? dy[i] : 0.0f;
}
