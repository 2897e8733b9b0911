extension TokenizerFiles {
    /// The metadata that a GGUF file needs for the tokenizer among a model's files, its chat template
    /// included: llama.cpp's `tokenizer.ggml.*` keys.
    ///
    /// - Parameter vocabularySize: rows of the model's embedding.
    /// - Throws: `TokenizerError`: no tokenizer, damaged, or one that GGUF has no name for.
    public static func ggufMetadata(
        _ files: [String: [UInt8]], vocabularySize: Int
    ) throws(TokenizerError) -> [String: GGUFValue] {
        guard let tokenizer = try load(files) as? SubwordTokenizer else {
            throw SubwordTokenizer.unwritable("WordPiece model")
        }
        var metadata: [String: GGUFValue]
        if files["tokenizer.json"] == nil, let model = files["tokenizer.model"] {
            metadata = try SentencePieceFile(model: model)
                .ggufMetadata(vocabularySize: vocabularySize)
            metadata.merge(try tokenizer.roles()) { $1 }
        } else {
            metadata = try tokenizer.ggufMetadata(vocabularySize: vocabularySize)
        }
        if let jinja = ChatTemplate.jinja(files) {
            metadata["tokenizer.chat_template"] = .text(jinja)
        }
        return metadata
    }

    /// Hugging Face's files for the tokenizer of a GGUF file: `tokenizer.json` or
    /// `tokenizer.model`, and `tokenizer_config.json` with the chat template.
    ///
    /// - Throws: `TokenizerError` as ``load(gguf:)`` does.
    public static func files(gguf: GGUFFile) throws(TokenizerError) -> [String: [UInt8]] {
        try files(metadata: gguf.metadata)
    }

    static func files(
        metadata: [String: GGUFValue]
    ) throws(TokenizerError) -> [String: [UInt8]] {
        let vocabulary = try GGUFVocabulary(metadata)
        let tokenizer = try vocabulary.tokenizer()
        var files: [String: [UInt8]] = [:]
        var configuration: [(name: [UInt8], value: [UInt8])] = []
        func add(_ name: String, _ value: [UInt8]) {
            configuration.append((Array(name.utf8), value))
        }
        if vocabulary.model == "llama" {
            files["tokenizer.model"] = try vocabulary.sentencePieceFile().model()
            add("tokenizer_class", JSONText.quoted("LlamaTokenizer"))
        } else {
            files["tokenizer.json"] = try tokenizer.json()
            add("tokenizer_class", JSONText.quoted("PreTrainedTokenizerFast"))
        }
        add("add_bos_token", JSONText.truth(!tokenizer.parts.frame.prefix.isEmpty))
        add("add_eos_token", JSONText.truth(!tokenizer.parts.frame.suffix.isEmpty))
        let special = tokenizer.specialTokens
        let roles = [
            ("bos_token", special.begin), ("eos_token", special.end),
            ("pad_token", special.pad), ("unk_token", special.unknown),
            ("mask_token", special.mask),
        ]
        for (name, id) in roles {
            if let token = id.flatMap(tokenizer.token) { add(name, JSONText.quoted(token)) }
        }
        add("clean_up_tokenization_spaces", JSONText.truth(false))
        if let jinja = metadata["tokenizer.chat_template"]?.bytes {
            add("chat_template", JSONText.quoted(jinja))
        }
        files["tokenizer_config.json"] = JSONText.object(configuration)
        return files
    }
}
