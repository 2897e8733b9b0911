extension TokenizerFiles {
    /// `vocab.json` and `merges.txt`: GPT-2, RoBERTa, Qwen2. Which of them, `tokenizer_class` says;
    /// without it a vocabulary with `<s>`, `</s>` and `<mask>` is RoBERTa's, any other GPT-2's.
    static func bytePair(
        _ vocabulary: [UInt8], _ merges: [UInt8], _ roles: [ByteJSON]
    ) throws(TokenizerError) -> any TextTokenizer {
        let entries = try Vocabulary.entries(try ByteJSONReader.read(vocabulary), "vocab.json")
        let vocabularyTokens = try Vocabulary.ordered(entries, "vocab.json")
        var added = try AddedToken.list(configuration: roles.first)
        let all = entries + added.map { (token: $0.content, id: Int($0.id)) }
        let tokens = try Vocabulary.ordered(all, "tokenizer_config.json")
        var names = TokenNames(tokens, added)
        let family = Family(roles, names)
        if added.isEmpty {
            added = family.usualTokens(names, roles)
            names = TokenNames(tokens, added)
        }
        var special = SpecialTokens(names, roles)
        special.fill(from: family.usualRoles(names))
        var frame = SequenceFrame()
        if family == .roberta, let begin = special.begin, let end = special.end {
            frame = SequenceFrame(prefix: [begin], suffix: [end])
        }
        var options = BytePairModel.Options()
        options.isByteLevel = true
        let addsSpace = roles.lazy.compactMap { $0["add_prefix_space"]?.truth }.first ?? false
        let steps: [PreTokenizer.Step] = [
            .words(family == .qwen2 ? .llama3(digits: 1) : .gpt2)
        ]
        let pairs = try self.pairs(merges)
        return try SubwordTokenizer(
            SubwordTokenizer.Parts(
                model: .bytePair(
                    BytePairModel(
                        tokens: vocabularyTokens,
                        merges: try BytePairModel.merges(
                            pairs, TokenTable(vocabularyTokens), [], "merges.txt"),
                        options: options)),
                tokens: tokens, added: added,
                normalizer: Normalizer(steps: family == .qwen2 ? [.form(.nfc)] : []),
                preTokenizer: PreTokenizer(
                    steps: addsSpace ? [.prefixSpace] + steps : steps, isByteLevel: true),
                frame: frame, decoder: TokenDecoder(steps: [.byteLevel]), special: special))
    }

    /// One merge a line, behind a line `#version: …`.
    private static func pairs(
        _ merges: [UInt8]
    ) throws(TokenizerError) -> [(left: [UInt8], right: [UInt8])] {
        var pairs: [(left: [UInt8], right: [UInt8])] = []
        for line in merges.split(separator: 0x0A) {
            let line = line.last == 0x0D ? line.dropLast() : line
            guard !line.isEmpty, !line.starts(with: Array("#version".utf8)) else { continue }
            pairs.append(try BytePairModel.pair(line, "merges.txt"))
        }
        return pairs
    }

    private enum Family {
        case gpt2, roberta, qwen2

        init(_ roles: [ByteJSON], _ names: TokenNames) {
            let name = roles.lazy.compactMap { $0["tokenizer_class"]?.text }.first ?? ""
            let marks = ["<s>", "</s>", "<mask>"].map { names.id(of: Array($0.utf8)) }
            if name.hasPrefix("Qwen2") {
                self = .qwen2
            } else if name.hasPrefix("Roberta") || (name.isEmpty && marks.allSatisfy { $0 != nil })
            {
                self = .roberta
            } else {
                self = .gpt2
            }
        }

        /// The special tokens of a vocabulary that comes without a list of them.
        func usualTokens(_ names: TokenNames, _ roles: [ByteJSON]) -> [AddedToken] {
            let usual: [String] =
                switch self {
                case .gpt2: ["<|endoftext|>"]
                case .roberta: ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
                case .qwen2: ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
                }
            var found: [AddedToken] = []
            for name in usual {
                guard let id = names.id(of: Array(name.utf8)) else { continue }
                found.append(
                    AddedToken(
                        id: id, content: Array(name.utf8), isSpecial: true,
                        stripsLeft: self == .roberta && name == "<mask>"))
            }
            return found
        }

        func usualRoles(_ names: TokenNames) -> SpecialTokens {
            func id(_ name: String) -> Int32? { names.id(of: Array(name.utf8)) }
            return switch self {
            case .gpt2:
                SpecialTokens(
                    begin: id("<|endoftext|>"), end: id("<|endoftext|>"),
                    unknown: id("<|endoftext|>"))
            case .roberta:
                SpecialTokens(
                    begin: id("<s>"), end: id("</s>"), pad: id("<pad>"), unknown: id("<unk>"),
                    mask: id("<mask>"))
            case .qwen2: SpecialTokens(end: id("<|endoftext|>"), pad: id("<|endoftext|>"))
            }
        }
    }
}

extension SpecialTokens {
    /// Takes over the roles that are not filled.
    fileprivate mutating func fill(from other: SpecialTokens) {
        begin = begin ?? other.begin
        end = end ?? other.end
        pad = pad ?? other.pad
        unknown = unknown ?? other.unknown
        mask = mask ?? other.mask
    }
}
