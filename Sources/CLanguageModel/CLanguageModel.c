#include "CLanguageModel.h"

static const unsigned char tundish_language_model[] = {
#embed "language.bin"
};

const size_t tundish_language_model_count = sizeof tundish_language_model;

const unsigned char *tundish_language_model_start(void) { return tundish_language_model; }
