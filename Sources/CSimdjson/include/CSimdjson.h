// JSON structure and UTF-8 validity through simdjson, behind plain C.
//
// simdjson's first stage (run-time dispatched SIMD) validates UTF-8, finds strings and structural
// characters; the grammar of RFC 8259 is then checked over that index, and the result is a flat
// list of nodes in document order that point into the caller's bytes. Numbers and strings are not
// converted, so a number keeps its source text.
#ifndef TUNDISH_CSIMDJSON_H
#define TUNDISH_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnd_json_kind {
    TND_JSON_NULL = 0,
    TND_JSON_FALSE = 1,
    TND_JSON_TRUE = 2,
    TND_JSON_NUMBER = 3,
    TND_JSON_STRING = 4,
    TND_JSON_ARRAY = 5,
    TND_JSON_OBJECT = 6,
} tnd_json_kind;

/// One value, or the name of a member. Containers come before what they contain; each member of
/// an object is two entries, its name (a string) and its value.
typedef struct tnd_json_node {
    uint8_t kind;     // tnd_json_kind
    uint8_t escaped;  // strings: 1 if the text holds a backslash
    uint16_t unused;
    uint32_t count;   // arrays: elements; objects: members
    uint32_t start;   // strings: first byte after the quote; others: first byte
    uint32_t length;  // bytes of the text; 0 for containers
} tnd_json_node;

typedef enum tnd_json_result {
    TND_JSON_OK = 0,
    TND_JSON_SYNTAX = 1,
    TND_JSON_TOO_DEEP = 2,
    TND_JSON_BAD_UTF8 = 3,
    TND_JSON_UNCLOSED_STRING = 4,
    TND_JSON_CONTROL_CHARACTER = 5,
    TND_JSON_EMPTY = 6,
    TND_JSON_TOO_LONG = 7,
    TND_JSON_NO_MEMORY = 8,
} tnd_json_result;

typedef struct tnd_json_parser tnd_json_parser;

/// A parser for documents nested at most `max_depth` deep; NULL without memory. Not thread-safe.
tnd_json_parser *tnd_json_create(size_t max_depth);

void tnd_json_destroy(tnd_json_parser *parser);

/// Checks one document (all of `bytes`, at most 2^31 - 64). The nodes stay valid until the next
/// call. On error `*error_offset` is where the grammar broke, or `length` where that is unknown.
tnd_json_result tnd_json_parse(
    tnd_json_parser *parser, const uint8_t *bytes, size_t length, const tnd_json_node **nodes,
    size_t *node_count, size_t *error_offset);

/// 1 if the bytes are valid UTF-8 (RFC 3629), 0 if not.
int tnd_utf8_valid(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif

#endif
