import Cryptography
import Records
import Testing

@Suite("Records, segments and ids")
struct RecordTests {
    let key = SymmetricKey(bytes: [UInt8](repeating: 7, count: 32))

    func record(_ number: Int) -> Record {
        Record(
            rid: RecordID(tag: .content, value: BigEndian.bytes(UInt64(number)), key: key),
            kind: .labelled,
            fields: ["text": .string("text \(number) 😀"), "label": "good", "note": nil],
            split: .train,
            subjects: [
                SubjectID(words: (2, UInt64(number))), SubjectID(words: (1, 0)),
                SubjectID(words: (1, 0)),
            ])
    }

    @Test("canonical bytes come back, subjects sorted and unique") func roundTrip() throws {
        let record = record(1)
        #expect(record.subjects == [SubjectID(words: (1, 0)), SubjectID(words: (2, 1))])
        let bytes = record.canonicalBytes()
        #expect(try Record(rid: record.rid, canonicalBytes: bytes) == record)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"fields":{"label":"good","note":null,"text":"text 1 😀"},"kind":"labelled","split":"train","subjects":["00000000000000010000000000000000","00000000000000020000000000000001"]}"#
        )
    }

    @Test(arguments: [
        "{}", #"{"fields":{},"kind":"poem","split":null,"subjects":[]}"#,
        #"{"fields":{},"kind":"text","split":"dev","subjects":[]}"#,
        #"{"fields":{},"kind":"text","split":null,"subjects":["zz"]}"#,
        #"{"fields":[],"kind":"text","split":null,"subjects":[]}"#,
    ])
    func malformed(text: String) {
        #expect(throws: RecordsError.self) {
            try Record(rid: RecordID(words: (0, 0)), canonicalBytes: Array(text.utf8))
        }
    }

    /// The definition, byte by byte: HMAC(key, tag ‖ u64 length ‖ value ‖ u64 n), first half.
    @Test("rids follow the formula") func rids() {
        let value = Array("row".utf8)
        let message =
            Array("content".utf8) + [0, 0, 0, 0, 0, 0, 0, 3] + value + [0, 0, 0, 0, 0, 0, 0, 2]
        let expected = Array(HMACSHA256.authenticate(message, key: key).prefix(16))
        #expect(RecordID(tag: .content, value: value, repetition: 2, key: key).bytes == expected)
        #expect(RecordID(tag: .key, value: value, repetition: 2, key: key).bytes != expected)
        #expect(RecordID(hex: Hex.encode(expected))?.bytes == expected)
    }

    @Test("ids are ordered as bytes") func order() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<1000 {
            let left = RecordID(words: (random.next(), random.next()))
            let right = RecordID(
                words: (Bool.random(using: &random) ? left.words.0 : random.next(), random.next()))
            #expect((left < right) == left.bytes.lexicographicallyPrecedes(right.bytes))
        }
    }

    @Test("segments come back", arguments: 0..<20) func segments(count: Int) throws {
        let records = (0..<count).map {
            EncodedRecord(rid: record($0).rid, canonical: record($0).canonicalBytes())
        }
        let bytes = Segment.encode(records)
        #expect(try Segment.decode(bytes) == records)
        for cut in stride(from: 0, to: bytes.count, by: 13) {
            #expect(throws: RecordsError.self) { try Segment.decode(Array(bytes[..<cut])) }
        }
        #expect(throws: RecordsError.self) { try Segment.decode(bytes + [0]) }
    }

    @Test("a segment has 64 records on average") func boundaries() {
        let ends = (0..<64_000).count { Segment.endsAfter(record($0).rid) }
        #expect((850...1150).contains(ends))
    }

    @Test("schemas widen to the narrowest common type") func schema() throws {
        var schema = Schema()
        schema.observe(["a": 1, "b": 1, "c": nil, "d": "x", "e": nil])
        schema.observe(["a": 2, "b": 1.5, "c": "y", "d": true, "e": nil, "f": []])
        #expect(
            schema.columns == [
                "a": .integer, "b": .number, "c": .string, "d": .mixed, "e": .null, "f": .array,
            ])
        #expect(try Schema(json: schema.json) == schema)
    }

    @Test("a manifest's id is the hash of its canonical bytes") func manifest() throws {
        let manifest = VersionManifest(
            dataset: "00", stage: .raw, parents: [], recordRoot: "aa", originRoot: "bb",
            subjectRoot: "cc",
            count: 3, schema: Schema(columns: ["text": .string]), recipe: [],
            counts: ["accepted": 3],
            splits: ["train": 2, "test": 1], purposes: ["support"], legalBasis: nil)
        #expect(try VersionManifest(json: JSONParser.parse(manifest.canonicalBytes)) == manifest)
        #expect(manifest.versionID == Hex.encode(SHA256.hash(manifest.canonicalBytes)))
    }

    @Test("randomness is a function of key, tag and rid") func randomness() {
        let rid = RecordID(words: (1, 2))
        func draws(_ key: [UInt8], _ tag: String, _ rid: RecordID) -> [UInt64] {
            var random = SeededRandom(key: key, tag: tag, rid: rid)
            return (0..<9).map { _ in random.next() }
        }
        #expect(draws([1], "a", rid) == draws([1], "a", rid))
        #expect(draws([1], "a", rid) != draws([2], "a", rid))
        #expect(draws([1], "a", rid) != draws([1], "b", rid))
        #expect(draws([1], "a", rid) != draws([1], "a", RecordID(words: (1, 3))))
        #expect(Set(draws([1], "a", rid)).count == 9)
    }
}
