import Records
import Testing

@testable import Redaction

/// What is found once is found in every field of its record, and false alarms are not.
struct DocumentPassTests {
    static let order = "202-5210448-8895311"

    static func fields(
        _ fields: [String: JSONValue], _ yaml: String = "name: x", _ more: [any Detector] = []
    ) throws -> [String: JSONValue] {
        // No scanners: what is found in the text was found through the document only.
        let redactor = try Redactor(policy: policy(yaml), detectors: more)
        return try redactor.redact(makeRecord(.text, fields)).record.fields
    }

    @Test(arguments: [
        ("order_number", order, "order \(order).", "order [ACCOUNT_1]."),
        ("order_number", order, "(20252104488895311)", "([ACCOUNT_1])"),
        ("order_number", order, "202 5210448 8895311!", "[ACCOUNT_1]!"),
        ("order_number", order, "202‑5210448–8895311", "[ACCOUNT_1]"),
        ("order_number", order, "1\(order) and \(order)2", "1\(order) and \(order)2"),
        ("order_number", "20252104488895311", "no. \(order)", "no. [ACCOUNT_1]"),
        ("order_number", "AB-77x", "it was ab77X", "it was [ACCOUNT_1]"),
        ("order_number", "4711", "4711 times", "4711 times"),
        ("phone", "(415) 555-0134", "ring 415.555.0134", "ring [PHONE_NUMBER_1]"),
        ("email", "Jo.Doe@Mail.example", "to JO.DOE@MAIL.EXAMPLE?", "to [EMAIL_ADDRESS_1]?"),
        ("card_number", "4539 1488 0343 6467", "x 4539148803436467", "x [CREDIT_CARD_1]"),
        (
            "address", "12 Oak Street, Austin, TX 78701", "at 12 oak street,\nAustin TX 78701 now",
            "at [STREET_ADDRESS_1] now"
        ),
        ("customer_name", "Aurelia Blackwood", "— aurelia BLACKWOOD", "— [PERSON_1]"),
        ("customer_name", "Aurelia Blackwood", "aurelia-blackwood's", "[PERSON_1]'s"),
        ("customer_name", "Aurelia Blackwood", "Ask Blackwood", "Ask [PERSON_1]"),
        ("customer_name", "Li Xu", "thanks, Li Xu", "thanks, [PERSON_1]"),
        ("customer_name", "Ólafur Þórsson", "ÓLAFUR ÞÓRSSON", "[PERSON_1]"),
        ("city", "Street", "street by street", "street by street"),
        ("age", "34", "34 of 34", "34 of 34"),
    ])
    func valueOfAFieldIsFoundInTexts(
        _ name: String, _ value: String, _ text: String, _ expected: String
    ) throws {
        let result = try Self.fields([name: .string(value), "review": .string(text)])
        #expect(result["review"] == .string(expected))
    }

    @Test func nestedFieldsAndKeptOnes() throws {
        let result = try Self.fields(
            [
                "meta": ["order_number": .string(Self.order)], "label": .string(Self.order),
                "notes": [.string("x \(Self.order)")],
            ], "name: x\nfields: {keep: [label]}")
        #expect(result["notes"] == ["x [ACCOUNT_1]"])
        #expect(result["label"] == .string(Self.order))
        let kept = try Self.fields(
            ["order_number": .string(Self.order), "text": .string(Self.order)],
            "name: x\ntypes: {ACCOUNT: keep}")
        #expect(kept["text"] == .string(Self.order))
        let off = try Self.fields(
            ["order_number": .string(Self.order), "text": .string(Self.order)],
            "name: x\ndocument-pass: false")
        #expect(off["text"] == .string(Self.order))
    }

    @Test func structuredFindingIsFoundElsewhere() throws {
        let record = try makeRecord(
            .text,
            ["text": "my order number is KD-88123-77 (thanks)", "title": "about kd8812377 again"])
        let fields = try redactor().redact(record).record.fields
        #expect(fields["title"] == "about [ACCOUNT_1] again")
    }

