#ifndef TUNDISH_LANGUAGE_MODEL_H
#define TUNDISH_LANGUAGE_MODEL_H

#include <stddef.h>

// The language model (format: Sources/Cleaning/Language/LanguageModel.swift), written by
// `scripts/language/train` and embedded at compile time, so that no resource folder is needed.
extern const size_t tundish_language_model_count;

// The first byte of the model.
const unsigned char *tundish_language_model_start(void);

#endif
