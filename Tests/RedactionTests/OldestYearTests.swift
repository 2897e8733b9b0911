import Records
import Testing

@testable import Redaction

/// Years that show an age over 89, 45 CFR 164.514(b)(2)(i)(C).
struct OldestYearTests {
    static func hipaa() throws -> Redactor {
        try Redactor(policy: Policy.load(yaml: file("policies/hipaa-safe-harbor.yaml"), named: "h"))
    }

    @Test(arguments: [
        ("born 03/04/1931", "born [DATE_OF_BIRTH_1]"),
        ("born 03/04/1936.", "born [DATE_OF_BIRTH_1]."),
        ("born 03/04/1937.", "born 1937."),
        ("born 03/04/1951", "born 1951"),
        ("She was born in 1931.", "She was born in [DATE_TIME_1]."),
        ("She was born in 1951.", "She was born in 1951."),
        ("Year of birth: 1929", "Year of birth: [DATE_TIME_1]"),
        ("admitted 1931-05-07, seen 2024-05-07", "admitted [DATE_TIME_1], seen 2024"),
        ("seen on March 5th, 1936", "seen on [DATE_TIME_1]"),
        ("geboren 1931", "geboren [DATE_OF_BIRTH_1]"),
        ("she is 92 years old", "she is 90+ years old"),
    ])
    func safeHarbor(_ text: String, _ expected: String) throws {
        #expect(try redacted(text, Self.hipaa()) == expected)
    }

    @Test(arguments: ["dob", "birth_year", "Year of Birth", "yob"])
    func fields(_ name: String) throws {
        let hipaa = try Self.hipaa()
        for value in [JSONValue.string("1931"), .number("1931")] {
            let record = try makeRecord(.text, ["text": "fine", name: value])
            #expect(try hipaa.redact(record).record.fields[name] == "[DATE_OF_BIRTH_1]")
        }
        let record = try makeRecord(.text, ["text": "fine", name: .number("1951")])
        #expect(try hipaa.redact(record).record.fields[name] == "1951")
    }

    @Test func everyYearStaysWithoutTheMember() throws {
        let yaml = "name: x\ndefault: {operator: generalize, threshold: 0.3}\n"
        #expect(try redacted("born 03/04/1931", redactor(yaml)) == "born 1931")
        #expect(
            try redacted("born 03/04/1931", redactor(yaml + "oldest-year: 1932\n"))
                == "born [DATE_OF_BIRTH_1]")
        #expect(try policy(yaml).oldestYear == nil)
    }

    @Test(arguments: ["999", "2200", "1937.5", "soon"])
    func badYearsAreRefused(_ value: String) {
        let message = PolicyTests.failure("name: x\noldest-year: \(value)\n")
        #expect(message.contains("test.yaml:2:14"), "\(message)")
        #expect(message.contains("whole number from 1000 to 2199"), "\(message)")
    }
}
