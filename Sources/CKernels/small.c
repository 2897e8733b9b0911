#include "ckernels.h"
#include "internal.h"

// `rows` of c by `vectors` * 16 columns, in registers. `rows` and `vectors` are constants wherever
// this is inlined, so that the loops over them unroll. In the last vector, `reads` columns of b are
// read and `writes` of c written; 16 where a whole vector may be.
INLINE void tile(
    float *c, size_t c_row, const float *a, size_t a_row, size_t a_step, const float *b,
    size_t b_row, size_t k, float alpha, bool adding, size_t reads, size_t writes, const int rows,
    const int vectors) {
    lanes sums[24];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            const float *from = c + (size_t)i * c_row + 16 * j;
            lanes start = 0;
            if (adding && (writes == 16 || j + 1 < vectors))
                start = *(const lanes *)from;
            else if (adding)
                memcpy(&start, from, writes * sizeof(float));
            sums[i * vectors + j] = start;
        }
    for (size_t l = 0; l < k; l++) {
        lanes v[2] = {0};
        for (int j = 0; j < vectors; j++)
            if (reads == 16 || j + 1 < vectors)
                v[j] = *(const lanes *)(b + l * b_row + 16 * j);
            else
                memcpy(&v[j], b + l * b_row + 16 * j, reads * sizeof(float));
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < vectors; j++)
                sums[i * vectors + j] += a[(size_t)i * a_row + l * a_step] * v[j];
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < vectors; j++) {
            float *to = c + (size_t)i * c_row + 16 * j;
            lanes v = sums[i * vectors + j] * alpha;
            if (writes == 16 || j + 1 < vectors)
                *(lanes *)to = v;
            else
                memcpy(to, &v, writes * sizeof(float));
        }
}

typedef void tile_function(
    float *c, size_t c_row, const float *a, size_t a_row, size_t a_step, const float *b,
    size_t b_row, size_t k, float alpha, bool adding, size_t reads, size_t writes);

// A tile of 16 columns, and one of 32 where there are registers for it.
typedef struct {
    size_t rows;
    tile_function *narrow, *wide;
} tile_kind;

// Functions of their own, of the sizes of those in gemm.c. Wide ones are always whole.
#define TILE(name, rows, vectors)                                                                 \
    static void name(                                                                             \
        float *c, size_t c_row, const float *a, size_t a_row, size_t a_step, const float *b,      \
        size_t b_row, size_t k, float alpha, bool adding, size_t reads, size_t writes) {          \
        if ((vectors) == 2) reads = writes = 16;                                                  \
        tile(                                                                                     \
            c, c_row, a, a_row, a_step, b, b_row, k, alpha, adding, reads, writes, rows,          \
            vectors);                                                                             \
    }

#if defined(__x86_64__)
#define AVX512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
AVX512 TILE(tile_512_12, 12, 1)
AVX512 TILE(tile_512_8, 8, 1)
AVX512 TILE(tile_512_4, 4, 1)
AVX512 TILE(tile_512_1, 1, 1)
AVX512 TILE(tile_512_12_wide, 12, 2)
AVX512 TILE(tile_512_8_wide, 8, 2)
AVX512 TILE(tile_512_4_wide, 4, 2)
AVX512 TILE(tile_512_1_wide, 1, 2)
static const tile_kind tiles_512[] = {
    {12, tile_512_12, tile_512_12_wide}, {8, tile_512_8, tile_512_8_wide},
    {4, tile_512_4, tile_512_4_wide},    {1, tile_512_1, tile_512_1_wide},
};

#define AVX2 __attribute__((target("arch=x86-64-v3")))
AVX2 TILE(tile_256_6, 6, 1)
AVX2 TILE(tile_256_2, 2, 1)
AVX2 TILE(tile_256_1, 1, 1)
static const tile_kind tiles_256[] = {
    {6, tile_256_6, NULL}, {2, tile_256_2, NULL}, {1, tile_256_1, NULL}};
#endif

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

void ck_small_multiply(
    int level, float *c, size_t c_row, const float *a, size_t a_row, size_t a_step,
    const float *b, size_t b_row, size_t m, size_t n, size_t k, float alpha, bool padded,
    bool adding) {
    const tile_kind *kinds = tiles_plain;
#if defined(__x86_64__)
    if (level >= 4)
        kinds = tiles_512;
    else if (level == 3)
        kinds = tiles_256;
#else
    (void)level;
#endif
    for (size_t j = 0; j < n;) {
        size_t left = n - j;
        bool wide = kinds->wide && left >= 32;
        size_t writes = left < 16 ? left : 16, reads = padded ? 16 : writes;
        const tile_kind *kind = kinds;
        for (size_t i = 0; i < m; i += kind->rows) {
            while (kind->rows > m - i) kind++;
            (wide ? kind->wide : kind->narrow)(
                c + i * c_row + j, c_row, a + i * a_row, a_row, a_step, b + j, b_row, k, alpha,
                adding, reads, writes);
        }
        j += wide ? 32 : writes;
    }
}
