import Records
import Testing

@testable import Cleaning

@Suite struct RecipeTests {
    @Test func everyOperationComesBackFromItsJSON() throws {
        let recipe = try CleaningRecipe([
            "operations": [
                "unicode", ["op": "controls", "fields": ["text"]],
                ["op": "whitespace", "lines": "space"], "entities",
                ["op": "missing", "fields": "label", "action": "constant", "value": "none"],
                ["op": "missing", "action": "flag", "spellings": ["X"]],
                ["op": "length", "unit": "words", "min": 2, "max": 100, "action": "truncate"],
                ["op": "labels", "case": "lower", "map": ["a": "b"], "allow": ["b"]],
                ["op": "remove", "fields": ["note"]],
                ["op": "duplicates", "fields": ["text"], "fold_case": true],
                [
                    "op": "split", "train": 0.7, "validation": 0.1, "test": 0.2, "by": "field",
                    "field": "shop",
                ],
            ]
        ])
        #expect(recipe.operations.count == 11)
        let again = try CleaningRecipe(recipe.json)
        #expect(again == recipe && again.digest == recipe.digest && recipe.digest.count == 32)
        #expect(again.split?.group == .field("shop") && again.duplicates?.foldCase == true)
        #expect(try CleaningRecipe(CleaningRecipe.standard.json) == .standard)
        #expect(recipe.digest != CleaningRecipe.standard.digest)
        #expect(Set(recipe.operations.map(\.name)).count == CleaningOperation.names.count)
    }

    @Test(
        arguments: [
            (
                ["operations": ["unicod"]], CleaningError.Code.unknownOperation,
                "did you mean 'unicode'"
            ),
            ([["op": "missing", "feilds": ["a"]]], .unknownParameter, "did you mean 'fields'"),
            ([["op": "length", "max": "long"]], .badParameter, "whole number"),
            ([["op": "missing", "action": "constant"]], .badParameter, "text to fill in"),
            ([["op": "missing", "action": "zap"]], .badParameter, "drop, constant, flag"),
            ([["op": "split", "train": 0.5, "test": 0.4]], .badParameter, "0.8"),
            ([["op": "split", "by": "field"]], .badParameter, "group by"),
            (["split", "split"], .badRecipe, "one of them"),
            (["steps": []], .badRecipe, "operations"),
            ("unicode", .badRecipe, "operations"), ([["fields": "x"]], .badRecipe, "op"),
        ] as [(JSONValue, CleaningError.Code, String)])
    func wrongRecipes(json: JSONValue, code: CleaningError.Code, hint: String) {
        let error = #expect(throws: CleaningError.self) { try CleaningRecipe(json) }
        #expect(error?.code == code && error?.hint.contains(hint) == true, "\(error!)")
    }

    @Test func theStandardRecipeEndToEnd() {
        let records = [
            record(3, "Good  phone", label: "pos", subjects: [1]),
            record(1, "Good phone ", label: "pos", subjects: [2]),
            record(2, "n/a", label: "pos"), record(4, "Cafe\u{301}", label: "neg"),
            record(5, "Café", label: "neg"), record(6, "Café", label: "pos"),
        ]
        let (kept, counts) = CleaningRecipe.standard.apply(to: records, key: key)
        #expect(kept.map(\.rid) == [rid(1), rid(4), rid(6)])
        #expect(counts.dropped == ["exact-duplicate": 2, "missing-text": 1] && counts.isBalanced)
        #expect(counts.changed == ["whitespace": 2, "unicode": 1, "split": 3])
        #expect(kept.allSatisfy { $0.split != nil })
        let again = CleaningRecipe.standard.apply(to: kept, key: key)
        #expect(again.records == kept && again.counts.changed.isEmpty)
    }
}