    @Test(arguments: [
        // A learned name in lower case, a model's number, an age: found once, never spread.
        ("memorex", EntityType.person, "memorex or memorex or Memorex"),
        ("Apex 1201", .streetAddress, "Apex 1201 and Apex 1201"),
        ("4 mp", .streetAddress, "4 mp and 4 mp"),
        ("123456", .age, "123456 and 123456"),
    ])
    func falseAlarmsDoNotSpread(_ word: String, _ type: EntityType, _ text: String) throws {
        let once = FixedDetector(words: [word: type], score: 0.9)
        let user = try redactor("name: x\ndefault: {operator: replace, threshold: 0.3}", [once])
        let found = try user.scan(Array(text.utf8)).filter { $0.detector == "document" }
        #expect(found.isEmpty)
    }

    @Test func learnedNamesWithoutCapitalsAreDoubted() throws {
        let yaml = "name: x\ndefault: {operator: replace, threshold: 0.81}"
        for (text, expected) in [
            ("a memorex tape", "a memorex tape"), ("Dennis Murphy said", "[PERSON_1] said"),
            ("李明 said", "[PERSON_1] said"),
        ] {
            let detector = FixedDetector(
                words: ["memorex": .person, "Dennis Murphy": .person, "李明": .person], score: 0.95)
            #expect(try redacted(text, redactor(yaml, [detector])) == expected)
        }
    }

    @Test func manyValuesWithOneBeginningStayLinear() throws {
        // 1,000 numbers that begin alike, and a text that begins like all of them at every word.
        var index = ValueIndex()
        for k in 0..<1_000 {
            let text = Array((String(repeating: "1", count: 6 + k % 200) + "\(k)").utf8)
            index.add(
                Finding(
                    type: .account, range: 0..<text.count, score: 1,
                    detector: Redactor.fieldDetector),
                in: text)
        }
        let text = Array(String(repeating: "111111 ", count: 4_000).utf8)
        #expect(index.findings(in: text).allSatisfy { !$0.range.isEmpty })
    }

    @Test func reviewsKeepNoPlantedValue() throws {
        // Rows as the demo makes them: signatures of every form, under the pack for reviews.
        let pack = try Policy.load(yaml: file("policies/retail-reviews.yaml"), named: "pack")
        let user = try Redactor(policy: pack)
        var random = SeededRandom(seed: 7)
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in String(Int.random(in: 1...9, using: &random)) }.joined()
        }
        func squeezed(_ text: String) -> String {
            String(
                decoding: ValueIndex.squeezed(Array(text.utf8)[...]), as: UTF8.self)
        }
        for _ in 0..<20 {
            let (given, family) = ("Fionnuala", "Vandermeer")
            let order = "\(digits(3))-\(digits(7))-\(digits(7))"
            let card = "4539 \(digits(4)) \(digits(4)) \(digits(4))"
            let phone = "(\(digits(3))) \(digits(3))-\(digits(4))"
            let mail = "\(given.lowercased()).\(family.lowercased())\(digits(2))@post.example.net"
            let address = "\(digits(4)) Juniper Lane, Boulder, CO 80302"
            let signatures = [
                " -- \(given) \(family), \(address)", " Please call me at \(phone). \(given)",
                " Contact me: \(mail)", " My order number is \(order). Regards, \(family)",
                " I paid with card \(card), order \(order).", " order no. \(order) ",
            ]
            for signature in signatures {
                let record = try makeRecord(
                    .labelled,
                    [
                        "text": .string("the zen xtra plays mp3." + signature), "label": "positive",
                        "customer_name": .string("\(given) \(family)"), "email": .string(mail),
                        "phone": .string(phone), "address": .string(address),
                        "card_number": .string(card), "order_number": .string(order),
                    ])
                let fields = try user.redact(record).record.fields
                let left = fields.values.compactMap(\.stringValue).map(squeezed)
                for value in [order, card, phone, mail, address, given, family] {
                    #expect(!left.contains { $0.contains(squeezed(value)) })
                }
                #expect(fields["text"]?.stringValue?.hasPrefix("the zen xtra plays mp3.") == true)
            }
        }
    }
}
