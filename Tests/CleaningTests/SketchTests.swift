import Testing

@testable import Cleaning

@Suite struct SketchTests {
    private func words(_ text: String) -> [UInt64] {
        var hashes = WordHashes()
        hashes.read(Array(text.utf8))
        return hashes.words
    }

    @Test(
        arguments: [
            ("Hello, World!", "hello world", 2), ("a-b_c", "A B C", 3), ("  ", "", 0),
            ("ÄPFEL Éclair", "äpfel éclair", 2), ("ПРИВЕТ Ёж", "привет ёж", 2),
            ("ΑΒΓ", "αβγ", 1), ("“quoted” – text…", "quoted text", 2), ("don’t", "don t", 2),
            ("日本語", "日 本 語", 3), ("Łódź ŻUK", "łódź żuk", 2), ("x\u{A0}y", "x y", 2),
            ("résumé 2024", "RÉSUMÉ 2024", 2), ("ok 👍 fine", "ok fine", 2), ("１。２", "１ ２", 2),
        ])
    func wordsAreTheSame(one: String, other: String, count: Int) {
        #expect(words(one) == words(other) && words(one).count == count)
    }

    @Test func differentWordsDiffer() {
        let texts = ["a", "b", "ab", "ba", "a b", "b a", "日", "本", "0", "é", "e"]
        #expect(Set(texts.map(words)).count == texts.count)
    }

    @Test func brokenBytesAreNoTrouble() {
        var text = GeneratedText(seed: 3)
        var hashes = WordHashes()
        for _ in 0..<500 {
            let bytes = (0..<text.number(40)).map { _ in UInt8(text.number(256)) }
            hashes.read(bytes)
            hashes.shingle(1 + text.number(6))
            #expect(hashes.shingles.isEmpty == hashes.words.isEmpty)
        }
    }

    @Test func rollingRunsAreThoseComputedOneByOne() {
        var text = GeneratedText(seed: 4, words: 12)
        for size in 1...8 {
            for length in 0...20 {
                let list = text.words(length)
                var hashes = WordHashes()
                hashes.read(Array(list.joined(separator: " ").utf8))
                hashes.shingle(size)
                let count = length == 0 ? 0 : max(1, length - size + 1)
                var expected: [UInt64] = []
                for start in 0..<count {
                    var one = WordHashes()
                    one.read(Array(list.dropFirst(start).prefix(size).joined(separator: " ").utf8))
                    one.shingle(size)
                    expected += one.shingles
                }
                #expect(hashes.shingles == expected)
                #expect(hashes.sortedSet() == Set(expected).sorted())
            }
        }
    }

    /// Two sets of `size` that share what makes their similarity the nearest to `similarity`.
    private func pair(
        _ text: inout GeneratedText, _ size: Int, _ similarity: Double
    ) -> ([UInt64], [UInt64], Double) {
        let shared = Int((2 * Double(size) * similarity / (1 + similarity)).rounded())
        let common = (0..<shared).map { _ in text.hash() }
        let a = common + (shared..<size).map { _ in text.hash() }
        let b = common + (shared..<size).map { _ in text.hash() }
        return (a, b, Double(shared) / Double(2 * size - shared))
    }

    /// MinHash by the book: one hash function a place. The oracle of the fast sketch.
    private func minHash(_ set: [UInt64]) -> [UInt64] {
        (0..<252).map { place in
            let seed = UInt64(place) &* 0x9E37_79B9_7F4A_7C15
            return set.reduce(.max) { min($0, WordHashes.mix($1 ^ seed)) }
        }
    }

    private func bands(_ places: [UInt64]) -> [UInt32] {
        var keys: [UInt32] = []
        SimilaritySketch.bands(of: places, rows: 6, into: &keys)
        return keys
    }

    @Test func placesAgreeAsOftenAsTheSetsAreSimilar() {
        var text = GeneratedText(seed: 5)
        var places = [UInt64](repeating: 0, count: 252)
        for size in [1, 2, 3, 7, 30, 200, 900] {
            for similarity in [0.0, 0.3, 0.6, 0.8, 1.0] {
                var agreed = 0.0
                var truth = 0.0
                let rounds = size > 100 ? 15 : 60
                for _ in 0..<rounds {
                    let (a, b, exact) = pair(&text, size, similarity)
                    SimilaritySketch.fill(&places, of: a)
                    let one = places
                    SimilaritySketch.fill(&places, of: b)
                    #expect(!one.contains(.max) && !places.contains(.max))
                    agreed += Double(zip(one, places).count { $0 == $1 }) / 252
                    truth += exact
                }
                // Five standard deviations of independent places, and of few different elements.
                let spread = (0.25 / Double(252 * rounds)).squareRoot()
                let few = (0.25 / Double(size * rounds)).squareRoot()
                #expect(abs(agreed - truth) / Double(rounds) < 5 * max(spread, min(few, 0.05)))
            }
        }
    }

    @Test func orderAndRepetitionChangeNothing() {
        var text = GeneratedText(seed: 6)
        let set = (0..<100).map { _ in text.hash() }
        var one = [UInt64](repeating: 0, count: 252)
        var other = one
        SimilaritySketch.fill(&one, of: set)
        SimilaritySketch.fill(&other, of: text.shuffled(set + set.prefix(50)))
        #expect(one == other)
    }

    @Test func bandsFindWhatTheCurveSaysAndWhatMinHashFinds() {
        var text = GeneratedText(seed: 7)
        var places = [UInt64](repeating: 0, count: 252)
        for similarity in [0.3, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95] {
            let rounds = 150
            let slowRounds = 20
            var found = 0
            var foundByMinHash = 0
            var expected = 0.0
            var variance = 0.0
            for round in 0..<rounds {
                let (a, b, exact) = pair(&text, 60, similarity)
                SimilaritySketch.fill(&places, of: a)
                let one = bands(places)
                SimilaritySketch.fill(&places, of: b)
                if zip(one, bands(places)).contains(where: { $0 == $1 }) { found += 1 }
                let chance = NearDuplicateRule.expectedRecall(at: exact)
                expected += chance
                variance += chance * (1 - chance)
                if round < slowRounds {
                    let slow = zip(bands(minHash(a)), bands(minHash(b)))
                    if slow.contains(where: { $0 == $1 }) { foundByMinHash += 1 }
                }
            }
            let slack = 4 * variance.squareRoot() + 1
            #expect(abs(Double(found) - expected) <= slack, "J = \(similarity)")
            let scaled = Double(foundByMinHash * rounds) / Double(slowRounds)
            let slowSlack = 4 * (variance * Double(rounds) / Double(slowRounds)).squareRoot() + 8
            #expect(abs(Double(found) - scaled) <= slack + slowSlack, "J = \(similarity)")
        }
        #expect(NearDuplicateRule.expectedRecall(at: 0.7) > 0.99)
        #expect(NearDuplicateRule.expectedRecall(at: 0.8) > 0.99999)
    }
}
