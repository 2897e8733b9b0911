import Cryptography
import Records
import Testing

@Suite("Records written one after the other")
struct RecordEncoderTests {
    /// Names that sort differently in UTF-8 and UTF-16, and some that are canonically equivalent.
    private static let names = [
        "a", "b", "text", "label", "a long name of a column", "é", "e\u{301}", "\u{212A}", "K",
        "😀", "\u{fb33}", "quote\"", "",
    ]

    private static func value(_ random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .null
        case 1: .bool(true)
        case 2: .number("12.50")
        case 3: .array([.string("x"), .null])
        case 4: .object(["z": .number("1"), "a": .string("\u{1}\n\"\\")])
        default: .string(String(repeating: "ä\"\\\t", count: Int.random(in: 0..<4, using: &random)))
        }
    }

    /// 2,000 records of few and of many shapes.
    @Test("the bytes and the schema are those of each record by itself", arguments: [1, 3, 12])
    func equality(shapes: Int) {
        var random = SeededRandom(seed: UInt64(shapes))
        var encoder = RecordEncoder()
        var schema = Schema()
        let columns = (0..<shapes).map { _ in
            Self.names.filter { _ in Bool.random(using: &random) }
        }
        for index in 0..<2_000 {
            var fields: [String: JSONValue] = [:]
            for name in columns[Int.random(in: 0..<shapes, using: &random)] {
                fields[name] = Self.value(&random)
            }
            let record = Record(
                rid: RecordID(words: (1, UInt64(index))),
                kind: RecordKind.allCases[index % RecordKind.allCases.count], fields: fields,
                split: index % 3 == 0 ? .test : nil,
                subjects: (0..<(index % 3)).map { SubjectID(words: (UInt64($0), 7)) })
            #expect(encoder.encode(record) == record.canonicalBytes())
            schema.observe(fields)
            #expect(encoder.schema == schema)
        }
    }

    @Test("equivalent names in a row of records keep their bytes") func equivalent() {
        var encoder = RecordEncoder()
        for name in ["é", "e\u{301}", "\u{212A}", "K", "\u{212A}"] {
            let record = Record(
                rid: RecordID(words: (0, 0)), kind: .text, fields: [name: "x", "text": "y"])
            #expect(encoder.encode(record) == record.canonicalBytes())
        }
    }

    @Test("leaves and ids are the same with one context for all") func leaves() {
        let hashes = RepeatedSHA256()
        let key = SymmetricKey(bytes: Array(0..<32))
        let padded = HMACSHA256.PaddedKey(key)
        for length in 0..<150 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let rid = RecordID(words: (UInt64(length), 3))
            for purpose in ["leaf", "origin"] {
                let salt = Leaf.salt(key: key, rid: rid, canonical: bytes, purpose: purpose)
                #expect(
                    Leaf.hash(
                        rid: rid, canonical: bytes, key: padded, purpose: Array(purpose.utf8),
                        with: hashes)
                        == Leaf.hash(
                            rid: rid,
                            commitment: Leaf.commitment(salt: salt, canonical: bytes)))
            }
            #expect(
                RecordID(
                    tag: Array("content".utf8), value: bytes, repetition: 9, key: padded,
                    with: hashes)
                    == RecordID(tag: .content, value: bytes, repetition: 9, key: key))
            #expect(Segment.endsAfter(rid, with: hashes) == Segment.endsAfter(rid))
        }
    }
}
