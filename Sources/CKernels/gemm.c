#include "gemm.h"
#include "internal.h"

// `rows` of c by `vectors` * 16 columns, in registers; `rows` and `vectors` are constants wherever
// this is inlined, so that the loops over them unroll. `columns` of c are written.
INLINE void tile(
    float *c, size_t c_row, const float *a, const float *b, size_t k, float alpha, float beta,
    size_t columns, const int rows, const int vectors) {
    lanes sums[24];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            sums[i * vectors + j] = 0;
            __builtin_prefetch(c + (size_t)i * c_row + 16 * j, 1);
        }
    for (size_t l = 0; l < k; l++) {
        lanes v[2];
        for (int j = 0; j < vectors; j++)
            v[j] = *(const lanes *)(b + l * ck_gemm_columns + 16 * j);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++)
                sums[i * vectors + j] += a[l * ck_gemm_rows + (size_t)i] * v[j];
    }
    if (columns >= 16u * (unsigned)vectors) {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++) {
                lanes *to = (lanes *)(c + (size_t)i * c_row + 16 * j);
                lanes sum = sums[i * vectors + j] * alpha;
                *to = beta == 0 ? sum : *to * beta + sum;
            }
        return;
    }
    float edge[24 * 16];
    for (int i = 0; i < rows * vectors; i++) *(lanes *)(edge + 16 * i) = sums[i] * alpha;
    for (int i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float *to = c + (size_t)i * c_row + j, sum = edge[16 * i * vectors + (int)j];
            *to = beta == 0 ? sum : *to * beta + sum;
        }
}

typedef void tile_function(
    float *c, size_t c_row, const float *a, const float *b, size_t k, float alpha, float beta,
    size_t columns);

// A tile for up to 16 columns, and one for up to 32 where there are registers for it.
typedef struct {
    size_t rows;
    tile_function *narrow, *wide;
} tile_kind;

// Functions of their own: inlined into the loops around them, they lose registers to those.
#define TILE(name, rows, vectors)                                                                 \
    static void name(                                                                             \
        float *c, size_t c_row, const float *a, const float *b, size_t k, float alpha,            \
        float beta, size_t columns) {                                                             \
        tile(c, c_row, a, b, k, alpha, beta, columns, rows, vectors);                             \
    }

#if defined(__x86_64__)
// The widest tile has 24 of 32 registers for sums. Without the width, Clang cuts vectors in half.
#define AVX512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
AVX512 TILE(tile_512_12, 12, 1)
AVX512 TILE(tile_512_8, 8, 1)
AVX512 TILE(tile_512_4, 4, 1)
AVX512 TILE(tile_512_2, 2, 1)
AVX512 TILE(tile_512_1, 1, 1)
AVX512 TILE(tile_512_12_wide, 12, 2)
AVX512 TILE(tile_512_8_wide, 8, 2)
AVX512 TILE(tile_512_4_wide, 4, 2)
AVX512 TILE(tile_512_2_wide, 2, 2)
AVX512 TILE(tile_512_1_wide, 1, 2)
static const tile_kind tiles_512[] = {
    {12, tile_512_12, tile_512_12_wide}, {8, tile_512_8, tile_512_8_wide},
    {4, tile_512_4, tile_512_4_wide},    {2, tile_512_2, tile_512_2_wide},
    {1, tile_512_1, tile_512_1_wide},
};

// 12 of 16 registers
#define AVX2 __attribute__((target("arch=x86-64-v3")))
AVX2 TILE(tile_256_6, 6, 1)
AVX2 TILE(tile_256_2, 2, 1)
AVX2 TILE(tile_256_1, 1, 1)
static const tile_kind tiles_256[] = {
    {6, tile_256_6, NULL}, {2, tile_256_2, NULL}, {1, tile_256_1, NULL}};
#endif

// 24 of the 32 registers of Neon; on other processors, the two rows that SSE has registers for.
#if defined(__aarch64__)
TILE(tile_plain_6, 6, 1)
#endif
TILE(tile_plain_2, 2, 1)
TILE(tile_plain_1, 1, 1)
static const tile_kind tiles_plain[] = {
#if defined(__aarch64__)
    {6, tile_plain_6, NULL},
#endif
    {2, tile_plain_2, NULL}, {1, tile_plain_1, NULL}};

// Panels of b outside, panels of a inside: one panel of b stays close while all of a, which was
// made to fit the second cache, goes by.
void ck_gemm_multiply(
    int level, float *c, size_t c_row, const float *a, const float *b, size_t m, size_t n,
    size_t k, float alpha, float beta) {
    const tile_kind *kinds = tiles_plain;
#if defined(__x86_64__)
    if (level >= 4)
        kinds = tiles_512;
    else if (level == 3)
        kinds = tiles_256;
#else
    (void)level;
#endif
    for (size_t j = 0; j < n; j += ck_gemm_columns)
        for (size_t i = 0; i < m; i += ck_gemm_rows) {
            size_t height = m - i < ck_gemm_rows ? m - i : ck_gemm_rows;
            size_t width = n - j < ck_gemm_columns ? n - j : ck_gemm_columns;
            for (size_t part = 0; part < width;) {
                bool wide = kinds->wide && width - part > 16;
                const tile_kind *kind = kinds;
                for (size_t row = 0; row < height; row += kind->rows) {
                    while (kind->rows > height - row) kind++;
                    (wide ? kind->wide : kind->narrow)(
                        c + (i + row) * c_row + j + part, c_row, a + i * k + row,
                        b + j * k + part, k, alpha, beta, width - part);
                }
                part += wide ? 32 : 16;
            }
        }
}
