extension TokenizerFiles {
    /// Reads the tokenizer out of a GGUF file.
    ///
    /// `tokenizer.ggml.model` `gpt2` is byte-level BPE, whose words `tokenizer.ggml.pre` names;
    /// `llama` is SentencePiece BPE.
    ///
    /// - Throws: `TokenizerError`: none in the file, damaged, or unsupported.
    public static func load(gguf: GGUFFile) throws(TokenizerError) -> any TextTokenizer {
        try load(metadata: gguf.metadata)
    }

    /// The same of a file's metadata.
    static func load(
        metadata: [String: GGUFValue]
    ) throws(TokenizerError) -> any TextTokenizer {
        try GGUFVocabulary(metadata).tokenizer()
    }
}

/// What the metadata of a GGUF file say about its tokenizer.
///
/// Keys: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; kinds of tokens as
/// SentencePiece numbers them.
struct GGUFVocabulary {
    let model: String
    private let metadata: [String: GGUFValue]
    private let tokens: [[UInt8]]
    private let kinds: [SentencePieceKind]

    init(_ metadata: [String: GGUFValue]) throws(TokenizerError) {
        guard let model = metadata["tokenizer.ggml.model"]?.stringValue,
            let tokens = metadata["tokenizer.ggml.tokens"]?.strings, !tokens.isEmpty
        else {
            throw TokenizerError(
                .emptyVocabulary, "the GGUF file holds no tokenizer",
                hint: "convert the model again, with its tokenizer")
        }
        self.model = model
        self.metadata = metadata
        self.tokens = tokens
        if let numbers = metadata["tokenizer.ggml.token_type"]?.integers {
            guard numbers.count == tokens.count else { throw Self.damaged("token_type") }
            kinds = numbers.map { SentencePieceKind(rawValue: $0) ?? .normal }
        } else {
            kinds = Array(repeating: .normal, count: tokens.count)
        }
        for name in ["bos", "eos", "padding", "unknown", "mask"] {
            guard let id = metadata["tokenizer.ggml.\(name)_token_id"] else { continue }
            guard let id = id.intValue, tokens.indices.contains(id) else {
                throw Self.damaged("\(name)_token_id")
            }
        }
    }

    private static func damaged(_ key: String) -> TokenizerError {
        TokenizerError(
            .malformed, "the GGUF file's tokenizer.ggml.\(key) does not fit its tokens",
            hint: "convert the model again")
    }

    /// The tokenizer of the kind that the file names.
    func tokenizer() throws(TokenizerError) -> SubwordTokenizer {
        switch model {
        case "gpt2": return try bytePairTokenizer()
        case "llama":
            return try SubwordTokenizer(
                sentencePiece: try sentencePieceFile(), frame: frame(addsBegin: true),
                special: special)
        default:
            throw TokenizerError(
                .unsupported, "the GGUF file has a tokenizer of the kind '\(model)'",
                hint: "gpt2 (byte-level BPE) and llama (SentencePiece) are read")
        }
    }

    private func id(_ name: String) -> Int32? {
        metadata["tokenizer.ggml.\(name)_token_id"]?.intValue.map(Int32.init)
    }

    private func flag(_ name: String) -> Bool? { metadata["tokenizer.ggml.\(name)"]?.boolValue }

    private var special: SpecialTokens {
        SpecialTokens(
            begin: id("bos"), end: id("eos"), pad: id("padding"), unknown: id("unknown"),
            mask: id("mask"))
    }

    private func frame(addsBegin: Bool) -> SequenceFrame {
        SequenceFrame(
            prefix: flag("add_bos_token") ?? addsBegin ? [id("bos")].compactMap { $0 } : [],
            suffix: flag("add_eos_token") ?? false ? [id("eos")].compactMap { $0 } : [])
    }

