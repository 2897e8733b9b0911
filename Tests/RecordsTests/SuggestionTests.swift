import Records
import Testing

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "the nearest word within the limit, or none",
        arguments: [
            ("learning_rat", "learning_rate"), ("lerning_rate", "learning_rate"),
            ("laerning_rate", "learning_rate"), ("SEED", "seed"), ("sed", "seed"), ("xyz", nil),
            ("", nil),
        ] as [(String, String?)])
    func nearest(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, in: ["learning_rate", "seed"]) == expected)
    }

    @Test("the limit holds") func limit() {
        #expect(Suggestion.nearest(to: "kitten", in: ["sitting"], limit: 2) == nil)
        #expect(Suggestion.nearest(to: "kitten", in: ["sitting"], limit: 3) == "sitting")
        #expect(Suggestion.nearest(to: "x", in: []) == nil)
    }
}
