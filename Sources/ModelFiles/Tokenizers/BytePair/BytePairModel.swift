/// Byte-pair encoding of words (Sennrich et al. 2016), with the options of Hugging Face's `BPE`.
struct BytePairModel: Sendable {
    struct Options: Sendable {
        /// Each byte is a symbol; the vocabulary is written in `ByteAlphabet`.
        var isByteLevel = false
        /// A word that is a token is that token, whatever the merges say (Llama 3).
        var ignoresMerges = false
        /// A character without a token becomes `<0xNN>` tokens.
        var fallsBackToBytes = false
        /// Neighbouring unknown characters become one unknown token.
        var fusesUnknown = false
        var unknown: Int32?
        var continuingPrefix: [UInt8] = []
        var endSuffix: [UInt8] = []
    }

    let options: Options
    /// Tokens by the text that they match.
    private let table: TokenTable
    let merges: MergeTable
    /// The symbol of each byte (byte-level) or ASCII character, -1 where there is none.
    private let symbols: [Int32]
    /// The `<0xNN>` tokens, if all of them are there… or -1.
    private let byteTokens: [Int32]
    /// The mark before which a text may be cut into words, because no token reaches across: then a
    /// model that takes whole texts need not, and words can be kept. Empty: nowhere.
    private let cut: [UInt8]

    /// Whether no text can hold a symbol that is unknown.
    var knowsAllBytes: Bool { options.isByteLevel && symbols.allSatisfy { $0 >= 0 } }

