extension PreTokenizer {
    /// Reads `pre_tokenizer` of a tokenizer.json.
    init(_ json: ByteJSON?) throws(TokenizerError) {
        steps = []
        isByteLevel = false
        if let json, !json.isNull { try read(json) }
    }

    private mutating func read(_ json: ByteJSON) throws(TokenizerError) {
        switch json["type"]?.text {
        case "Sequence":
            for part in json["pretokenizers"]?.elements ?? [] { try read(part) }
        case "ByteLevel":
            isByteLevel = true
            if json["add_prefix_space"]?.truth ?? true { steps.append(.prefixSpace) }
            if json["use_regex"]?.truth ?? true { steps.append(.words(.gpt2)) }
        case "Split":
            try read(split: json)
        case "Digits":
            let isIndividual = json["individual_digits"]?.truth ?? false
            steps.append(.digits(isIndividual ? .isolated : .contiguous))
        case "WhitespaceSplit":
            steps.append(.whitespace)
        case "Metaspace":
            steps.append(.metaspace(try Metaspace(json)))
        case let type:
            throw TokenizerError.unsupported("pre-tokenizer", type)
        }
        // Behind the byte alphabet a text is other characters: what follows would see those.
        if isByteLevel, let last = json["pretokenizers"]?.elements?.last,
            last["type"]?.text != "ByteLevel"
        {
            throw TokenizerError.unsupported(
                "pre-tokenizer", "\(last["type"]?.text ?? "?") behind ByteLevel")
        }
    }

    private mutating func read(split json: ByteJSON) throws(TokenizerError) {
        guard let behavior = json["behavior"]?.text.flatMap(SplitBehavior.init(rawValue:)) else {
            throw TokenizerError.damaged("pre-tokenizer")
        }
        if json["invert"]?.truth ?? false {
            throw TokenizerError.unsupported("pre-tokenizer", "Split with invert")
        }
        if let literal = json["pattern"]?["String"]?.bytes, !literal.isEmpty {
            steps.append(.literal(literal, behavior))
            return
        }
        guard let pattern = json["pattern"]?["Regex"]?.text else {
            throw TokenizerError.damaged("pre-tokenizer")
        }
        guard let scanner = WordScanner(pattern: pattern) else {
            throw TokenizerError(
                .unsupported, "tokenizer.json splits at the unknown pattern \(pattern)",
                hint: "docs/tokenizers.md lists the patterns that are read")
        }
        // The patterns match everything, so only these two behave alike.
        guard behavior == .isolated || behavior == .mergedWithPrevious else {
            throw TokenizerError.unsupported("pre-tokenizer", "Split \(behavior.rawValue)")
        }
        steps.append(.words(scanner))
    }
}

extension PreTokenizer.Metaspace {
    /// U+2581.
    static let usualMark: [UInt8] = [0xE2, 0x96, 0x81]

    /// Reads a Metaspace, of today's form or with `add_prefix_space`.
    init(_ json: ByteJSON) throws(TokenizerError) {
        mark = json["replacement"]?.bytes ?? Self.usualMark
        guard !mark.isEmpty else { throw TokenizerError.damaged("Metaspace") }
        if let scheme = json["prepend_scheme"]?.text {
            guard let prefix = Prefix(rawValue: scheme), prefix != .dummy else {
                throw TokenizerError.unsupported("Metaspace", "prepend scheme \(scheme)")
            }
            self.prefix = prefix
        } else {
            prefix = json["add_prefix_space"]?.truth ?? true ? .always : .never
        }
        splits = json["split"]?.truth ?? true
    }
}

extension WordScanner {
    /// The regular expression, as Hugging Face's files spell it.
    var pattern: String {
        let space = #"\s+(?!\S)|\s+"#
        switch self {
        case .gpt2:
            return #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|"# + space
        case .llama3(let digits):
            return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
                + (digits == 1 ? "" : "{1,\(digits)}")
                + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"# + space
        }
    }

    /// The scanner that does what a regular expression does, nil for an unknown one.
    init?(pattern: String) {
        let known: [WordScanner] = [.gpt2, .llama3(digits: 3), .llama3(digits: 1)]
        // The same contractions, written shorter.
        let spelled = pattern.replacing(
            "'(?:[sdmt]|ll|ve|re)| ?", with: "'s|'t|'re|'ve|'m|'ll|'d| ?")
        guard let scanner = known.first(where: { $0.pattern == spelled }) else { return nil }
        self = scanner
    }
}
