/// How tokens become text again, step by step; without a step they are joined by spaces.
struct TokenDecoder: Sendable {
    enum Step: Sendable {
        /// Tokens are written in the byte alphabet.
        case byteLevel
        /// A mark is a space, but at the start of the first token (unless it never had one).
        case metaspace(mark: [UInt8], dropsFirst: Bool)
        case replace([UInt8], with: [UInt8])
        /// `<0x0A>` is a byte.
        case byteFallback
        case fuse
        /// Takes up to so many of a scalar off each end of each token.
        case strip([UInt8], left: Int, right: Int)
        /// A suffix ends a word.
        case suffix([UInt8])
    }

    var steps: [Step]
    /// What stands between the tokens that the last step leaves.
    var separator: [UInt8] = []

    func decode(_ tokens: [[UInt8]]) -> [UInt8] {
        var tokens = tokens
        for step in steps { tokens = step.apply(tokens) }
        return Array(tokens.joined(separator: separator))
    }
}

extension TokenDecoder.Step {
    fileprivate func apply(_ tokens: [[UInt8]]) -> [[UInt8]] {
        switch self {
        case .byteLevel:
            return [tokens.flatMap { ByteAlphabet.decode($0) ?? $0 }]
        case .metaspace(let mark, let dropsFirst):
            return tokens.enumerated().map { index, token in
                Normalizer.Step.replacing(
                    token, mark, with: index == 0 && dropsFirst ? [] : [0x20])
            }
        case .replace(let pattern, let content):
            return tokens.map { Normalizer.Step.replacing($0, pattern, with: content) }
        case .byteFallback:
            return tokens.map { token in ByteFallback.byte(token).map { [$0] } ?? token }
        case .fuse:
            return [Array(tokens.joined())]
        case .strip(let content, let left, let right):
            return tokens.map { Self.stripped($0, content, left, right) }
        case .suffix(let suffix):
            return tokens.enumerated().map { index, token in
                Normalizer.Step.replacing(
                    token, suffix, with: index == tokens.count - 1 ? [] : [0x20])
            }
        }
    }

    private static func stripped(
        _ token: [UInt8], _ content: [UInt8], _ left: Int, _ right: Int
    ) -> [UInt8] {
        var rest = token[...]
        var count = 0
        while count < left, rest.starts(with: content) {
            rest = rest.dropFirst(content.count)
            count += 1
        }
        count = 0
        while count < right, rest.count >= content.count,
            rest.suffix(content.count).elementsEqual(content)
        {
            rest = rest.dropLast(content.count)
            count += 1
        }
        return Array(rest)
    }
}

extension TokenDecoder {
    /// Reads `decoder` of a tokenizer.json.
    init(_ json: ByteJSON?) throws(TokenizerError) {
        steps = []
        guard let json, !json.isNull else {
            separator = [0x20]
            return
        }
        try read(json)
    }

    private mutating func read(_ json: ByteJSON) throws(TokenizerError) {
        switch json["type"]?.text {
        case "Sequence":
            for part in json["decoders"]?.elements ?? [] { try read(part) }
        case "ByteLevel":
            steps.append(.byteLevel)
        case "Metaspace":
            let prefix = try PreTokenizer.Metaspace(json).prefix
            let mark = json["replacement"]?.bytes ?? PreTokenizer.Metaspace.usualMark
            steps.append(.metaspace(mark: mark, dropsFirst: prefix != .never))
        case "Replace":
            guard let pattern = json["pattern"]?["String"]?.bytes, !pattern.isEmpty,
                let content = json["content"]?.bytes
            else { throw TokenizerError.damaged("decoder") }
            steps.append(.replace(pattern, with: content))
        case "ByteFallback":
            steps.append(.byteFallback)
        case "Fuse":
            steps.append(.fuse)
        case "Strip":
            guard let content = json["content"]?.bytes, !content.isEmpty,
                let left = json["start"]?.integer, let right = json["stop"]?.integer
            else { throw TokenizerError.damaged("decoder") }
            steps.append(.strip(content, left: left, right: right))
        case "BPEDecoder":
            steps.append(.suffix(json["suffix"]?.bytes ?? Array("</w>".utf8)))
        case let type:
            throw TokenizerError.unsupported("decoder", type)
        }
    }
}
