extension SubwordTokenizer {
    /// A tokenizer that does what SentencePiece's own encoder does with a model.
    ///
    /// Control, unknown and user-defined pieces are found in the text as it comes; everything else
    /// is normalised, spaces become U+2581, and the model cuts it up.
    convenience init(
        sentencePiece file: SentencePieceFile, frame: SequenceFrame, special: SpecialTokens
    ) throws(TokenizerError) {
        guard file.escapesSpaces else {
            throw TokenizerError(
                .unsupported, "the SentencePiece model keeps spaces as they are",
                hint: "models with escape_whitespaces are read")
        }
        let tokens = file.pieces.map(\.text)
        let unknown = file.pieces.firstIndex { $0.kind == .unknown }.map { Int32($0) }
        let map = file.characterMap.isEmpty ? nil : try CharacterMap(file.characterMap)
        let metaspace = PreTokenizer.Metaspace(
            mark: PreTokenizer.Metaspace.usualMark,
            prefix: file.addsDummyPrefix ? .dummy : .never, splits: false)
        let spaces = file.removesExtraSpaces ? Int.max : file.addsDummyPrefix ? 1 : 0
        try self.init(
            Parts(
                model: try Self.model(file, unknown), tokens: tokens,
                added: file.pieces.enumerated().compactMap { id, piece in
                    switch piece.kind {
                    case .control, .unknown:
                        AddedToken(id: Int32(id), content: piece.text, isSpecial: true)
                    case .userDefined: AddedToken(id: Int32(id), content: piece.text)
                    case .normal, .unused, .byte: nil
                    }
                },
                normalizer: Normalizer(
                    steps: [
                        .sentencePiece(
                            SentencePieceNormalizer(
                                map: map, removesExtraSpaces: file.removesExtraSpaces))
                    ]),
                preTokenizer: PreTokenizer(steps: [.metaspace(metaspace)], isByteLevel: false),
                frame: frame,
                decoder: TokenDecoder(
                    steps: [
                        .replace(PreTokenizer.Metaspace.usualMark, with: [0x20]), .byteFallback,
                        .fuse, .strip([0x20], left: spaces, right: 0),
                    ]),
                special: special))
    }

    private static func model(
        _ file: SentencePieceFile, _ unknown: Int32?
    ) throws(TokenizerError) -> Model {
        /// The pieces of some kinds; the others are holes.
        func pieces(_ kinds: Set<SentencePieceKind>) -> [[UInt8]] {
            file.pieces.map { kinds.contains($0.kind) ? $0.text : [] }
        }
        let scores = file.pieces.map(\.score)
        guard file.isBytePair else {
            var options = UnigramModel.Options()
            options.unknown = unknown
            options.fallsBackToBytes = file.fallsBackToBytes
            options.isSingle = true
            let normal = file.pieces.filter { $0.kind == .normal }
            return .unigram(
                try UnigramModel(
                    tokens: pieces([.normal, .userDefined]), scores: scores,
                    lowest: normal.map(\.score).min() ?? 0, bytePieces: pieces([.byte]),
                    options: options))
        }
        var options = BytePairModel.Options()
        options.unknown = unknown
        options.fallsBackToBytes = file.fallsBackToBytes
        options.fusesUnknown = true
        return .bytePair(
            BytePairModel(
                tokens: pieces([.normal, .userDefined, .byte]),
                merges: merges(pieces([.normal]), scores: scores), options: options))
    }

    /// The merges that pieces with scores stand for: two pieces side by side merge if they are a
    /// piece together, the one of the highest score first. Equal scores are of one rank.
    private static func merges(
        _ tokens: [[UInt8]], scores: [Double]
    ) -> [(left: Int32, right: Int32, rank: Int32, id: Int32)] {
        let table = TokenTable(tokens)
        let ranks = Dictionary(
            Set(scores).sorted(by: >).enumerated().map { ($1, Int32($0)) },
            uniquingKeysWith: { first, _ in first })
        var merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)] = []
        for (id, token) in tokens.enumerated() where token.count > 1 {
            for cut in 1..<token.count where token[cut] & 0xC0 != 0x80 {
                if let left = table.id(of: Array(token[..<cut])),
                    let right = table.id(of: Array(token[cut...])), let rank = ranks[scores[id]]
                {
                    merges.append((left, right, rank, Int32(id)))
                }
            }
        }
        return merges
    }
}
