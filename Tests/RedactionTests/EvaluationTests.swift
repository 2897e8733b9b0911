import FoundationEssentials
import Testing

@testable import Redaction

/// Scores of marked texts. The expected numbers were made by another program that follows the same rules.
struct EvaluationTests {
    private static let gold = """
        {"text": "Ask Ana Roe, 34, of Bonn.", "spans": [{"start": 4, "end": 11, "label": "PERSON"}, \
        {"start": 13, "end": 15, "label": "AGE"}, {"start": 20, "end": 24, "label": "GPE"}], "style": "chat"}
        {"full_text": "😀 Dr. Ode was here on 5 May", "spans": [{"entity_type": "TITLE", "start_position": 2, \
        "end_position": 5}, {"entity_type": "PERSON", "start_position": 6, "end_position": 9}, \
        {"entity_type": "DATE_TIME", "start_position": 22, "end_position": 27}]}
        {"text": "Nothing here.", "spans": []}
        """

    private static let predicted: [[GoldRow.Span]] = [
        [
            .init(start: 4, end: 7, label: "PERSON"), .init(start: 7, end: 11, label: "PERSON"),
            .init(start: 20, end: 22, label: "STREET_ADDRESS"),
        ],
        [.init(start: 2, end: 9, label: "PERSON"), .init(start: 19, end: 27, label: "DATE_TIME")],
        [.init(start: 0, end: 7, label: "ORGANIZATION")],
    ]

    private func score() throws -> DetectionScore {
        let rows = try GoldFile.rows(Array(Self.gold.utf8), named: "gold.jsonl")
        var score = DetectionScore()
        for (row, spans) in zip(rows, Self.predicted) { score.add(row, predicted: spans) }
        return score
    }

    @Test func leakAndOverCountCharacters() throws {
        let score = try score()
        // 21 marked: "34" and two letters of Bonn leak; 44 others: a space, "on " and "Nothing" are taken.
        #expect(score.goldCharacters == 21)
        #expect(score.leak == 4.0 / 21)
        #expect(score.over == 11.0 / Double(score.otherCharacters))
        #expect(score.spans == (5, 4))
        #expect(score.predictions == (5, 4))
        #expect(abs(score.f2 - 0.8) < 1e-12)
        #expect(score.byType["AGE"]?.missed == 1)
        #expect(score.byType["GPE"]?.leak == 0.5)
        #expect(score.rowsWithGold == (2, 1))
    }

    @Test func theIntervalHoldsTheScoreAndRepeats() throws {
        let score = try score()
        let one = score.intervals(samples: 200)
        #expect(one.leak == score.intervals(samples: 200).leak)
        #expect(one.leak.contains(score.leak))
        #expect(one.over.contains(score.over))
        #expect(DetectionScore().intervals().leak == 0...0)
    }

    @Test(arguments: [
        ("{\"text\": 5}", "row 1 has no text"), ("[{\"text\": \"a\"}, 7]", "row 2 has no text"),
        (
            "{\"text\": \"abc\", \"spans\": [{\"start\": 2, \"end\": 9, \"label\": \"X\"}]}",
            "outside"
        ),
        ("{\"text\": \"abc\", \"spans\": [{\"start\": 2}]}", "without"), ("{", "no JSON"),
    ])
    func badGoldNamesTheRow(_ text: String, _ expected: String) {
        let error = #expect(throws: RedactionError.self) {
            try GoldFile.rows(Array(text.utf8), named: "g")
        }
        #expect(error?.message.contains(expected) == true)
    }

    @Test func familiesJoinNames() {
        #expect(TypeFamily.of("date-of-birth") == "DATE_TIME")
        #expect(TypeFamily.of("ZIP_CODE") == TypeFamily.of("GPE"))
        #expect(TypeFamily.of("ticket") == "TICKET")
    }
}
