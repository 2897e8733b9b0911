import Testing

@testable import ModelFiles

@Suite("Unigram models")
struct UnigramTests {
    static func ids(
        _ tokens: [(String, Double)], _ text: String, unknown: Int32? = 0, bytes: Bool = false
    ) throws -> [Int32] {
        var options = UnigramModel.Options()
        options.unknown = unknown
        options.fallsBackToBytes = bytes
        let model = try UnigramModel(
            tokens: tokens.map { Array($0.0.utf8) }, scores: tokens.map(\.1), options: options)
        var ids: [Int32] = []
        var scratch = TokenizerScratch()
        let text = Array(text.utf8)
        model.append(text, 0..<text.count, to: &ids, &scratch)
        return ids
    }

    /// The best score of all ways to cut the text, tried one by one.
    static func bestScore(_ tokens: [(String, Double)], _ text: [UInt8]) -> Double {
        guard !text.isEmpty else { return 0 }
        var best = -Double.infinity
        for (token, score) in tokens where text.starts(with: token.utf8) {
            best = max(best, score + bestScore(tokens, Array(text.dropFirst(token.utf8.count))))
        }
        return best
    }

    @Test("The likeliest way of all", arguments: 0..<60)
    func likeliest(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        var tokens: [(String, Double)] = [("<unk>", 0), ("a", -2.5), ("b", -3), ("é", -4)]
        for _ in 0..<8 {
            let token = String(
                (0..<(2 + random.below(3))).map { _ in Array("abé")[random.below(3)] })
            if !tokens.contains(where: { $0.0 == token }) {
                tokens.append((token, -Double(random.below(1000)) / 100))
            }
        }
        let text = String((0..<random.below(9)).map { _ in Array("abé")[random.below(3)] })
        let ids = try Self.ids(tokens, text)
        #expect(ids.map { tokens[Int($0)].0 }.joined() == text)
        let score = ids.reduce(0) { $0 + tokens[Int($1)].1 }
        let best = Self.bestScore(tokens, Array(text.utf8))
        #expect(abs(score - best) < 1e-9, "\(text): \(ids)")
    }

    @Test("Of equal ways the one that was found first")
    func ties() throws {
        let tokens: [(String, Double)] = [("<unk>", 0), ("a", -1), ("aa", -2), ("aaa", -3)]
        #expect(try Self.ids(tokens, "aaa") == [3])
        #expect(try Self.ids(tokens, "aa") == [2])
    }

    @Test("Unknown characters side by side are one token, or bytes")
    func unknown() throws {
        var tokens: [(String, Double)] = [("<unk>", 0), ("a", -1), ("b", -1), ("öü", -90)]
        #expect(try Self.ids(tokens, "axyzb") == [1, 0, 2])
        #expect(try Self.ids(tokens, "xaybz") == [0, 1, 0, 2, 0])
        // Cheaper as a token than as two unknown characters or not: it is found by its name.
        #expect(try Self.ids(tokens, "öü") == [3])
        for byte in 0...255 {
            tokens.append((String(decoding: ByteFallback.token(UInt8(byte)), as: UTF8.self), 0))
        }
        #expect(try Self.ids(tokens, "aéb", bytes: true) == [1, 4 + 0xC3, 4 + 0xA9, 2])
        #expect(try Self.ids(tokens, "aéb") == [1, 0, 2])
        #expect(try Self.ids([("a", -1)], "xa", unknown: nil) == [0])
    }

    @Test("The trie finds what a search of all prefixes finds")
    func trie() throws {
        var random = SplitMix(seed: 3)
        let tokens = (0..<300).map { _ in
            (0..<(1 + random.below(5))).map { _ in UInt8(random.below(4)) }
        }
        let trie = try #require(ByteTrie(tokens))
        for _ in 0..<200 {
            let text = (0..<8).map { _ in UInt8(random.below(4)) }
            var node = 0
            for length in 1...text.count {
                let prefix = Array(text[..<length])
                let isPrefix = tokens.contains { $0.starts(with: prefix) }
                let child = trie.child(node, text[length - 1])
                #expect((child != nil) == isPrefix)
                guard let child else { break }
                node = child
                // Of equal tokens the last one counts.
                let wanted = tokens.lastIndex(of: prefix).map { Int32($0) } ?? -1
                #expect(trie.token(node) == wanted)
            }
        }
    }
}