    /// Control and user-defined tokens, found in the text as it comes.
    private var added: [AddedToken] {
        tokens.indices.compactMap { id in
            switch kinds[id] {
            case .control, .unknown:
                AddedToken(id: Int32(id), content: tokens[id], isSpecial: true)
            case .userDefined:
                AddedToken(id: Int32(id), content: tokens[id])
            case .normal, .unused, .byte:
                nil
            }
        }
    }

    /// Byte-level BPE with merges.
    private func bytePairTokenizer() throws(TokenizerError) -> SubwordTokenizer {
        guard let lines = metadata["tokenizer.ggml.merges"]?.strings else {
            throw Self.damaged("merges")
        }
        let name = metadata["tokenizer.ggml.pre"]?.stringValue
        guard let words = GGUFWords(name: name) else {
            throw TokenizerError(
                .unsupported,
                "the GGUF file cuts text into words as '\(name ?? "(nothing named)")' does",
                hint: "gpt-2, smollm, llama-bpe and qwen2 are read; convert the model again if the "
                    + "file names nothing")
        }
        var pairs: [(left: [UInt8], right: [UInt8])] = []
        pairs.reserveCapacity(lines.count)
        for line in lines { pairs.append(try BytePairModel.pair(line[...], "GGUF")) }
        var options = BytePairModel.Options()
        options.isByteLevel = true
        options.ignoresMerges = words.ignoresMerges
        let merges = try BytePairModel.merges(pairs, TokenTable(tokens), [], "GGUF")
        // A token that text must not say is none that the model can make out of it.
        let reachable = tokens.indices.map { kinds[$0] == .normal ? tokens[$0] : [] }
        let steps: [PreTokenizer.Step] =
            flag("add_space_prefix") ?? false ? [.prefixSpace] + words.steps : words.steps
        return try SubwordTokenizer(
            SubwordTokenizer.Parts(
                model: .bytePair(
                    BytePairModel(tokens: reachable, merges: merges, options: options)),
                tokens: tokens, added: added,
                normalizer: Normalizer(steps: words.isComposed ? [.form(.nfc)] : []),
                preTokenizer: PreTokenizer(steps: steps, isByteLevel: true),
                frame: frame(addsBegin: false), decoder: TokenDecoder(steps: [.byteLevel]),
                special: special))
    }

    /// SentencePiece BPE: merges follow from the scores.
    func sentencePieceFile() throws(TokenizerError) -> SentencePieceFile {
        guard let scores = metadata["tokenizer.ggml.scores"]?.doubles,
            scores.count == tokens.count, scores.allSatisfy(\.isFinite)
        else { throw Self.damaged("scores") }
        var file = SentencePieceFile()
        file.pieces = zip(tokens, zip(scores, kinds)).map {
            SentencePieceFile.Piece(text: $0, score: $1.0, kind: $1.1)
        }
        file.isBytePair = true
        file.addsDummyPrefix = flag("add_space_prefix") ?? true
        file.removesExtraSpaces = flag("remove_extra_whitespaces") ?? false
        file.fallsBackToBytes = kinds.contains(.byte)
        if let id = special.begin { file.beginName = tokens[Int(id)] }
        if let id = special.end { file.endName = tokens[Int(id)] }
        if let id = special.pad { file.padName = tokens[Int(id)] }
        return file
    }
}

/// The ways to cut words that llama.cpp names in `tokenizer.ggml.pre`, as far as they are known here.
private struct GGUFWords {
    let steps: [PreTokenizer.Step]
    var isComposed = false
    var ignoresMerges = false

    init?(name: String?) {
        switch name {
        case "gpt-2", "gpt2", "roberta-bpe", "jina-en", "mpt", "olmo":
            steps = [.words(.gpt2)]
        case "smollm", "starcoder", "refact", "command-r", "codeshell":
            steps = [.digits(.isolated), .words(.gpt2)]
        case "llama-bpe", "llama3", "llama-v3":
            steps = [.words(.llama3(digits: 3))]
            ignoresMerges = true
        case "qwen2", "deepseek-r1-qwen":
            steps = [.words(.llama3(digits: 1))]
            isComposed = true
        default:
            return nil
        }
    }
}
