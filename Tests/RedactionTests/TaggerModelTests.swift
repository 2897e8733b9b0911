import Testing

@testable import Redaction

struct TaggerModelTests {
    /// A model without weights: every token is outside unless a bias says otherwise.
    private func emptyModel(_ words: [String: TaggerFlags] = [:]) -> TaggerModel {
        var table: [UInt32: TaggerFlags] = [:]
        for (word, flags) in words {
            let hashes = TaggerHash.phrase(word)
            table[TaggerLexicon.key(hashes.dropFirst().reduce(hashes[0], TaggerHash.join))] = flags
        }
        var transitions = [Int32](repeating: TaggerModel.forbidden, count: 256)
        for from in 0..<TaggerLabel.count {
            for to in 0..<TaggerLabel.count where TaggerLabel.mayFollow(from, to) {
                transitions[from * TaggerLabel.lanes + to] = Int32(from + to)
            }
        }
        return TaggerModel(
            bits: 8, unit: 10, lexicon: TaggerLexicon(table), transitions: transitions,
            weights: (0..<(16 << 8)).map { Int8(truncatingIfNeeded: $0 % 7 - 3) })
    }

    @Test func theFileReadsBackAsItWasWritten() throws {
        let model = emptyModel(["ann": .givenName, "new york": .city, "new": .phraseStart])
        let file = model.encoded(outsideBias: -7)
        let parts = try #require(file.withUnsafeBytes { TaggerModel.decoded($0) })
        #expect(parts.outsideBias == -7)
        #expect(parts.digest == file.withUnsafeBytes { TaggerModel.digest(of: $0) })
        #expect(parts.model.weights == model.weights)
        #expect(parts.model.transitions == model.transitions)
        #expect(parts.model.encoded(outsideBias: -7) == file)
    }

    @Test func aCutFileIsRefused() {
        let file = emptyModel().encoded(outsideBias: 0)
        for length in [0, 7, 40, 56, 1000, file.count - 1] {
            #expect(Array(file.prefix(length)).withUnsafeBytes { TaggerModel.decoded($0) } == nil)
        }
    }

    @Test func theLexiconFindsWordsAndTheLongestPhrase() {
        let model = emptyModel([
            "new": .phraseStart, "new york": .city, "new york times": .company, "york": .surname,
        ])
        var tokens = TaggerTokenizer.tokens(of: Array("the New York Times in NEW YORK, york".utf8))
        model.lexicon.mark(&tokens)
        #expect(tokens[1...3].allSatisfy { $0.phraseFlags == .company })
        #expect(tokens[1].startsPhrase && !tokens[2].startsPhrase)
        #expect(tokens[5].phraseFlags == .city && tokens[6].phraseFlags == .city)
        #expect(tokens[8].flags == .surname && tokens[8].phraseFlags.isEmpty)
        #expect(tokens[0].flags.isEmpty)
    }

    /// The best path by trying all of them.
    private func naive(_ scores: [SIMD16<Int32>], _ transitions: [Int32]) -> Int32 {
        var best = Int32.min
        func walk(_ index: Int, _ last: Int, _ sum: Int32) {
            if index == scores.count {
                best = max(best, sum)
                return
            }
            for label in 0..<TaggerLabel.count {
                if index == 0 ? (label != 0 && label % 2 == 0) : !TaggerLabel.mayFollow(last, label)
                {
                    continue
                }
                let step = index == 0 ? 0 : transitions[last * TaggerLabel.lanes + label]
                walk(index + 1, label, sum + step + scores[index][label])
            }
        }
        walk(0, 0, 0)
        return best
    }

    @Test(arguments: 1...4)
    func viterbiEqualsTheExhaustiveSearch(length: Int) {
        var random = TaggerTestRandom(state: UInt64(length))
        let transitions = emptyModel().transitions
        for _ in 0..<10 {
            let scores = (0..<length).map { _ in
                var row = SIMD16<Int32>.zero
                for lane in 0..<16 { row[lane] = Int32.random(in: -50...50, using: &random) }
                return row
            }
            let labels = TaggerViterbi.best(scores, transitions: transitions).map(Int.init)
            var sum = scores[0][labels[0]]
            for index in 1..<max(length, 1) {
                #expect(TaggerLabel.mayFollow(labels[index - 1], labels[index]))
                sum += transitions[labels[index - 1] * TaggerLabel.lanes + labels[index]]
                sum += scores[index][labels[index]]
            }
            #expect(sum == naive(scores, transitions))
        }
    }

    @Test func viterbiOfALongTextDoesNotOverflow() {
        let scores = [SIMD16<Int32>](repeating: SIMD16(repeating: 3000), count: 20_000)
        let labels = TaggerViterbi.best(scores, transitions: emptyModel().transitions)
        #expect(labels.count == 20_000)
        for index in 1..<labels.count {
            #expect(TaggerLabel.mayFollow(Int(labels[index - 1]), Int(labels[index])))
        }
    }
}

/// A repeatable generator for the tests.
struct TaggerTestRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
