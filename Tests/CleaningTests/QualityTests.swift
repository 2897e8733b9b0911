import Records
import Testing

@testable import Cleaning

@Suite struct QualityTests {
    private func signals(_ text: String, _ badWords: Set<String> = []) -> QualitySignals {
        QualitySignals(Array(text.utf8), badWords: badWords)
    }

    @Test(arguments: [
        (QualitySignal.words, "one two three", 3), (.meanWordLength, "ab abcd", 3),
        (.symbolRatio, "# one two… three...", 0.75), (.bulletLines, "- a\n• b\nc\n* d", 0.75),
        (.ellipsisLines, "a...\nb…\nc\nd", 0.5), (.alphabeticWords, "a 1 b 2", 0.5),
        (.stopWords, "The cat and the dog", 2), (.duplicateLines, "a b\nc\na b\na b", 0.5),
        (.duplicateParagraphs, "a\nb\n\na\nb\n\nc", 1.0 / 3),
        (.duplicateLineCharacters, "ab\nab\nab", 2.0 / 3),
        (.top2Grams, "a b a b a b c", 6.0 / 7), (.top3Grams, "x y z x y z", 1),
        (.duplicate5Grams, "a b c d e f a b c d e f", 0.5), (.duplicate10Grams, "a b c", 0),
        (.sentences, "One. Two! Three? \"Four.\" Five", 4),
        (.terminalLines, "One.\nTwo\nThree?)\nFour...", 0.5),
        (.shortLines, "one two\none two three four five", 0.5),
        (.javascriptLines, "JavaScript is off\nx", 1),
        (.loremIpsum, "Lorem ipsum dolor", 1), (.curlyBraces, "if (a) { b }", 1), (.words, "", 0),
        (.meanWordLength, "äö", 2), (.duplicateParagraphCharacters, "a\n\na", 0.5),
    ])
    func values(signal: QualitySignal, text: String, expected: Double) {
        let value = signals(text)[signal]
        #expect(abs((value ?? -1) - expected) < 1e-9, "\(signal.rawValue): \(value ?? -1)")
    }

    @Test func badWordsOnlyIfGiven() {
        #expect(signals("Drat, drat!")[.badWords] == nil)
        #expect(signals("Drat, (drat)! dratted", ["drat"])[.badWords] == 2)
    }

    /// The n-gram counts agree with a search that compares the words themselves.
    @Test func gramsAgreeWithANaiveCount() {
        var random = SeededRandom(seed: 4)
        for size in 1...60 {
            let words = (0..<size).map { _ in
                ["a", "bb", "ccc"].randomElement(using: &random) ?? ""
            }
            let measured = signals(words.joined(separator: " "))
            let total = Double(words.joined().utf8.count)
            for (n, signal) in [
                (2, QualitySignal.top2Grams), (3, .top3Grams), (5, .duplicate5Grams),
                (7, .duplicate7Grams),
            ] {
                var counts: [[String]: Int] = [:]
                var (best, covered, repeated) = (0, 0, 0)
                if size > n {
                    for start in 0...size - n {
                        let gram = Array(words[start..<start + n])
                        counts[gram, default: 0] += 1
                        guard counts[gram] ?? 0 > 1 else { continue }
                        best = max(best, (counts[gram] ?? 0) * gram.joined().utf8.count)
                        repeated += words[max(covered, start)..<start + n].joined().utf8.count
                        covered = start + n
                    }
                }
                let expected = Double(n < 5 ? best : repeated) / total
                #expect(
                    abs((measured[signal] ?? -1) - expected) < 1e-9, "\(signal.rawValue) of \(size)"
                )
            }
        }
    }

    @Test func annotationAndDropping() throws {
        var counts = CleaningCounts()
        let annotate = Cleaner(recipe: try CleaningRecipe(["quality"]))
        let short = record(1, "A short text.")
        let cleaned = annotate.clean(short, counts: &counts)
        #expect(cleaned?.fields["quality"]?["words"] == 3)
        #expect(cleaned?.fields["quality"]?["mean_word_length"] == .number("3.6667"))
        #expect(cleaned.flatMap { annotate.clean($0, counts: &counts) } == cleaned)
        let taken = record(2, "A short text.", extra: ["quality": "good"])
        #expect(annotate.clean(taken, counts: &counts)?.fields["quality"] == "good")
        #expect(annotate.clean(taken, counts: &counts)?.fields["quality.signals"]?["words"] == 3)
        let gopher = Cleaner(recipe: try CleaningRecipe([["op": "quality", "drop": "gopher"]]))
        #expect(gopher.clean(short, counts: &counts) == nil)
        let loose = Cleaner(
            recipe: try CleaningRecipe([
                ["op": "quality", "drop": ["curly_braces"], "limits": ["words": ["max": 2]]]
            ]))
        #expect(loose.clean(short, counts: &counts) == nil)
        #expect(loose.clean(record(3, "{ }"), counts: &counts) == nil)
        #expect(counts.dropped == ["quality-words": 2, "quality-curly-braces": 1])
        #expect(counts.isBalanced)
        #expect(QualitySignal.gopher.count == 20 && QualitySignal.c4.count == 4)
    }

    @Test func englishStopWordsAreNotAskedOfOthers() throws {
        let recipe = try CleaningRecipe(["language", ["op": "quality", "drop": ["stop_words"]]])
        var counts = CleaningCounts()
        let german = record(1, "Die Lieferung kam viel zu spät und der Karton war beschädigt.")
        #expect(Cleaner(recipe: recipe).clean(german, counts: &counts) != nil)
    }
}
