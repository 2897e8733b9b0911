import Records
import Testing

@testable import Cleaning

@Suite struct RecipeTests {
    @Test func everyOperationComesBackFromItsJSON() throws {
        let recipe = try CleaningRecipe([
            "operations": [
                "unicode", ["op": "controls", "fields": ["text"]],
                ["op": "whitespace", "lines": "space"], "entities", "mojibake",
                ["op": "html", "fields": "text"],
                ["op": "boilerplate", "source": "shop", "share": 0.2, "min_records": 5],
                ["op": "language", "keep": ["en", "DE"], "min_confidence": 0.8],
                [
                    "op": "quality", "drop": ["gopher", "lorem_ipsum"], "bad_words": ["Drat"],
                    "limits": ["words": ["min": 3]],
                ],
                ["op": "missing", "fields": "stars", "action": "median", "flag": true],
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
                [
                    "op": "near_duplicates", "threshold": 0.8, "words": 4, "keep": "first",
                    "quality": "score", "action": "flag", "sample": 0, "fields": ["text"],
                ],
                [
                    "op": "contamination", "words": 13, "overlap": 0.25, "common": 3,
                    "limit": 0.01, "action": "drop",
                ],
                ["op": "outliers", "length": 4, "unlikely": 6, "action": "drop"],
                ["op": "balance", "field": "topic", "action": "downsample", "ratio": 2],
                ["op": "label_noise", "folds": 3, "epochs": 5, "action": "flag"],
            ]
        ])
        #expect(recipe.operations.count == 22)
        let again = try CleaningRecipe(recipe.json)
        #expect(again == recipe && again.digest == recipe.digest && recipe.digest.count == 32)
        #expect(again.split?.group == .field("shop") && again.duplicates?.foldCase == true)
        #expect(try CleaningRecipe(CleaningRecipe.standard.json) == .standard)
        let stratified = try CleaningRecipe([["op": "split", "stratify": "label"]])
        #expect(try CleaningRecipe(stratified.json).split?.stratify == "label")
        #expect(again.nearDuplicates?.keep == .first)
        #expect(again.contamination?.limit == 0.01 && again.labelNoise?.folds == 3)
        #expect(again.outliers?.action == .drop && again.balance?.ratio == 2)
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
            (["balance", "balance"], .badRecipe, "one of them"),
            ([["op": "near_duplicates", "threshold": 0.2]], .badParameter, "0.6 to 1"),
            ([["op": "near_duplicate"]], .unknownOperation, "did you mean 'near_duplicates'"),
            ([["op": "contamination", "overlap": 0]], .badParameter, "above 0"),
            ([["op": "label_noise", "folds": 1]], .badParameter, "2 to 20"),
            ([["op": "outliers", "action": "fix"]], .badParameter, "flag, drop"),
            ([["op": "boilerplate", "share": 2]], .badParameter, "from 0 to 1"),
            ([["op": "language", "min_confidence": -1]], .badParameter, "from 0 to 1"),
            ([["op": "quality", "drop": "best"]], .badParameter, "gopher, c4"),
            ([["op": "quality", "limits": ["words": 3]]], .badParameter, "min: NUMBER"),
            (
                [["op": "missing", "action": "drop", "flag": true]], .badParameter,
                "nothing, unless"
            ),
            (
                [
                    ["op": "missing", "fields": "shop", "action": "mode"],
                    ["op": "split", "by": "field", "field": "shop"],
                ], .badRecipe, "a constant"
            ),
            (
                [
                    ["op": "missing", "fields": "shop", "action": "mode"],
                    ["op": "split", "stratify": "label"],
                ], .badRecipe, "of its own first"
            ),
            (["steps": []], .badRecipe, "operations"),
            ("unicode", .badRecipe, "operations"), ([["fields": "x"]], .badRecipe, "op"),
        ] as [(JSONValue, CleaningError.Code, String)])
    func wrongRecipes(json: JSONValue, code: CleaningError.Code, hint: String) {
        let error = #expect(throws: CleaningError.self) { try CleaningRecipe(json) }
        #expect(error?.code == code && error?.hint.contains(hint) == true, "\(error!)")
    }

    @Test func theStandardRecipeEndToEnd() throws {
        let records = [
            record(3, "Good  phone", label: "pos", subjects: [1]),
            record(1, "Good phone ", label: "pos", subjects: [2]),
            record(2, "n/a", label: "pos"), record(4, "Cafe\u{301}", label: "neg"),
            record(5, "Café", label: "neg"), record(6, "Café", label: "pos"),
        ]
        let (kept, counts) = try CleaningRecipe.standard.apply(to: records, key: key)
        #expect(kept.map(\.rid) == [rid(1), rid(4), rid(6)])
        #expect(counts.dropped == ["exact-duplicate": 2, "missing-text": 1] && counts.isBalanced)
        #expect(counts.changed == ["whitespace": 2, "unicode": 1, "split": 3])
        #expect(kept.allSatisfy { $0.split != nil })
        let again = try CleaningRecipe.standard.apply(to: kept, key: key)
        #expect(again.records == kept && again.counts.changed.isEmpty)
    }
}
