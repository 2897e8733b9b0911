extension SubwordTokenizer {
    /// Reads a tokenizer.json whose model is BPE or Unigram.
    ///
    /// - Parameter special: the roles that the files beside it name.
    /// - Throws: `TokenizerError`: malformed, or with a part that is not read.
    convenience init(
        document: ByteJSON, special: (TokenNames) -> SpecialTokens
    ) throws(TokenizerError) {
        guard let model = document["model"] else { throw TokenizerError.damaged("model") }
        let preTokenizer = try PreTokenizer(document["pre_tokenizer"])
        let added = try AddedToken.list(document)
        var tokens: [[UInt8]]
        let built: Model
        switch model["type"]?.text ?? (model["merges"] == nil ? "Unigram" : "BPE") {
        case "BPE":
            tokens = try Vocabulary.ordered(
                try Vocabulary.entries(model["vocab"], "tokenizer.json"), "tokenizer.json")
            built = .bytePair(
                try BytePairModel(model, tokens, isByteLevel: preTokenizer.isByteLevel))
        case "Unigram":
            guard !preTokenizer.isByteLevel else {
                throw TokenizerError.unsupported("pre-tokenizer", "ByteLevel for a Unigram model")
            }
            let unigram = try UnigramModel.read(model)
            tokens = unigram.tokens
            built = .unigram(unigram.model)
        case let type:
            throw TokenizerError.unsupported("model", type)
        }
        let vocabulary = tokens.count
        for token in added where Int(token.id) >= tokens.count {
            guard Int(token.id) < vocabulary + added.count * 4 + 1024 else {
                throw TokenizerError.damaged("list of added tokens")
            }
            tokens.append(contentsOf: repeatElement([], count: Int(token.id) + 1 - tokens.count))
        }
        let unknown =
            model["unk_token"]?.bytes
            ?? model["unk_id"]?.integer.flatMap { tokens.indices.contains($0) ? tokens[$0] : nil }
        let names = TokenNames(tokens, added, unknown: unknown)
        try self.init(
            Parts(
                model: built, tokens: tokens, added: added,
                normalizer: try Normalizer(document["normalizer"]), preTokenizer: preTokenizer,
                frame: try SequenceFrame(document["post_processor"]),
                decoder: try TokenDecoder(document["decoder"]), special: special(names)))
    }
}

extension BytePairModel {
    init(
        _ json: ByteJSON, _ tokens: [[UInt8]], isByteLevel: Bool
    ) throws(TokenizerError) {
        guard let list = json["merges"]?.elements else { throw TokenizerError.damaged("merges") }
        if let dropout = json["dropout"]?.real, dropout > 0 {
            throw TokenizerError.unsupported("model", "BPE with dropout, which draws lots")
        }
        let table = TokenTable(tokens)
        var options = Options()
        options.isByteLevel = isByteLevel
        options.ignoresMerges = json["ignore_merges"]?.truth ?? false
        options.fallsBackToBytes = json["byte_fallback"]?.truth ?? false
        options.fusesUnknown = json["fuse_unk"]?.truth ?? false
        options.continuingPrefix = json["continuing_subword_prefix"]?.bytes ?? []
        options.endSuffix = json["end_of_word_suffix"]?.bytes ?? []
        if isByteLevel, !options.continuingPrefix.isEmpty || !options.endSuffix.isEmpty {
            throw TokenizerError.unsupported("model", "byte-level BPE with prefix or suffix")
        }
        if let unknown = json["unk_token"]?.bytes { options.unknown = table.id(of: unknown) }
        var pairs: [(left: [UInt8], right: [UInt8])] = []
        pairs.reserveCapacity(list.count)
        for merge in list {
            if let pair = merge.elements, pair.count == 2, let left = pair[0].bytes,
                let right = pair[1].bytes
            {
                pairs.append((left, right))
            } else if let line = merge.bytes {
                pairs.append(try Self.pair(line[...], "tokenizer.json"))
            } else {
                throw TokenizerError.damaged("merges")
            }
        }
        self.init(
            tokens: tokens,
            merges: try Self.merges(pairs, table, options.continuingPrefix, "tokenizer.json"),
            options: options)
    }

    /// `left right`.
    static func pair(
        _ line: ArraySlice<UInt8>, _ file: String
    ) throws(TokenizerError) -> (left: [UInt8], right: [UInt8]) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw Vocabulary.damaged(file, "a merge is not two tokens with a space between them")
        }
        return (Array(parts[0]), Array(parts[1]))
    }

    /// Pairs in the order of their rank, as ids.
    ///
    /// - Throws: `TokenizerError` if a part or the whole is no token.
    static func merges(
        _ pairs: [(left: [UInt8], right: [UInt8])], _ table: TokenTable, _ prefix: [UInt8],
        _ file: String
    ) throws(TokenizerError) -> [(left: Int32, right: Int32, rank: Int32, id: Int32)] {
        var merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)] = []
        merges.reserveCapacity(pairs.count)
        for (rank, pair) in pairs.enumerated() {
            guard let left = table.id(of: pair.left), let right = table.id(of: pair.right),
                let id = table.id(of: pair.left + pair.right.dropFirst(prefix.count))
            else {
                throw Vocabulary.damaged(
                    file,
                    "merge \(rank + 1) names a token that the vocabulary lacks")
            }
            merges.append((left, right, Int32(rank), id))
        }
        return merges
    }
}

extension UnigramModel {
    static func read(
        _ json: ByteJSON
    ) throws(TokenizerError) -> (model: UnigramModel, tokens: [[UInt8]]) {
        guard let list = json["vocab"]?.elements, !list.isEmpty else {
            throw TokenizerError.damaged("model")
        }
        var tokens: [[UInt8]] = []
        var scores: [Double] = []
        for entry in list {
            guard let pair = entry.elements, pair.count == 2, let token = pair[0].bytes,
                let score = pair[1].real, score.isFinite
            else { throw TokenizerError.damaged("model") }
            tokens.append(token)
            scores.append(score)
        }
        var options = Options()
        options.fallsBackToBytes = json["byte_fallback"]?.truth ?? false
        if let id = json["unk_id"]?.integer {
            guard tokens.indices.contains(id) else { throw TokenizerError.damaged("model") }
            options.unknown = Int32(id)
        }
        return (try UnigramModel(tokens: tokens, scores: scores, options: options), tokens)
    }
}
