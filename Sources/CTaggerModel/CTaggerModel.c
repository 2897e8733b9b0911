#include "CTaggerModel.h"

// 64-byte alignment puts every row of weights (16 bytes) inside one cache line.
_Alignas(64) const unsigned char tundish_tagger_model[] = {
#embed "tagger.bin"
};

const size_t tundish_tagger_model_count = sizeof tundish_tagger_model;

const unsigned char *tundish_tagger_model_start(void) { return tundish_tagger_model; }
