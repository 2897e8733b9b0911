import Testing

@testable import Redaction

/// Codes, statutes, doses and models are no names; what looks like them but names someone stays.
struct PlainFormsTests {
    static func isPlain(_ text: String, _ value: String, _ type: EntityType) throws -> Bool {
        let bytes = Array(text.utf8)
        let range = try #require(WordList([value], ignoreCase: false).ranges(in: bytes).first)
        return PlainForms.isPlain(
            Finding(type: type, range: range, score: 0.9, detector: "tagger"), in: bytes)
    }

    @Test(arguments: [
        ("57", "57", EntityType.age), (" 57 ", "57", .age), ("\"12\"", "12", .streetAddress),
        ("12.99", "12.99", .age), ("PH", "PH", .organization), ("M", "M", .person),
        ("TBD", "TBD", .location), ("B2", "B2", .person),
        ("under 28 U.S.C. 1331 or", "28 U.S.C. 1331", .streetAddress),
        ("17 CFR 240 applies", "17 CFR 240", .streetAddress),
        ("see LOINC 4548-4 at", "LOINC 4548-4", .streetAddress),
        ("took Lisinopril 10 mg", "Lisinopril", .person),
        ("Atorvastatin 40mg daily", "Atorvastatin", .organization),
        ("Pantoprazol 20 mg morgens", "Pantoprazol 20", .streetAddress),
        ("Amoxicillin 500 MG", "Amoxicillin", .location),
        ("replaces clause 14.2.1 here", "14.2.1", .dateTime),
        ("pin 2.7.18-rc1 or", "2.7.18-rc1", .dateTime), ("version 10.4", "10.4", .dateTime),
        ("sold the Bosch WSD663 today", "Bosch", .person),
        ("The Alpha 7 and the Shark V15 hum", "Shark", .person),
    ])
    func plain(_ text: String, _ value: String, _ type: EntityType) throws {
        #expect(try Self.isPlain(text, value, type))
    }

    @Test(arguments: [
        ("Anna, 57", "57", EntityType.age), ("57 years", "57", .age), ("1987", "1987", .dateTime),
        ("on 14.2.21 she", "14.2.21", .dateTime), ("born 3.4.1987", "3.4.1987", .dateTime),
        ("AMY", "AMY", .person), ("IBM", "IBM", .organization), ("Bo", "Bo", .person),
        ("Li", "Li", .person), ("M called", "M", .person),
        ("28 Mill Lane", "28 Mill Lane", .streetAddress),
        ("gave Anna 50 mg", "Anna", .person), ("Lisinopril helps", "Lisinopril", .person),
        ("April 10 mg", "April", .person), ("the Smith 2 file", "Smith", .person),
        ("my Bosch WSD663", "Bosch", .organization), ("the Bosch of old", "Bosch", .person),
        ("the Jones 4b flat", "Jones", .person),
    ])
    func kept(_ text: String, _ value: String, _ type: EntityType) throws {
        #expect(try !Self.isPlain(text, value, type))
    }

    @Test func aNumberIsAnAgeWhereTheFieldSaysSo() throws {
        let redactor = try Redactor(
            policy: policy("name: x\ndefault: {operator: replace, threshold: 0.3}"))
        let number = Array("57".utf8)
        #expect(try redactor.scan(number, context: FieldContext(field: "note_id")).isEmpty)
        #expect(try redactor.scan(number, context: FieldContext(field: "age")).count == 1)
        let age = Finding(type: .age, range: 0..<2, score: 0.9, detector: "tagger")
        #expect(PlainForms.isPlain(age, in: number, FieldContext(field: "page")))
        #expect(!PlainForms.isPlain(age, in: number, FieldContext(field: "patient_age")))
        for code in ["PH", "M", "XL", "B2"] {
            let found = try redactor.scan(Array(code.utf8), context: FieldContext(field: "kind"))
            #expect(found.isEmpty, "\(code)")
        }
    }
}
