extension WordPieceTokenizer {
    /// Reads `vocab.txt`: one token per line, the line number is the id.
    ///
    /// - Throws: `TokenizerError` if it is empty or lacks a special token.
    public init(vocabulary: [UInt8], options: Options = .uncased) throws(TokenizerError) {
        var tokens = vocabulary.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            line in Array(line.last == 0x0D ? line.dropLast() : line)
        }
        if tokens.last?.isEmpty == true { tokens.removeLast() }
        try self.init(tokens: tokens, options: options)
    }

    /// Reads Hugging Face's `tokenizer.json` of a WordPiece model.
    ///
    /// Normalizer and pre-tokenizer must be BERT's own; padding and truncation that stand in the
    /// file are the caller's business and are not applied.
    ///
    /// - Throws: `TokenizerError`: malformed, unsupported (another model, normalizer or
    ///   pre-tokenizer), or without a special token.
    public init(tokenizerJSON: [UInt8]) throws(TokenizerError) {
        try self.init(document: try ByteJSONReader.read(tokenizerJSON))
    }

    /// The same of a file that is parsed already.
    init(document: ByteJSON) throws(TokenizerError) {
        guard let model = document["model"], case .object? = model["vocab"] else {
            throw TokenizerError(
                .malformed, "tokenizer.json has no model.vocab object",
                hint: "give the tokenizer.json of a BERT-type model")
        }
        if let type = model["type"]?.text, type != "WordPiece" {
            throw TokenizerError(
                .unsupported, "tokenizer.json holds a \(type) model",
                hint: "WordPiece is the one that this reader knows")
        }
        var entries = try Vocabulary.entries(model["vocab"], "tokenizer.json")
        let added = try AddedToken.list(document)
        entries.append(contentsOf: added.map { ($0.content, Int($0.id)) })
        try self.init(
            tokens: try Vocabulary.ordered(entries, "tokenizer.json"),
            options: try Self.options(normalizer: document["normalizer"]),
            unknown: model["unk_token"]?.text ?? "[UNK]",
            prefix: model["continuing_subword_prefix"]?.text ?? "##",
            maximumWordLength: model["max_input_chars_per_word"]?.integer ?? 100,
            addedTokens: added)
        let frame = try SequenceFrame(document["post_processor"])
        let usual = SequenceFrame(prefix: [classifyID], suffix: [separatorID])
        guard frame == SequenceFrame() || frame == usual else {
            throw TokenizerError(
                .unsupported,
                "tokenizer.json puts something else than [CLS] and [SEP] around a text",
                hint: "a BERT-type model wants [CLS] … [SEP]")
        }
        if let type = document["pre_tokenizer"]?["type"]?.text, type != "BertPreTokenizer" {
            throw TokenizerError(
                .unsupported, "tokenizer.json asks for the pre-tokenizer \(type)",
                hint: "BertPreTokenizer is the one that goes with WordPiece here")
        }
    }

    private static func options(normalizer: ByteJSON?) throws(TokenizerError) -> Options {
        guard let normalizer, !normalizer.isNull else {
            return Options(
                lowercase: false, stripAccents: false, handleChineseCharacters: false,
                cleanText: false)
        }
        guard normalizer["type"]?.text == "BertNormalizer" else {
            throw TokenizerError(
                .unsupported,
                "tokenizer.json asks for the normalizer \(normalizer["type"]?.text ?? "?")",
                hint: "BertNormalizer is the one that this reader knows")
        }
        let lowercase = normalizer["lowercase"]?.truth ?? true
        return Options(
            lowercase: lowercase,
            // strip_accents: null means "as lowercase says".
            stripAccents: normalizer["strip_accents"]?.truth ?? lowercase,
            handleChineseCharacters: normalizer["handle_chinese_chars"]?.truth ?? true,
            cleanText: normalizer["clean_text"]?.truth ?? true)
    }
}
