import Records
import Testing

@testable import Cleaning

@Suite struct MissingStatisticTests {
    /// Train has 1, 2, 2 and 10; the other parts would change everything.
    static let records: [Record] = [
        record(1, "a", split: .train, extra: ["stars": "1", "size": "M"]),
        record(2, "b", split: .train, extra: ["stars": "2", "size": "L"]),
        record(3, "c", split: .train, extra: ["stars": "2", "size": "L"]),
        record(4, "d", split: .train, extra: ["stars": "10", "size": "n/a"]),
        record(5, "e", split: .train, extra: ["stars": "N/A", "size": "M"]),
        record(6, "f", split: .test, extra: ["stars": "9000", "size": "XXL"]),
        record(7, "g", split: .test, extra: ["stars": "", "size": "XXL"]),
        record(8, "h", split: .validation, extra: ["stars": "9000", "size": "XXL"]),
    ]

    @Test(arguments: [
        ("stars", "mean", "3.8"), ("stars", "median", "2"), ("stars", "mode", "2"),
        ("size", "mode", "L"),
    ])
    func fittedOnTrainAlone(field: String, action: String, value: String) throws {
        let recipe = try CleaningRecipe([
            ["op": "missing", "fields": .string(field), "action": .string(action), "flag": true]
        ])
        let (cleaned, counts) = try recipe.apply(to: Self.records, key: key)
        let filled = cleaned.filter { $0.fields["\(field).missing"] == true }
        #expect(filled.count == (field == "stars" ? 2 : 1))
        #expect(filled.allSatisfy { $0.text(field) == value })
        #expect(counts.reasons["missing/\(action)"] == UInt64(filled.count))
        #expect(counts.isBalanced && counts.kept == 8)
    }

    @Test func jsonNumbersStayNumbers() throws {
        let records =
            [1, 2, 4].map { record($0, "x", split: .train, extra: ["n": .integer($0)]) }
            + [record(9, "x", split: .train, extra: ["n": .null])]
        for (action, value) in [("mean", JSONValue.number("2.3")), ("median", 2)] {
            let recipe = try CleaningRecipe([
                ["op": "missing", "fields": "n", "action": .string(action)]
            ])
            #expect(try recipe.apply(to: records, key: key).records[3].fields["n"] == value)
        }
    }

    @Test func nothingToLearnFromIsAnError() throws {
        let recipe = try CleaningRecipe([["op": "missing", "fields": "size", "action": "mode"]])
        // No part, and no split in the recipe: nobody knows what train will be.
        let loose = Self.records.map {
            Record(rid: $0.rid, kind: $0.kind, fields: $0.fields)
        }
        let error = #expect(throws: CleaningError.self) { try recipe.apply(to: loose, key: key) }
        #expect(error?.code == .nothingToFit && error?.hint.contains("tundish split") == true)
        let words = try CleaningRecipe([["op": "missing", "fields": "size", "action": "mean"]])
        #expect(throws: CleaningError.self) { try words.apply(to: Self.records, key: key) }
        #expect(try recipe.apply(to: [], key: key).records.isEmpty)
    }

    /// Records without a part are learned from as the recipe's own split will have them, with
    /// people who share records together, in any order and any number of shards.
    @Test func theSplitToComeIsKnown() throws {
        let records = (0..<400).map { number in
            record(
                number, "x", subjects: number % 3 == 0 ? [number, number + 1] : [number],
                extra: ["n": .string(number % 10 == 0 ? "" : "\(number * number % 1009)")])
        }
        let recipe = try CleaningRecipe([
            ["op": "missing", "fields": "n", "action": "mean"], "split",
        ])
        let (cleaned, _) = try recipe.apply(to: records, key: key)
        let train = cleaned.filter { $0.split == .train }
        let known = train.filter { Int($0.text("n") ?? "") != nil }.compactMap {
            $0.text("n").flatMap(Double.init)
        }
        let mean = (known.reduce(0, +) / Double(known.count) * 10).rounded() / 10
        let filled = Set(records.indices.filter { $0 % 10 == 0 }.map { cleaned[$0].text("n") })
        #expect(
            filled
                == [JSONValue.double(mean)].map {
                    if case .number(let text) = $0 { text } else { nil }
                }.reduce(into: []) { $0.insert($1) })

        var shards = (0..<3).map { _ in CleaningFit(recipe: recipe, key: key) }
        while shards[0].needsPass {
            for (index, record) in records.reversed().enumerated() {
                shards[index % 3].collect(record)
            }
            var merged = shards[2]
            merged.merge(shards[0])
            merged.merge(shards[1])
            try merged.finishPass()
            shards = [merged, merged, merged].map { fit in fit }
        }
        #expect(shards[0].fitted.values == [0: ["n": .string(filled.first.flatMap { $0 } ?? "")]])
        #expect(shards[0].groups != nil)
    }

    @Test func aStratifiedSplitIsNotKnownThatEarly() {
        let error = #expect(throws: CleaningError.self) {
            try CleaningRecipe([
                ["op": "missing", "fields": "size", "action": "mode"],
                ["op": "split", "stratify": "stars"],
            ])
        }
        #expect(error?.code == .badRecipe)
    }

    @Test func recipesWithoutLearningNeedNoPass() {
        #expect(!CleaningFit(recipe: .standard, key: key).needsPass)
    }
}
