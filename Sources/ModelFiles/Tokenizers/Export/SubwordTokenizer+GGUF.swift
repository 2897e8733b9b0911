extension SubwordTokenizer {
    /// What a GGUF file says about this tokenizer.
    ///
    /// - Parameter vocabularySize: rows of the model's embedding: llama.cpp wants as many tokens, and
    ///   those that the tokenizer lacks are written as unused ones.
    /// - Throws: `TokenizerError` unless it is byte-level BPE with words that llama.cpp names.
    func ggufMetadata(vocabularySize: Int) throws(TokenizerError) -> [String: GGUFValue] {
        let model = try byteLevelModel()
        guard vocabularySize >= parts.tokens.count else {
            throw TokenizerError(
                .malformed,
                "the tokenizer has \(parts.tokens.count) tokens, the model \(vocabularySize)",
                hint: "they belong to different models")
        }
        let words = try words(model)
        var tokens = parts.tokens
        var kinds = [SentencePieceKind](repeating: .normal, count: vocabularySize)
        for token in parts.added {
            kinds[Int(token.id)] = token.isSpecial ? .control : .userDefined
        }
        for id in 0..<vocabularySize where id >= tokens.count || tokens[id].isEmpty {
            let name = Array("[PAD\(id)]".utf8)
            if id < tokens.count { tokens[id] = name } else { tokens.append(name) }
            kinds[id] = .unused
        }
        var metadata: [String: GGUFValue] = [
            "tokenizer.ggml.model": .text("gpt2"), "tokenizer.ggml.pre": .text(words),
            "tokenizer.ggml.tokens": .strings(tokens),
            "tokenizer.ggml.token_type": .int32s(kinds.map { Int32($0.rawValue) }),
            "tokenizer.ggml.merges": .strings(
                model.merges.all.map { merge in
                    parts.tokens[Int(merge.left)] + [0x20] + parts.tokens[Int(merge.right)]
                }),
        ]
        metadata.merge(try roles()) { $1 }
        if parts.preTokenizer.addsPrefixSpace {
            metadata["tokenizer.ggml.add_space_prefix"] = .bool(true)
        }
        return metadata
    }

    /// The ids of special tokens, and whether they open and end a text.
    func roles() throws(TokenizerError) -> [String: GGUFValue] {
        let special = parts.special
        let begin = special.begin.map { [$0] } ?? []
        let end = special.end.map { [$0] } ?? []
        guard parts.frame.prefix.isEmpty || parts.frame.prefix == begin,
            parts.frame.suffix.isEmpty || parts.frame.suffix == end
        else { throw Self.unwritable("post-processor") }
        var metadata: [String: GGUFValue] = [
            "tokenizer.ggml.add_bos_token": .bool(!parts.frame.prefix.isEmpty),
            "tokenizer.ggml.add_eos_token": .bool(!parts.frame.suffix.isEmpty),
        ]
        let ids = [
            ("bos", special.begin), ("eos", special.end), ("padding", special.pad),
            ("unknown", special.unknown), ("mask", special.mask),
        ]
        for (name, id) in ids {
            if let id { metadata["tokenizer.ggml.\(name)_token_id"] = .uint32(UInt32(id)) }
        }
        return metadata
    }

    /// llama.cpp's name for the way that words are cut.
    private func words(_ model: BytePairModel) throws(TokenizerError) -> String {
        var steps = parts.preTokenizer.steps[...]
        if case .prefixSpace? = steps.first { steps = steps.dropFirst() }
        var isComposed = false
        if case .form(.nfc)? = parts.normalizer.steps.first { isComposed = true }
        guard parts.normalizer.steps.count == (isComposed ? 1 : 0) else {
            throw Self.unwritable("normalizer")
        }
        switch (steps.first, steps.dropFirst().first, steps.count) {
        case (.words(.gpt2)?, nil, 1) where !isComposed: return "gpt-2"
        case (.digits(.isolated)?, .words(.gpt2)?, 2) where !isComposed: return "smollm"
        case (.words(.llama3(digits: 3))?, nil, 1) where model.options.ignoresMerges:
            return "llama-bpe"
        case (.words(.llama3(digits: 1))?, nil, 1) where isComposed: return "qwen2"
        default: throw Self.unwritable("pre-tokenizer")
        }
    }
}

extension PreTokenizer {
    /// Whether a text that starts without a space gets one.
    var addsPrefixSpace: Bool {
        steps.contains { step in
            if case .prefixSpace = step { true } else { false }
        }
    }
}
