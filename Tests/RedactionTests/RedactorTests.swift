import Records
import Testing

@testable import Redaction

struct RedactorTests {
    static let jane = FixedDetector(words: ["Jane Smith": .person])

    @Test func nameIsFoundEverywhereInTheRecord() throws {
        let record = try makeRecord(
            .labelled,
            [
                "text": "Jane Smith wrote it.", "title": "by SMITH, jane smith and Jane’s dog",
                "label": "Smith",
            ])
        let user = try redactor(
            "name: x\ndefault: {operator: replace, threshold: 0.3}\nfields: {keep: [label]}",
            [Self.jane])
        let result = try user.redact(record)
        #expect(result.record.fields["text"] == "[PERSON_1] wrote it.")
        #expect(result.record.fields["title"] == "by [PERSON_1], [PERSON_1] and [PERSON_1]’s dog")
        #expect(result.record.fields["label"] == "Smith")
        #expect(result.counts.byType == [.person: 4])
        #expect(result.counts.byOperator == [.replace: 4])
        #expect(result.record.rid == record.rid)
    }

    @Test func partsMustBeCapitalised() throws {
        let user = try redactor("name: x", [FixedDetector(words: ["Will Baker": .person])])
        #expect(
            try redacted("Will Baker will meet the baker. Baker left. Will you?", user)
                == "[PERSON_1] will meet the baker. [PERSON_1] left. Will you?")
    }

    @Test func chatByRole() throws {
        let record = try makeRecord(
            .chat,
            [
                "messages": [
                    ["role": "user", "content": "mail a@b.io"],
                    ["role": "assistant", "content": "To a@b.io?"],
                ]
            ])
        let result = try redactor().redact(record)
        #expect(
            result.record.fields["messages"] == [
                ["role": "user", "content": "mail [EMAIL_ADDRESS_1]"],
                ["role": "assistant", "content": "To [EMAIL_ADDRESS_1]?"],
            ])
        #expect(result.findings.keys.sorted() == ["messages[0].content", "messages[1].content"])
    }

    @Test func fieldNamesDecide() throws {
        let record = try makeRecord(
            .text,
            [
                "text": "fine", "Customer Name": "qwxz", "e-mail": "odd value", "dob": "?",
                "zip_code": .number("78701"), "kunde": "abc",
            ])
        let user = try redactor("name: x\nfields: {types: {Kunde: PERSON}}")
        let fields = try user.redact(record).record.fields
        #expect(fields["text"] == "fine")
        #expect(fields["e-mail"] == "[EMAIL_ADDRESS_1]")
        #expect(fields["dob"] == "[DATE_OF_BIRTH_1]")
        #expect(fields["zip_code"] == "[ZIP_CODE_1]")
        #expect(fields["Customer Name"] == "[PERSON_1]")
        #expect(fields["kunde"] == "[PERSON_2]")
        let off = try redactor("name: x\nfields: {by-name: false}").redact(record).record.fields
        #expect(off["e-mail"] == "odd value")
    }

    @Test func keptTypesGiveWay() throws {
        let user = try redactor(
            "name: x\ndefault: {operator: replace, threshold: 0.3}\ntypes: {PERSON: keep}",
            [FixedDetector(words: ["Jane": .person, "jane@b.io": .person])])
        let found = try user.scan(Array("Jane jane@b.io".utf8))
        #expect(found.map(\.type) == [.person, .emailAddress])
    }

    @Test func allowedWordsStay() throws {
        let user = try redactor(
            "name: x\nallow: [Amazon, Kindle, info@shop.org]",
            [FixedDetector(words: ["Amazon Kindle": .organization])])
        #expect(
            try redacted("Amazon Kindle, info@shop.org", user) == "Amazon Kindle, info@shop.org")
    }

    @Test func failsClosed() throws {
        #expect(throws: RedactionError.self) { try redactor().scan([0xFF, 0x41]) }
        var deep = JSONValue.string("x")
        for _ in 0..<80 { deep = .array([deep]) }
        let record = try makeRecord(.text, ["text": deep])
        #expect(throws: RedactionError.self) { try redactor().redact(record) }
        struct Broken: Detector {
            let name = "broken"
            let digest = [UInt8](repeating: 0, count: 32)
            func findings(in document: DocumentView) -> [Finding] {
                [Finding(type: .person, range: 0..<999, score: 1, detector: name)]
            }
        }
        #expect(throws: RedactionError.self) { try redactor("name: x", [Broken()]).scan([65]) }
    }

    @Test func emptyAndPlainTextsStay() throws {
        for text in ["", " ", "Nothing to see here, move along.\r\n", "5 stars!!! would buy again"]
        {
            #expect(try redacted(text, redactor()) == text)
        }
    }

    @Test func countsMerge() {
        var a = FindingCounts()
        a.byType = [.person: 1]
        var b = FindingCounts()
        b.byType = [.person: 2, .url: 1]
        b.byOperator = [.mask: 3]
        a.merge(b)
        #expect(a.total == 4)
        #expect(a.json["byType"]?["PERSON"] == 3)
    }
}