    /// - Parameter tokens: the model's vocabulary by id, as it is spelled.
    init(
        tokens: [[UInt8]], merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)],
        options: Options
    ) {
        self.options = options
        let spelled = TokenTable(tokens)
        table =
            options.isByteLevel
            ? TokenTable(tokens.map { ByteAlphabet.decode($0) ?? [] }) : spelled
        self.merges = MergeTable(merges)
        let table = table
        symbols = (0..<(options.isByteLevel ? 256 : 128)).map { byte in
            table.id(of: [UInt8(byte)]) ?? -1
        }
        byteTokens = (0..<256).map { byte in
            spelled.id(of: ByteFallback.token(UInt8(byte))) ?? -1
        }
        cut = Self.cut(tokens, merges, spelled, options)
    }

    private static func cut(
        _ tokens: [[UInt8]], _ merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)],
        _ table: TokenTable, _ options: Options
    ) -> [UInt8] {
        let mark: [UInt8] = [0xE2, 0x96, 0x81]
        guard !options.isByteLevel, !options.ignoresMerges, table.id(of: mark) != nil,
            options.continuingPrefix.isEmpty, options.endSuffix.isEmpty
        else { return [] }
        for merge in merges {
            let token = tokens[Int(merge.id)]
            for index in token.indices.dropFirst()
            where token[index...].starts(with: mark)
                && !token[..<index].suffix(3).elementsEqual(mark)
            {
                return []
            }
        }
        return mark
    }

    /// Appends the ids of a word.
    func append(
        _ text: [UInt8], _ word: Range<Int>, to ids: inout [Int32],
        _ scratch: inout TokenizerScratch
    ) {
        guard !cut.isEmpty else { return appendPart(text, word, to: &ids, &scratch) }
        var start = word.lowerBound
        var index = start + 1
        while index + 3 <= word.upperBound {
            if text[index] == 0xE2, text[index + 1] == 0x96, text[index + 2] == 0x81,
                index - start < 3 || text[index - 1] != 0x81 || text[index - 2] != 0x96
                    || text[index - 3] != 0xE2
            {
                appendPart(text, start..<index, to: &ids, &scratch)
                start = index
            }
            index += 1
        }
        appendPart(text, start..<word.upperBound, to: &ids, &scratch)
    }

    private func appendPart(
        _ text: [UInt8], _ word: Range<Int>, to ids: inout [Int32],
        _ scratch: inout TokenizerScratch
    ) {
        let isShort = word.count <= WordCache.longestWord
        let hash = isShort || options.ignoresMerges ? WordCache.hash(text, word) : 0
        if isShort, scratch.cache.appendIDs(of: text, word, hash: hash, to: &ids) { return }
        let first = ids.count
        if options.ignoresMerges,
            let id = table.id(prefix: [], word: text, range: word, hash: hash)
        {
            ids.append(id)
        } else {
            scratch.chain.symbols.removeAll(keepingCapacity: true)
            if options.isByteLevel {
                appendBytes(text, word, to: &scratch.chain.symbols)
            } else {
                appendScalars(text, word, to: &scratch.chain.symbols)
            }
            scratch.chain.merge(merges)
            ids.append(contentsOf: scratch.chain.symbols)
        }
        if isShort { scratch.cache.insert(text, word, hash: hash, ids: ids[first...]) }
    }

    private func appendBytes(_ text: [UInt8], _ word: Range<Int>, to found: inout [Int32]) {
        var isAfterUnknown = false
        for index in word {
            let symbol = symbols[Int(text[index])]
            if symbol >= 0 {
                found.append(symbol)
                isAfterUnknown = false
            } else {
                appendUnknown(to: &found, &isAfterUnknown)
            }
        }
    }

    private func appendUnknown(to found: inout [Int32], _ isAfterUnknown: inout Bool) {
        // Without an unknown token the character is lost, as it is there.
        guard let unknown = options.unknown else { return }
        if !(isAfterUnknown && options.fusesUnknown) { found.append(unknown) }
        isAfterUnknown = true
    }

    private func appendScalars(_ text: [UInt8], _ word: Range<Int>, to found: inout [Int32]) {
        var isAfterUnknown = false
        var index = word.lowerBound
        while index < word.upperBound {
            let (scalar, length) = UTF8Scalars.scalar(text, at: index, limit: word.upperBound)
            let end = index + length
            if let id = symbol(text, index..<end, of: word, scalar) {
                found.append(id)
                isAfterUnknown = false
            } else if options.fallsBackToBytes,
                text[index..<end].allSatisfy({ byteTokens[Int($0)] >= 0 })
            {
                for byte in text[index..<end] { found.append(byteTokens[Int(byte)]) }
                isAfterUnknown = false
            } else {
                appendUnknown(to: &found, &isAfterUnknown)
            }
            index = end
        }
    }

    private func symbol(
        _ text: [UInt8], _ range: Range<Int>, of word: Range<Int>, _ scalar: Unicode.Scalar
    ) -> Int32? {
        let isFirst = range.lowerBound == word.lowerBound
        let isLast = range.upperBound == word.upperBound
        if (isFirst || options.continuingPrefix.isEmpty) && (!isLast || options.endSuffix.isEmpty) {
            if scalar.isASCII {
                let id = symbols[Int(scalar.value)]
                return id < 0 ? nil : id
            }
            return table.id(
                prefix: [], word: text, range: range, hash: WordCache.hash(text, range))
        }
        let prefix = isFirst ? [] : options.continuingPrefix
        return table.id(of: prefix + text[range] + (isLast ? options.endSuffix : []))
    }
}

/// `<0x0A>`: the tokens that stand for single bytes in SentencePiece vocabularies.
enum ByteFallback {
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func token(_ byte: UInt8) -> [UInt8] {
        Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ">")]
    }

    /// The byte that a token stands for. The digits may be of either case.
    static func byte(_ token: some Collection<UInt8>) -> UInt8? {
        guard token.count == 6, token.starts(with: Array("<0x".utf8)),
            token.dropFirst(5).first == UInt8(ascii: ">")
        else { return nil }
        let text = String(decoding: token.dropFirst(3).prefix(2), as: UTF8.self)
        return text.utf8.allSatisfy { $0 != UInt8(ascii: "+") } ? UInt8(text, radix: 16) : nil
    }
}

/// What an encoder needs at hand and does not want to allocate anew for each text.
struct TokenizerScratch {
    var cache = WordCache()
    var chain = SymbolChain()
    var words: [Range<Int>] = []
    var lattice = UnigramLattice()
}
