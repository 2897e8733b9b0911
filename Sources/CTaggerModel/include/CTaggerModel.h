#ifndef TUNDISH_TAGGER_MODEL_H
#define TUNDISH_TAGGER_MODEL_H

#include <stddef.h>

// The trained tagger (format: Sources/Redaction/Tagger/TaggerModel+Format.swift), written by
// `tagger-training train` and embedded at compile time, so that no resource folder is needed.
extern const unsigned char tundish_tagger_model[];
extern const size_t tundish_tagger_model_count;

// The first byte of the model: Swift imports an array of unknown size in an unusable form.
const unsigned char *tundish_tagger_model_start(void);

#endif
