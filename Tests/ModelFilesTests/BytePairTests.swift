import Testing

@testable import ModelFiles

/// Small byte-pair models: vocabularies of letters and of what merges make of them.
struct BytePairMaker {
    /// Tokens by id: the letters, then each merge's product.
    private(set) var tokens: [[UInt8]]
    private(set) var merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)] = []

    init(letters: String, extra: [String] = []) {
        tokens =
            letters.unicodeScalars.map { Array(String($0).utf8) } + extra.map { Array($0.utf8) }
    }

    /// `left right`, each a token already; the product becomes one if it is not yet.
    mutating func merge(_ left: String, _ right: String) throws {
        let product = Array((left + right).utf8)
        if !tokens.contains(product) { tokens.append(product) }
        func id(_ token: [UInt8]) throws -> Int32 {
            Int32(try #require(tokens.firstIndex(of: token)))
        }
        merges.append(
            (
                try id(Array(left.utf8)), try id(Array(right.utf8)), Int32(merges.count),
                try id(product)
            ))
    }

    func model(_ options: BytePairModel.Options = BytePairModel.Options()) -> BytePairModel {
        BytePairModel(tokens: tokens, merges: merges, options: options)
    }

    func ids(_ text: String, _ options: BytePairModel.Options = .init()) -> [Int32] {
        var ids: [Int32] = []
        var scratch = TokenizerScratch()
        let bytes = Array(text.utf8)
        model(options).append(bytes, 0..<bytes.count, to: &ids, &scratch)
        return ids
    }

    func pieces(_ text: String, _ options: BytePairModel.Options = .init()) -> [String] {
        ids(text, options).map { String(decoding: tokens[Int($0)], as: UTF8.self) }
    }
}

@Suite("Byte-pair encoding")
struct BytePairTests {
    /// Repeatedly the lowest-ranked pair, the leftmost of equals, anew each time: the definition.
    static func naive(_ symbols: [Int32], _ table: MergeTable) -> [Int32] {
        var symbols = symbols
        while true {
            let pairs = zip(symbols, symbols.dropFirst()).map { table[$0, $1] }
            guard let best = pairs.min(), best != MergeTable.none,
                let index = pairs.firstIndex(of: best)
            else { return symbols }
            symbols.replaceSubrange(index...index + 1, with: [MergeTable.id(best)])
        }
    }

    /// Merges drawn from a seed: every product is a symbol that may merge again.
    static func table(_ random: inout SplitMix) -> (MergeTable, Int32) {
        var next: Int32 = 4
        var merges: [(left: Int32, right: Int32, rank: Int32, id: Int32)] = []
        for rank in 0..<40 {
            let left = Int32(random.below(Int(next)))
            let right = Int32(random.below(Int(next)))
            guard !merges.contains(where: { $0.left == left && $0.right == right }) else {
                continue
            }
            merges.append((left, right, Int32(rank), next))
            next += 1
        }
        return (MergeTable(merges), next)
    }

    @Test("Search and heap give what the definition gives", arguments: 0..<80)
    func everySize(size: Int) {
        for round in 0..<20 {
            var random = SplitMix(seed: UInt64(size * 100 + round))
            let (table, _) = Self.table(&random)
            let symbols = (0..<size).map { _ in Int32(random.below(4)) }
            let wanted = Self.naive(symbols, table)
            var chain = SymbolChain()
            chain.symbols = symbols
            chain.merge(table)
            #expect(chain.symbols == wanted)
            guard size > 1 else { continue }
            chain.symbols = symbols
            chain.mergeBySearch(table)
            #expect(chain.symbols == wanted)
            chain.symbols = symbols
            chain.mergeByHeap(table)
            #expect(chain.symbols == wanted)
        }
    }

    @Test("Merges go by rank, then from the left")
    func ranks() throws {
        var maker = BytePairMaker(letters: "abc")
        try maker.merge("b", "c")
        try maker.merge("a", "b")
        try maker.merge("a", "a")
        #expect(maker.pieces("abc") == ["a", "bc"])
        #expect(maker.pieces("abab") == ["ab", "ab"])
        #expect(maker.pieces("aaa") == ["aa", "a"])
        #expect(maker.pieces("") == [])
    }

    @Test("A word that is a token is that token where merges are ignored")
    func ignoresMerges() throws {
        var maker = BytePairMaker(letters: "abc", extra: ["abc"])
        try maker.merge("a", "b")
        var options = BytePairModel.Options()
        #expect(maker.pieces("abc", options) == ["ab", "c"])
        options.ignoresMerges = true
        #expect(maker.pieces("abc", options) == ["abc"])
        #expect(maker.pieces("abcc", options) == ["ab", "c", "c"])
    }

