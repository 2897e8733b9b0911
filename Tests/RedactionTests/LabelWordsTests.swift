import Testing

@testable import Redaction

/// Labels of codes are no names; names that are also labels stay names.
struct LabelWordsTests {
    static func isLabel(_ text: String, _ value: String, _ type: EntityType) throws -> Bool {
        let bytes = Array(text.utf8)
        let range = try #require(WordList([value], ignoreCase: false).ranges(in: bytes).first)
        return LabelWords.isLabel(
            Finding(type: type, range: range, score: 0.9, detector: "tagger"), in: bytes)
    }

    @Test(arguments: [
        ("Her SSN is on file", "SSN"), ("Steuer-ID: 12", "Steuer-ID"), ("IBAN DE12", "IBAN"),
        ("DOB unknown", "DOB"), ("MRN 4471", "MRN"), ("her NHS number", "NHS number"),
        ("VAT GB1", "VAT"), ("Passport No. X1", "Passport No"), ("SWIFT: X1", "SWIFT"),
        ("NI number is QQ1", "NI"), ("PLZ 10969", "PLZ"), ("Kundennummer 1", "Kundennummer"),
        ("USt-IdNr. DE1", "USt-IdNr"),
    ])
    func labels(_ text: String, _ value: String) throws {
        for type in [EntityType.person, .organization] {
            #expect(try Self.isLabel(text, value, type))
        }
    }

    @Test(arguments: [
        ("Swift, 34, called", "Swift"), ("ask NIR today", "NIR"), ("Max Born 1882", "Born"),
        ("Case 12", "Case"), ("Lane 12", "Lane"), ("SSN Jones", "SSN Jones"), ("May 5", "May"),
        ("National Bank 5", "National Bank"), ("The 5", "The"), ("PAN, 4", "PAN"),
        ("SWIFT", "SWIFT"), ("Park 7", "Park"), ("Key 7", "Key"),
    ])
    func names(_ text: String, _ value: String) throws {
        #expect(try !Self.isLabel(text, value, .person))
    }

    @Test func onlyLearnedFindingsAreDropped() throws {
        let yaml = "name: x\ndefault: {operator: replace, threshold: 0.3}\n"
        let fixed = FixedDetector(words: ["MRN": .organization, "Acme": .organization])
        #expect(try redacted("MRN at Acme", redactor(yaml, [fixed])) == "MRN at [ORGANIZATION_1]")
        let listed = yaml + "recognisers: [{type: ORGANIZATION, words: [MRN]}]\n"
        #expect(try redacted("MRN at home", redactor(listed)) == "[ORGANIZATION_1] at home")
    }

    /// With the bundled tagger and the pack whose pseudonyms would invent a firm.
    @Test(arguments: [
        "SSN", "Steuer-ID", "IBAN", "DOB", "MRN", "NHS", "VAT", "SSN:", "NHS number:", "My IBAN is",
        "Patient MRN", "Steuer-ID:", "API key",
    ])
    func labelsStayUnderGDPR(_ label: String) throws {
        let gdpr = try Redactor(
            policy: Policy.load(yaml: file("policies/gdpr.yaml"), named: "gdpr"),
            keys: RedactionKeys(pseudonymKey: OperatorTests.key))
        for code in ["123-45-6789", "12 345 678 903", "DE89 3704 0044 0532 0130 00", "GB123456789"]
        {
            let result = try redacted("\(label) \(code)", gdpr)
            #expect(result.hasPrefix(label), "\(label) \(code) → \(result)")
        }
        #expect(try redacted("The \(label) is on file.", gdpr) == "The \(label) is on file.")
    }
}
