import Records
import Testing

@testable import Cleaning

@Suite struct BoilerplateTests {
    static let footer = "This offer is valid in all of our shops until 31 March"

    private func fitted(_ recipe: CleaningRecipe, _ records: [Record]) throws -> Cleaner {
        var fit = CleaningFit(recipe: recipe, key: key)
        while fit.needsPass {
            for record in records { fit.collect(record) }
            try fit.finishPass()
        }
        return Cleaner(recipe: recipe, fit: fit)
    }

    @Test func linesOfManyRecordsGo() throws {
        let records = (0..<200).map { number in
            record(
                number,
                "Text number \(number) is its own.\n"
                    + (number % 4 == 0
                        ? Self.footer.replacing("31", with: "\(number)") : "And so on"))
        }
        let recipe = try CleaningRecipe([["op": "boilerplate", "min_words": 4]])
        let cleaner = try fitted(recipe, records)
        var counts = CleaningCounts()
        let cleaned = records.compactMap { cleaner.clean($0, counts: &counts) }
        // Digits make no difference: `Text number 7 is its own` is in all records, but is all that
        // is left of a quarter of them once the footer is gone.
        #expect(counts.kept == 200 && counts.isBalanced)
        #expect(cleaned.allSatisfy { !($0.text("text") ?? "").isEmpty })
        #expect(cleaned[1].text("text") == "And so on")
        #expect(cleaned[4].text("text") == records[4].text("text"))
    }

    @Test func thresholdsHold() throws {
        for (copies, isGone) in [(19, false), (20, true)] {
            let words = ["red", "green", "blue", "cold", "warm", "tall", "small"]
            let records = (0..<300).map { number in
                record(
                    number,
                    "\(words[number % 7]) \(words[number / 7 % 7]) \(words[number / 49 % 7])"
                        + " thing \(String(number, radix: 26, uppercase: false))\n"
                        + (number < copies ? Self.footer : "short"))
            }
            let recipe = CleaningRecipe(operations: [.boilerplate(BoilerplateRule())])
            let cleaner = try fitted(recipe, records)
            var counts = CleaningCounts()
            let first = cleaner.clean(records[0], counts: &counts)?.text("text") ?? ""
            #expect(first.contains("valid in all") == !isGone)
            #expect(counts.reasons["boilerplate/repeated-line"] == (isGone ? 1 : nil))
        }
    }

    @Test(arguments: [
        ("See you.\n\nSent from my iPhone", "See you."),
        ("This website uses cookies to improve it.\nReal text", "Real text"),
        ("Sent from my iPhone", "Sent from my iPhone"),
        ("Bis bald\nVon meinem iPhone gesendet\n", "Bis bald"),
    ])
    func notices(text: String, expected: String) {
        var counts = CleaningCounts()
        let recipe = CleaningRecipe(operations: [.boilerplate(BoilerplateRule())])
        let cleaned = Cleaner(recipe: recipe).clean(record(1, text), counts: &counts)
        #expect(cleaned?.text("text") == expected)
    }

    @Test func sourcesAreCountedEachForItself() throws {
        let records = (0..<400).map { number in
            record(
                number, "\(number)\n\(Self.footer)",
                extra: ["shop": .string(number < 380 ? "shop \(number)" : "one")])
        }
        let recipe = try CleaningRecipe([["op": "boilerplate", "source": "shop"]])
        let cleaner = try fitted(recipe, records)
        var counts = CleaningCounts()
        let cleaned = records.compactMap { cleaner.clean($0, counts: &counts) }
        #expect(cleaned[0] == records[0])
        // The number alone has no word: the record would be empty, so it stays.
        #expect(cleaned[399] == records[399] && counts.changed.isEmpty)
    }

    @Test func partsMakeTheWhole() throws {
        let rule = BoilerplateRule(minimumRecords: 3, share: 0)
        let records = (0..<60).map { record($0, "own text \($0 % 20) of a record\nx") }
        var whole = BoilerplateCounts()
        var parts = [BoilerplateCounts(), BoilerplateCounts()]
        for (index, record) in records.enumerated() {
            whole.collect(record, rule: rule)
            parts[index % 2].collect(record, rule: rule)
        }
        parts[1].merge(parts[0])
        let hash = BoilerplateLine("own text of a record".utf8).hash(in: 0)
        #expect(whole.isBoilerplate(hash, source: 0, rule: rule))
        #expect(parts[1].isBoilerplate(hash, source: 0, rule: rule))
        #expect(!parts[1].isBoilerplate(hash ^ 1, source: 0, rule: rule))
        #expect(!BoilerplateCounts().isBoilerplate(hash, source: 0, rule: rule))
    }
}
