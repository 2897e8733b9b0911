#include "CSimdjson.h"

#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <simdjson.h>

namespace {

using simdjson::internal::dom_parser_implementation;

struct Open {
    uint32_t node;
    uint32_t count;
    bool object;
};

bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

bool is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool ends_scalar(uint8_t c) {
    return is_space(c) || c == ',' || c == ':' || c == ']' || c == '}' || c == '[' || c == '{';
}

// RFC 8259 section 6: [ minus ] int [ frac ] [ exp ]
bool is_number(const uint8_t *p, const uint8_t *end) {
    if (p < end && *p == '-') p++;
    if (p == end || !is_digit(*p)) return false;
    if (*p == '0') {
        p++;
    } else {
        while (p < end && is_digit(*p)) p++;
    }
    if (p < end && *p == '.') {
        const uint8_t *first = ++p;
        while (p < end && is_digit(*p)) p++;
        if (p == first) return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-')) p++;
        const uint8_t *first = p;
        while (p < end && is_digit(*p)) p++;
        if (p == first) return false;
    }
    return p == end;
}

}  // namespace

struct tnd_json_parser {
    std::unique_ptr<dom_parser_implementation> stage;
    size_t max_depth;
    std::vector<tnd_json_node> nodes;
    std::vector<Open> open;

    // Appends the string or scalar whose first byte is `at`; `limit` is the next structural byte.
    bool append_scalar(const uint8_t *bytes, size_t at, size_t limit) {
        uint8_t first = bytes[at];
        if (first == '"') {
            // Only white space lies between the closing quote and the next structural byte.
            size_t end = limit;
            while (end > at + 1 && is_space(bytes[end - 1])) end--;
            end--;
            if (end <= at || bytes[end] != '"') return false;
            size_t length = end - at - 1;
            bool escaped = length && std::memchr(bytes + at + 1, '\\', length) != nullptr;
            nodes.push_back({TND_JSON_STRING, escaped, 0, 0, uint32_t(at + 1), uint32_t(length)});
            return true;
        }
        size_t end = at;
        while (end < limit && !ends_scalar(bytes[end])) end++;
        size_t length = end - at;
        uint8_t kind;
        if (length == 4 && std::memcmp(bytes + at, "true", 4) == 0) {
            kind = TND_JSON_TRUE;
        } else if (length == 5 && std::memcmp(bytes + at, "false", 5) == 0) {
            kind = TND_JSON_FALSE;
        } else if (length == 4 && std::memcmp(bytes + at, "null", 4) == 0) {
            kind = TND_JSON_NULL;
        } else if (is_number(bytes + at, bytes + end)) {
            kind = TND_JSON_NUMBER;
        } else {
            return false;
        }
        nodes.push_back({kind, 0, 0, 0, uint32_t(at), uint32_t(length)});
        return true;
    }

    tnd_json_result walk(const uint8_t *bytes, size_t length, size_t *error_offset) {
        const uint32_t *index = stage->structural_indexes.get();
        const size_t count = stage->n_structural_indexes;
        size_t i = 0;
        enum { VALUE, FIRST_VALUE, NAME, FIRST_NAME, AFTER } state = VALUE;
        nodes.clear();
        open.clear();
        while (true) {
            if (i == count) {
                *error_offset = length;
                return state == AFTER && open.empty() ? TND_JSON_OK : TND_JSON_SYNTAX;
            }
            const size_t at = index[i];
            const size_t limit = i + 1 < count ? index[i + 1] : length;
            const uint8_t c = bytes[at];
            *error_offset = at;
            i++;
            switch (state) {
            case AFTER:
                if (open.empty()) return TND_JSON_SYNTAX;
                if (c == ',') {
                    state = open.back().object ? NAME : VALUE;
                } else if (c == (open.back().object ? '}' : ']')) {
                    nodes[open.back().node].count = open.back().count;
                    open.pop_back();
                } else {
                    return TND_JSON_SYNTAX;
                }
                break;
            case FIRST_NAME:
                if (c == '}') {
                    open.pop_back();
                    state = AFTER;
                    break;
                }
                [[fallthrough]];
            case NAME:
                if (c != '"' || !append_scalar(bytes, at, limit)) return TND_JSON_SYNTAX;
                if (i == count || bytes[index[i]] != ':') return TND_JSON_SYNTAX;
                i++;
                state = VALUE;
                break;
            case FIRST_VALUE:
                if (c == ']') {
                    open.pop_back();
                    state = AFTER;
                    break;
                }
                [[fallthrough]];
            case VALUE:
                if (!open.empty()) open.back().count++;
                if (c == '{' || c == '[') {
                    if (open.size() >= max_depth) return TND_JSON_TOO_DEEP;
                    open.push_back({uint32_t(nodes.size()), 0, c == '{'});
                    nodes.push_back(
                        {uint8_t(c == '{' ? TND_JSON_OBJECT : TND_JSON_ARRAY), 0, 0, 0,
                         uint32_t(at), 0});
                    state = c == '{' ? FIRST_NAME : FIRST_VALUE;
                } else {
                    if (!append_scalar(bytes, at, limit)) return TND_JSON_SYNTAX;
                    state = AFTER;
                }
                break;
            }
        }
    }
};

extern "C" tnd_json_parser *tnd_json_create(size_t max_depth) {
    auto *parser = new (std::nothrow) tnd_json_parser;
    if (!parser) return nullptr;
    parser->max_depth = max_depth;
    return parser;
}

extern "C" void tnd_json_destroy(tnd_json_parser *parser) { delete parser; }

extern "C" tnd_json_result tnd_json_parse(
    tnd_json_parser *parser, const uint8_t *bytes, size_t length, const tnd_json_node **nodes,
    size_t *node_count, size_t *error_offset) try {
    *nodes = nullptr;
    *node_count = 0;
    *error_offset = length;
    if (length == 0) return TND_JSON_EMPTY;
    if (length > 0x7fffffc0u) return TND_JSON_TOO_LONG;
    if (!parser->stage || parser->stage->capacity() < length) {
        size_t capacity = length < 65536 ? 65536 : length + length / 2;
        // The second stage of simdjson is not used, so its depth is left at the least.
        auto failed = simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, parser->stage);
        if (failed) return TND_JSON_NO_MEMORY;
    }
    switch (parser->stage->stage1(bytes, length, simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS: break;
    case simdjson::UTF8_ERROR: return TND_JSON_BAD_UTF8;
    case simdjson::UNCLOSED_STRING: return TND_JSON_UNCLOSED_STRING;
    case simdjson::UNESCAPED_CHARS: return TND_JSON_CONTROL_CHARACTER;
    case simdjson::EMPTY: return TND_JSON_EMPTY;
    case simdjson::CAPACITY: return TND_JSON_TOO_LONG;
    case simdjson::MEMALLOC: return TND_JSON_NO_MEMORY;
    default: return TND_JSON_SYNTAX;
    }
    auto result = parser->walk(bytes, length, error_offset);
    *nodes = parser->nodes.data();
    *node_count = parser->nodes.size();
    return result;
} catch (const std::bad_alloc &) {
    return TND_JSON_NO_MEMORY;
}

extern "C" int tnd_utf8_valid(const uint8_t *bytes, size_t length) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length) ? 1 : 0;
}
