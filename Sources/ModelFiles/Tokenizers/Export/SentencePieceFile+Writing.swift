extension SentencePieceFile {
    /// The model as a `tokenizer.model` (`ModelProto` of `sentencepiece_model.proto`).
    func model() -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in pieces {
            bytes += Protobuf.message(
                1,
                Protobuf.message(1, piece.text) + Protobuf.float(2, Float(piece.score))
                    + Protobuf.integer(3, UInt64(piece.kind.rawValue)))
        }
        let trainer =
            Protobuf.integer(3, isBytePair ? 2 : 1) + Protobuf.integer(4, UInt64(pieces.count))
            + Protobuf.integer(35, fallsBackToBytes ? 1 : 0) + Protobuf.message(46, beginName)
            + Protobuf.message(47, endName) + Protobuf.message(48, padName)
        let normalizer =
            Protobuf.message(1, Array("identity".utf8)) + Protobuf.message(2, characterMap)
            + Protobuf.integer(3, addsDummyPrefix ? 1 : 0)
            + Protobuf.integer(4, removesExtraSpaces ? 1 : 0)
            + Protobuf.integer(5, escapesSpaces ? 1 : 0)
        return bytes + Protobuf.message(2, trainer) + Protobuf.message(3, normalizer)
    }

    /// What a GGUF file says about the model's pieces.
    func ggufMetadata(vocabularySize: Int) throws(TokenizerError) -> [String: GGUFValue] {
        guard isBytePair, characterMap.isEmpty else {
            throw TokenizerError(
                .unsupported,
                "GGUF files hold SentencePiece models of the BPE kind without a "
                    + "character map", hint: "keep the model's own tokenizer files")
        }
        guard vocabularySize >= pieces.count else {
            throw TokenizerError(
                .malformed,
                "the tokenizer has \(pieces.count) tokens, the model \(vocabularySize)",
                hint: "they belong to different models")
        }
        let unused = (pieces.count..<vocabularySize).map {
            Piece(text: Array("[PAD\($0)]".utf8), score: -1e4, kind: .unused)
        }
        let all = pieces + unused
        return [
            "tokenizer.ggml.model": .text("llama"), "tokenizer.ggml.pre": .text("default"),
            "tokenizer.ggml.tokens": .strings(all.map(\.text)),
            "tokenizer.ggml.scores": .float32s(all.map { Float($0.score) }),
            "tokenizer.ggml.token_type": .int32s(all.map { Int32($0.kind.rawValue) }),
            "tokenizer.ggml.add_space_prefix": .bool(addsDummyPrefix),
            "tokenizer.ggml.remove_extra_whitespaces": .bool(removesExtraSpaces),
        ]
    }
}

/// Fields of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/).
private enum Protobuf {
    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(truncatingIfNeeded: rest)]
    }

    static func integer(_ number: UInt64, _ value: UInt64) -> [UInt8] {
        varint(number << 3) + varint(value)
    }

    static func float(_ number: UInt64, _ value: Float) -> [UInt8] {
        varint(number << 3 | 5)
            + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
    }

    static func message(_ number: UInt64, _ value: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(value.count)) + value
    }
}
