import Records
import Testing

@testable import Redaction

struct SpecialCategoryTests {
    @Test(arguments: [
        ("She was diagnosed with diabetes.", [EntityType.healthData, .healthData]),
        ("He is a union member.", [.unionMembership]),
        ("Sie ist evangelisch.", [.religiousBelief]),
        ("une femme enceinte", [.healthData]),
        ("The shop is nice.", []),
        ("gayle and the Romanian team", []),
    ])
    func words(_ text: String, _ expected: [EntityType]) {
        let found = SpecialCategories().findings(in: DocumentView(Array(text.utf8)))
        #expect(found.map(\.type) == expected)
    }

    static func result(_ rule: String) throws -> RedactedRecord {
        let redactor = try Redactor(
            policy: policy("name: x\nspecial-categories: \(rule)\ndefault: replace"),
            detectors: [])
        return try redactor.redact(makeRecord(.text, ["text": "I have asthma"]))
    }

    @Test func aPolicyDecides() throws {
        #expect(try Self.result("ignore").counts.total == 0)
        let flagged = try Self.result("flag")
        #expect(flagged.record.text("text") == "I have asthma")
        #expect(flagged.counts.byType == [.healthData: 1])
        #expect(try Self.result("replace").record.text("text") == "I have [SPECIAL_HEALTH_1]")
    }
}
