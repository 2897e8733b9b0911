import Records
import Testing

@testable import Redaction

/// Identifiers that are written so that their bytes do not show.
@Suite struct PlainTextTests {
    static func spread(_ text: String, _ mark: String) -> String {
        text.map(String.init).joined(separator: mark)
    }

    static func wide(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar)
        }
        return String(result)
    }

    static let values = ["536-22-8145", "zelda.marwick@corpmail.example"]

    static let disguises: [@Sendable (String) -> String] =
        [
            "\u{200B}", "\u{200C}", "\u{2060}", "\u{AD}", "\u{FEFF}", "\u{200F}", "\u{1}", "\0",
            "&shy;",
        ]
        .map { mark in { @Sendable in PlainTextTests.spread($0, mark) } }
        + [
            { PlainTextTests.wide($0) },
            { "\($0.prefix(2))\u{2066}\($0.dropFirst(2).prefix(3))\u{2069}\($0.dropFirst(5))" },
            { $0.utf8.map { "&#\($0);" }.joined() },
            { $0.utf8.map { "\\u00" + String($0, radix: 16) }.joined() },
            { $0.utf8.map { "&#x\(String($0, radix: 16));" }.joined() },
            { $0.utf8.map { "%" + String($0, radix: 16) }.joined() },
            { $0.replacing("@", with: "%40").replacing("-", with: "\u{2212}") },
            { $0.replacing("@", with: "&commat;").replacing("-", with: "&#45;") },
        ]

    @Test(arguments: values, disguises.indices)
    func isFoundAsAWhole(_ value: String, _ disguise: Int) throws {
        let redactor = try redactor()
        let written = PlainTextTests.disguises[disguise](value)
        let result = try redactor.redact(text: Array("Her SSN or mail: \(written), she says.".utf8))
        let text = String(decoding: result.text, as: UTF8.self)
        #expect(text.hasPrefix("Her SSN or mail: ["), "\(text)")
        #expect(text.hasSuffix("], she says."), "\(text)")
    }

    @Test(arguments: [
        "", "plain", "10 % off & more", "caf\u{E9} \u{2764}\u{FE0F}", "&nope; %zz %4",
    ])
    func isNilWhereNothingIsInDisguise(_ text: String) {
        #expect(PlainText(Array(text.utf8)) == nil)
    }

    @Test func placesAreThoseOfTheSource() throws {
        let source = Array("a\u{200B}b&#64;\u{FF43}d%41".utf8)
        let plain = try #require(PlainText(source))
        #expect(String(decoding: plain.bytes, as: UTF8.self) == "ab@cdA")
        let places = plain.bytes.indices.map { plain.source(of: $0..<($0 + 1)) }
        #expect(places == [0..<1, 4..<5, 5..<10, 10..<13, 13..<14, 14..<17])
        #expect(plain.source(of: 0..<6) == 0..<17)
    }

    @Test func randomTextsKeepTheirPlaces() throws {
        var random = SeededRandom(seed: 0x504C_4149)
        let pieces = [
            "a", "1", " ", "\u{200B}", "\u{AD}", "&#64;", "&amp;", "%40", "%", "&", "\u{FF11}",
            "\u{1D7CE}", "\u{E9}", "\u{4E2D}", "\u{1F600}", "\0", "&#x110000;", "&#99999999999;",
        ]
        for _ in 0..<4000 {
            let count = Int.random(in: 0..<12, using: &random)
            let text = (0..<count).map { _ in pieces[Int.random(in: pieces.indices, using: &random)]
            }.joined()
            let source = Array(text.utf8)
            guard let plain = PlainText(source) else { continue }
            #expect(String(validating: plain.bytes, as: UTF8.self) != nil)
            var last = 0
            for k in plain.bytes.indices {
                let place = plain.source(of: k..<(k + 1))
                #expect(place.lowerBound >= last && place.upperBound <= source.count)
                last = place.upperBound
            }
        }
    }

    @Test func namesOfMembersAreHeldBackAtEveryDepth() throws {
        let redactor = try redactor()
        let value = JSONValue.string("1")
        let fields: [[String: JSONValue]] = [
            ["jo@shop.example": value], ["m": .object(["jo@shop.example": value])],
            ["m": .array([.object(["4111 1111 1111 1111": value])])],
        ]
        for more in fields {
            let record = try makeRecord(.text, ["text": .string("x")].merging(more) { a, _ in a })
            #expect(throws: RedactionError.self) { try redactor.redact(record) }
            #expect(throws: RedactionError.self) { try redactor.names(in: record) }
        }
    }

    @Test func whatIsNoRoleOfAChatIsText() throws {
        let turn = JSONValue.object([
            "role": .string("jo@shop.example"), "content": .string("Hello."),
        ])
        let asked = JSONValue.object(["role": .string("user"), "content": .string("Hello.")])
        let record = try makeRecord(.chat, ["messages": .array([turn, asked])])
        let result = try redactor().redact(record).record.fields["messages"]
        let hidden = JSONValue.object([
            "role": .string("[EMAIL_ADDRESS_1]"), "content": .string("Hello."),
        ])
        #expect(result == .array([hidden, asked]))
    }
}
