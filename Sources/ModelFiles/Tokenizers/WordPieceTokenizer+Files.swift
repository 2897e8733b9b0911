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
        let document = try ByteJSONReader.read(tokenizerJSON)
        guard let model = document["model"], case .object(let vocabulary)? = model["vocab"] else {
            throw TokenizerError(
                .malformed, "tokenizer.json has no model.vocab object",
                hint: "give the tokenizer.json of a BERT-type model")
        }
        if let type = model["type"]?.text, type != "WordPiece" {
            throw TokenizerError(
                .unsupported, "tokenizer.json holds a \(type) model",
                hint: "WordPiece is the one that this reader knows")
        }
        var entries: [([UInt8], Int)] = []
        entries.reserveCapacity(vocabulary.count)
        for (token, value) in vocabulary {
            guard let id = value.integer else {
                throw TokenizerError(
                    .malformed, "tokenizer.json: a token's id is no number",
                    hint: "fetch the file again")
            }
            entries.append((token, id))
        }
        let added = try Self.addedTokens(document)
        entries.append(contentsOf: added.map { ($0.content, Int($0.id)) })
        try self.init(
            tokens: try Self.ordered(entries),
            options: try Self.options(normalizer: document["normalizer"]),
            unknown: model["unk_token"]?.text ?? "[UNK]",
            prefix: model["continuing_subword_prefix"]?.text ?? "##",
            maximumWordLength: model["max_input_chars_per_word"]?.integer ?? 100,
            addedTokens: added)
        if let type = document["pre_tokenizer"]?["type"]?.text, type != "BertPreTokenizer" {
            throw TokenizerError(
                .unsupported, "tokenizer.json asks for the pre-tokenizer \(type)",
                hint: "BertPreTokenizer is the one that goes with WordPiece here")
        }
    }

    /// Tokens in a dense array by id; a hole is an empty token.
    private static func ordered(_ entries: [([UInt8], Int)]) throws(TokenizerError) -> [[UInt8]] {
        // A bound on ids, so that one absurd id cannot ask for all memory.
        let limit = entries.count * 4 + 1024
        guard let last = entries.map(\.1).max(), last < limit,
            entries.allSatisfy({ $0.1 >= 0 })
        else {
            throw TokenizerError(
                .malformed, "tokenizer.json: token ids are missing or far out of range",
                hint: "fetch the file again")
        }
        var tokens = [[UInt8]](repeating: [], count: last + 1)
        for (token, id) in entries {
            guard tokens[id].isEmpty || tokens[id] == token else {
                throw TokenizerError(
                    .malformed, "tokenizer.json: two tokens share id \(id)",
                    hint: "fetch the file again")
            }
            tokens[id] = token
        }
        return tokens
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

    private static func addedTokens(_ document: ByteJSON) throws(TokenizerError) -> [AddedToken] {
        guard case .array(let list)? = document["added_tokens"] else { return [] }
        var tokens: [AddedToken] = []
        for entry in list {
            guard case .string(let content)? = entry["content"], !content.isEmpty,
                let number = entry["id"]?.integer, let id = Int32(exactly: number)
            else {
                throw TokenizerError(
                    .malformed, "tokenizer.json: an added token lacks its content or id",
                    hint: "fetch the file again")
            }
            tokens.append(
                AddedToken(
                    id: id, content: content, isSpecial: entry["special"]?.truth ?? false))
        }
        return tokens
    }
}
