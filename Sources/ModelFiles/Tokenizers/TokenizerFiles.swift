/// Makes the tokenizer that a model's files describe.
public enum TokenizerFiles {
    /// The names of the files that say something about a tokenizer; others are not looked at.
    public static let names: [String] = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt",
        "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja",
    ]

    /// Reads the tokenizer out of a model's files, by their names.
    ///
    /// In this order: `tokenizer.json`, `tokenizer.model` (SentencePiece), `vocab.json` with
    /// `merges.txt` (byte-level BPE), `vocab.txt` (WordPiece). `tokenizer_config.json` and
    /// `special_tokens_map.json` tell the roles of special tokens.
    ///
    /// - Throws: `TokenizerError`: no tokenizer among the files, damaged, or unsupported.
    public static func load(
        _ files: [String: [UInt8]]
    ) throws(TokenizerError) -> any TextTokenizer {
        if let bytes = files["tokenizer.json"] {
            let document = try ByteJSONReader.read(bytes)
            if isWordPiece(document["model"]) {
                return try WordPieceTokenizer(document: document)
            }
            let roles = try roleFiles(files)
            return try SubwordTokenizer(document: document) { SpecialTokens($0, roles) }
        }
        if let model = files["tokenizer.model"] {
            return try sentencePiece(model, try roleFiles(files))
        }
        if let vocabulary = files["vocab.json"], let merges = files["merges.txt"] {
            return try bytePair(vocabulary, merges, try roleFiles(files))
        }
        if let vocabulary = files["vocab.txt"] {
            return try WordPieceTokenizer(
                vocabulary: vocabulary, options: wordPieceOptions(try roleFiles(files)))
        }
        throw TokenizerError(
            .emptyVocabulary, "the model's files hold no tokenizer",
            hint: "tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt "
                + "belongs to a model")
    }

    /// Whether a model is WordPiece; old files leave its type out.
    private static func isWordPiece(_ model: ByteJSON?) -> Bool {
        if let type = model?["type"]?.text { return type == "WordPiece" }
        return model?["continuing_subword_prefix"] != nil && model?["merges"] == nil
    }

    /// BERT's options, by their names in tokenizer_config.json; uncased where it says nothing.
    private static func wordPieceOptions(_ roles: [ByteJSON]) -> WordPieceTokenizer.Options {
        let lowercase = flag("do_lower_case", roles) ?? true
        return WordPieceTokenizer.Options(
            lowercase: lowercase, stripAccents: flag("strip_accents", roles) ?? lowercase,
            handleChineseCharacters: flag("tokenize_chinese_chars", roles) ?? true)
    }

    /// A SentencePiece model with Llama's habit of opening a text with `<s>`, unless
    /// tokenizer_config.json says otherwise.
    private static func sentencePiece(
        _ model: [UInt8], _ roles: [ByteJSON]
    ) throws(TokenizerError) -> any TextTokenizer {
        let file = try SentencePieceFile(model: model)
        let names = TokenNames(file.pieces.map(\.text), [])
        var special = SpecialTokens(names, roles)
        special.begin = special.begin ?? names.id(of: file.beginName)
        special.end = special.end ?? names.id(of: file.endName)
        special.pad = special.pad ?? names.id(of: file.padName)
        special.unknown =
            special.unknown ?? file.pieces.firstIndex { $0.kind == .unknown }.map { Int32($0) }
        var frame = SequenceFrame()
        if flag("add_bos_token", roles) ?? true, let id = special.begin { frame.prefix = [id] }
        if flag("add_eos_token", roles) ?? false, let id = special.end { frame.suffix = [id] }
        return try SubwordTokenizer(sentencePiece: file, frame: frame, special: special)
    }

    private static func flag(_ name: String, _ documents: [ByteJSON]) -> Bool? {
        documents.lazy.compactMap { $0[name]?.truth }.first
    }

    /// The files that name special tokens, the more telling first.
    static func roleFiles(_ files: [String: [UInt8]]) throws(TokenizerError) -> [ByteJSON] {
        var documents: [ByteJSON] = []
        for name in ["tokenizer_config.json", "special_tokens_map.json"] {
            if let bytes = files[name] { documents.append(try ByteJSONReader.read(bytes)) }
        }
        return documents
    }
}
