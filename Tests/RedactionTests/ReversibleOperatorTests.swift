import Cryptography
import Records
import Testing

@testable import Redaction

struct ReversibleOperatorTests {
    static let text = "Write to a.roe@example.com or A.Roe@Example.com, call 212-555-0142 🙂."

    static func keys(_ tokens: TokenTable? = nil) -> RedactionKeys {
        RedactionKeys(
            encryptionKey: SymmetricKey(bytes: [UInt8](repeating: 3, count: 32)),
            tokens: tokens ?? TokenTable())
    }

    static func redactor(_ operation: String, _ keys: RedactionKeys) throws -> Redactor {
        try Redactor(
            policy: policy("name: x\ndefault: {operator: \(operation), threshold: 0.3}"),
            detectors: [Scanners()], keys: keys)
    }

    static func reveal(_ text: [UInt8], _ keys: RedactionKeys) -> (String, Revealer.Counts) {
        var counts = Revealer.Counts()
        let result = Revealer(keys: keys).reveal(text, counts: &counts)
        return (String(decoding: result, as: UTF8.self), counts)
    }

    @Test func encryptionRestoresEveryByte() throws {
        let keys = Self.keys()
        let sealed = try Self.redactor("encrypt", keys).redact(text: Array(Self.text.utf8)).text
        #expect(!String(decoding: sealed, as: UTF8.self).contains("roe"))
        let (text, counts) = Self.reveal(sealed, keys)
        #expect(text == Self.text)
        #expect(counts.revealed == 3 && counts.unknown == 0)
    }

    @Test func encryptionIsRepeatableAndHidesEquality() throws {
        let redactor = try Self.redactor("encrypt", Self.keys())
        let twice = Array("a@b.io a@b.io".utf8)
        let first = try redactor.redact(text: twice).text
        #expect(try redactor.redact(text: twice).text == first)
        let parts = first.split(separator: 0x20)
        #expect(parts[0] != parts[1])
    }

    @Test func anotherKeyRevealsNothing() throws {
        let sealed = try Self.redactor("encrypt", Self.keys()).redact(text: Array(Self.text.utf8))
        let other = RedactionKeys(encryptionKey: .random())
        let (text, counts) = Self.reveal(sealed.text, other)
        #expect(text == String(decoding: sealed.text, as: UTF8.self))
        #expect(counts.revealed == 0 && counts.unknown == 3)
    }

    @Test(arguments: [
        "[EMAIL_ADDRESS:enc:]", "[EMAIL_ADDRESS:enc:AAAA]", "[A:B]", "[", "[[[[:]", "[A:",
        "[EMAIL_ADDRESS:enc:\(String(repeating: "A", count: 80))]", "see [PERSON:7QK2M9XA4T]",
    ])
    func whatOnlyLooksLikeACodeStays(_ text: String) {
        #expect(Self.reveal(Array(text.utf8), Self.keys()).0 == text)
    }

    @Test func aDamagedCodeStays() throws {
        let keys = Self.keys()
        let sealed = try Self.redactor("encrypt", keys).redact(text: Array("a@b.io".utf8)).text
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 1
            #expect(Self.reveal(damaged, keys).0 != "a@b.io")
        }
    }

    @Test func tokensAreStableAndRandom() throws {
        let table = TokenTable()
        let redactor = try Self.redactor("token", Self.keys(table))
        let first = try redactor.redact(text: Array(Self.text.utf8)).text
        // Equal values share a code, in this text and in the next version's.
        #expect(table.entries.count == 2)
        let next = TokenTable(table.entries)
        let again = try Self.redactor("token", Self.keys(next)).redact(text: Array(Self.text.utf8))
        #expect(again.text == first)
        #expect(next.addedCount == 0)
        let fresh = try Self.redactor("token", Self.keys()).redact(text: Array(Self.text.utf8))
        #expect(fresh.text != first, "a code must not be derived from the value")
    }

    @Test func aTableSurvivesItsJSON() throws {
        let table = TokenTable()
        _ = try Self.redactor("token", Self.keys(table)).redact(text: Array(Self.text.utf8))
        #expect(try TokenTable(json: table.json).entries == table.entries)
        #expect(throws: RedactionError.self) { try TokenTable(json: [["type": "X"]]) }
    }

    @Test func tokensRevealTheFirstWriting() throws {
        let keys = Self.keys()
        let text = try Self.redactor("token", keys).redact(text: Array(Self.text.utf8)).text
        #expect(
            Self.reveal(text, keys).0
                == Self.text.replacing("A.Roe@Example.com", with: "a.roe@example.com"))
    }

    @Test func namesShareATokenWithTheirParts() throws {
        let redactor = try Redactor(
            policy: policy("name: x\ndefault: {operator: token, threshold: 0.3}"),
            detectors: [FixedDetector(words: ["Jane Roe": .person])], keys: Self.keys())
        let words = try redacted("Jane Roe called. Jane left.", redactor).split(separator: " ")
        #expect(words[0] == words[2])
    }

    @Test(arguments: RedactionOperator.allCases)
    func withoutItsKeyAnOperatorIsRefused(_ operation: RedactionOperator) throws {
        let policy = try policy("name: x\ndefault: \(operation.rawValue)")
        if operation.need == nil {
            _ = try Redactor(policy: policy)
        } else {
            #expect(throws: RedactionError.self) { try Redactor(policy: policy) }
        }
    }

    @Test(arguments: ["hash", "pseudonym", "encrypt", "date-shift"])
    func derivedCodesAreRefusedWhereForbidden(_ operation: String) {
        #expect(throws: RedactionError.self) {
            try policy("name: x\nderived-codes: forbidden\ndefault: \(operation)")
        }
    }

    @Test func recordsAreRevealedAtEveryDepth() throws {
        let keys = Self.keys()
        let record = try makeRecord(
            .text, ["text": "mail a@b.io", "more": ["x": ["c@d.io", .bool(true), .null]]])
        let sealed = try Self.redactor("encrypt", keys).redact(record).record
        #expect(sealed != record)
        var counts = Revealer.Counts()
        #expect(Revealer(keys: keys).reveal(sealed, counts: &counts) == record)
    }
}