    @Test("Unknown characters: lost, unknown, one unknown, or bytes")
    func unknown() {
        let bytes = (0...255).map { String(decoding: ByteFallback.token(UInt8($0)), as: UTF8.self) }
        let maker = BytePairMaker(letters: "ab", extra: ["?"] + bytes)
        var options = BytePairModel.Options()
        #expect(maker.pieces("aéöb", options) == ["a", "b"])
        options.unknown = 2
        #expect(maker.pieces("aéöb", options) == ["a", "?", "?", "b"])
        options.fusesUnknown = true
        #expect(maker.pieces("aéöb", options) == ["a", "?", "b"])
        options.fallsBackToBytes = true
        #expect(maker.pieces("aéb", options) == ["a", "<0xC3>", "<0xA9>", "b"])
    }

    @Test("Prefix and suffix mark where a piece stands in its word")
    func affixes() throws {
        var maker = BytePairMaker(letters: "ab", extra: ["a</w>", "b</w>"])
        var options = BytePairModel.Options()
        options.endSuffix = Array("</w>".utf8)
        try maker.merge("a", "b</w>")
        #expect(maker.pieces("ab", options) == ["ab</w>"])
        #expect(maker.pieces("aba", options) == ["a", "b", "a</w>"])
        let continued = BytePairMaker(letters: "ab", extra: ["##a", "##b"])
        options = BytePairModel.Options()
        options.continuingPrefix = Array("##".utf8)
        #expect(continued.pieces("aab", options) == ["a", "##a", "##b"])
    }

    @Test("Cutting whole texts at marks changes nothing", arguments: 0..<60)
    func cutting(seed: Int) throws {
        // With the last merge a token reaches across a mark, and texts are not cut.
        for reachesAcross in [false, true] {
            var maker = BytePairMaker(letters: "▁ab", extra: ["?"])
            for (left, right) in [("▁", "a"), ("a", "b"), ("▁", "▁"), ("▁a", "b"), ("▁▁", "▁a")] {
                try maker.merge(left, right)
            }
            if reachesAcross { try maker.merge("b", "▁") }
            var options = BytePairModel.Options()
            options.unknown = 3
            options.fusesUnknown = true
            var random = SplitMix(seed: UInt64(seed))
            let letters = Array("▁▁▁aabbü")
            let text = String((0..<seed).map { _ in letters[random.below(letters.count)] })
            let symbols = text.unicodeScalars.reduce(into: [Int32]()) { found, scalar in
                let id: Int32 = ["▁": 0, "a": 1, "b": 2][scalar] ?? 3
                if id != 3 || found.last != 3 { found.append(id) }
            }
            #expect(maker.ids(text, options) == Self.naive(symbols, MergeTable(maker.merges)))
        }
    }

    @Test("Bytes and their letters: all 256, there and back")
    func alphabet() {
        let bytes = (0...255).map { UInt8($0) }
        let written = ByteAlphabet.encode(bytes)
        #expect(ByteAlphabet.decode(written) == bytes)
        #expect(String(decoding: ByteAlphabet.encode(Array(" a\n".utf8)), as: UTF8.self) == "ĠaĊ")
        #expect(ByteAlphabet.decode(Array("a b".utf8)) == nil)
        #expect(ByteAlphabet.decode(Array("▁".utf8)) == nil)
        #expect(ByteAlphabet.decode([0xC3]) == nil)
    }

    @Test("Byte tokens are read in either case, and nothing else is")
    func byteTokens() {
        for byte in 0...255 {
            #expect(ByteFallback.byte(ByteFallback.token(UInt8(byte))) == UInt8(byte))
        }
        #expect(ByteFallback.byte(Array("<0x0a>".utf8)) == 10)
        for wrong in ["<0x0>", "<0x+A>", "<0xGG>", "<0x0A>>", "0x0A", "<1x0A>"] {
            #expect(ByteFallback.byte(Array(wrong.utf8)) == nil)
        }
    }

    @Test("The word cache forgets nothing that it claims to know")
    func cache() {
        var cache = WordCache()
        for round in 0..<3 {
            for number in 0..<20_000 {
                let word = Array("w\(number)".utf8)
                let hash = WordCache.hash(word, 0..<word.count)
                var ids: [Int32] = []
                if cache.appendIDs(of: word, 0..<word.count, hash: hash, to: &ids) {
                    #expect(ids == [Int32(number), 7])
                } else {
                    cache.insert(word, 0..<word.count, hash: hash, ids: [Int32(number), 7])
                    #expect(round == 0 || number >= 0)
                }
            }
        }
    }
}

/// SplitMix64 (Steele et al. 2014): test data from a seed.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
