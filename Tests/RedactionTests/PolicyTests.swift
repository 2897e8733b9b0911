import Records
import Testing

@testable import Redaction

struct PolicyTests {
    static func failure(_ yaml: String) -> String {
        do {
            _ = try policy(yaml)
            return ""
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        (
            "name: x\ntypes:\n  PERSON: {operator: mask, treshold: 0.2}\n", "test.yaml:3:28",
            "threshold"
        ),
        ("name: x\ntypes:\n  PERSN: mask\n", "test.yaml:3:3", "PERSON"),
        ("name: x\ndefault: replce\n", "test.yaml:2:10", "replace"),
        ("name: x\ndefault: {threshold: 2}\n", "test.yaml:2:22", "number from 0"),
        ("nam: x\n", "test.yaml:1:1", "name"),
        ("description: x\n", "test.yaml:1:1", "no `name`"),
        ("name: x\nname: y\n", "test.yaml:1:1", "twice"),
        ("name: [x\n", "test.yaml:", ""),
        ("", "test.yaml", "empty"),
        ("- a\n", "test.yaml:1:1", "mapping"),
        ("name: x\nfields: {by-name: yes}\n", "test.yaml:2:19", "true or false"),
        ("name: x\nrecognisers:\n  - {type: X, pattern: '('}\n", "test.yaml:3:", "character"),
        ("name: x\nrecognisers:\n  - {type: X}\n", "test.yaml:3:5", "words"),
        ("name: x\nrecognisers:\n  - {type: low, words: [a]}\n", "test.yaml:3:12", "upper-case"),
    ])
    func problemsNameTheirPlace(_ yaml: String, _ place: String, _ text: String) {
        let message = Self.failure(yaml)
        #expect(message.contains(place), "\(message)")
        #expect(message.contains(text), "\(message)")
    }

    @Test(arguments: ["hash", "pseudonym"])
    func derivedCodesAreRefused(_ name: String) {
        for yaml in ["default: \(name)", "types: {PERSON: \(name)}"] {
            let message = Self.failure("name: x\nderived-codes: forbidden\n\(yaml)\n")
            #expect(message.contains("45 CFR 164.514(c)"), "\(message)")
        }
    }

    @Test(arguments: [
        "all", "hipaa-safe-harbor", "hipaa-expert", "gdpr", "retail-reviews", "support-chat",
    ])
    func packsAreValid(_ name: String) throws {
        let pack = try Policy.load(yaml: file("policies/\(name).yaml"), named: name)
        #expect(pack.name == name)
        #expect(!pack.description.isEmpty)
        #expect(pack.digest.count == 32)
        let schema = try JSONParser.parse(file("schemas/policy.schema.json"))
        let known = try #require(schema["properties"]?.objectValue)
        for key in try #require(pack.canonical.objectValue).keys { #expect(known[key] != nil) }
    }

    @Test func schemaKnowsTheSameKeys() throws {
        let schema = try JSONParser.parse(file("schemas/policy.schema.json"))
        func keys(_ value: JSONValue?) -> [String]? {
            value?["properties"]?.objectValue?.keys.sorted()
        }
        let parts = schema["$defs"]
        #expect(keys(schema) == PolicyReader.topKeys.sorted())
        #expect(keys(parts?["rule"]?["oneOf"]?.arrayValue?.last) == PolicyReader.ruleKeys.sorted())
        #expect(keys(schema["properties"]?["fields"]) == PolicyReader.fieldKeys.sorted())
        #expect(keys(parts?["recogniser"]) == PolicyReader.recogniserKeys.sorted())
        #expect(
            parts?["operator"]?["enum"]?.stringArray == RedactionOperator.allCases.map(\.rawValue))
    }

    @Test func digestIgnoresLayoutOnly() throws {
        let a = try policy("name: x\ndefault: {operator: mask, threshold: 0.5}\n")
        let b = try policy("default:\n  threshold: 0.50\n  operator: mask # c\nname: x\n")
        let c = try policy("name: x\ndefault: {operator: mask, threshold: 0.6}\n")
        #expect(a.digest == b.digest)
        #expect(a.digest != c.digest)
    }

    @Test func keyIsNeeded() throws {
        let pack = try policy("name: x\ndefault: hash\n")
        #expect(pack.needs == [.pseudonymKey])
        #expect(throws: RedactionError.self) { try Redactor(policy: pack, detectors: []) }
    }

    @Test func userRecognisers() throws {
        let yaml = """
            name: x
            default: {operator: replace, threshold: 0.3}
            recognisers:
              - {type: LOYALTY_CARD, pattern: 'LC-\\d{4}'}
              - {type: PROJECT, words: [Blue Heron, Ångström], ignore-case: true}
            """
        let user = try redactor(yaml)
        #expect(
            try redacted("LC-1234 in blue heron, BLUE HERONS, ångström", user)
                == "[LOYALTY_CARD_1] in [PROJECT_1], BLUE HERONS, [PROJECT_2]")
    }

    @Test func userRecognisersWinOverLearnedSpans() throws {
        let yaml = """
            name: x
            default: {operator: replace, threshold: 0.3}
            recognisers:
              - {type: TICKET, pattern: '\\bT-\\d{4,8}\\b', score: 0.4}
              - {name: field, type: SITE, words: [Building 9], ignore-case: true}
            """
        let learned = FixedDetector(words: ["T-48213 at building 9, Main": .streetAddress])
        #expect(
            try redacted("See T-48213 at building 9, Main!", redactor(yaml, [learned]))
                == "See [TICKET_1] [STREET_ADDRESS_1] [SITE_1], [STREET_ADDRESS_2]!")
        // A field that is of a type as a whole stays one value, and a checksum comes first.
        let record = try makeRecord(.text, ["text": "fine", "address": "T-48213 at building 9"])
        #expect(
            try redactor(yaml).redact(record).record.fields["address"] == "[STREET_ADDRESS_1]")
        let digits = "name: x\nrecognisers: [{type: CODE, pattern: '\\d+'}]\n"
        #expect(try redacted("4111111111111111", redactor(digits)) == "[CREDIT_CARD_1]")
    }

    @Test func userRecognisersWinOverTheBundledTagger() throws {
        let yaml = """
            name: x
            default: {operator: replace, threshold: 0.3}
            recognisers:
              - {type: TICKET, pattern: '\\bT-\\d{4,8}\\b', score: 0.95}
              - {type: SITE, words: [Building 9], ignore-case: true}
            """
        let tagger = try #require(Tagger.bundled)
        let result = try redacted("T-48213 at building 9", redactor(yaml, [tagger]))
        #expect(result.hasPrefix("[TICKET_1] "))
        #expect(result.hasSuffix(" [SITE_1]"))
    }

    @Test func runawayPatternHoldsBack() throws {
        let yaml = "name: x\nrecognisers:\n  - {type: X, pattern: '(a+)+$'}\n"
        let text = [UInt8](repeating: 97, count: 200) + [33]
        #expect(throws: RedactionError.self) { try redactor(yaml).scan(text) }
    }
}
