public import Cryptography

/// A record as it is stored: its id and its canonical bytes.
public struct EncodedRecord: Sendable, Hashable {
    /// The record's id.
    public var rid: RecordID
    /// JCS of the record.
    public var canonical: [UInt8]

    /// Makes an encoded record.
    public init(rid: RecordID, canonical: [UInt8]) {
        self.rid = rid
        self.canonical = canonical
    }
}

/// A content-defined group of records, 64 on average, ordered by rid: what is sealed as one object.
///
/// ```
/// "TSG1" | u32 count | count × ( rid[16] | u32 length | canonical bytes )
/// ```
/// Where a segment ends depends on the ids alone, so an edit moves no boundary but its own.
public enum Segment {
    private static let magic = Array("TSG1".utf8)

    /// Whether a segment ends after the record with this id: one in 64 does.
    public static func endsAfter(_ rid: RecordID) -> Bool {
        // SHA-256 and not the id itself: ids of other makers need not be uniform in their low bits.
        SHA256.hash(rid.bytes)[31] & 63 == 0
    }

    /// The same, with one context for many ids.
    public static func endsAfter(_ rid: RecordID, with hashes: RepeatedSHA256) -> Bool {
        hashes.hash(rid.bytes)[31] & 63 == 0
    }

    /// The bytes of a segment.
    public static func encode(_ records: [EncodedRecord]) -> [UInt8] {
        var out = magic
        out.reserveCapacity(8 + records.reduce(0) { $0 + 20 + $1.canonical.count })
        BigEndian.append(UInt32(records.count), to: &out)
        for record in records {
            BigEndian.append(record.rid.words.0, to: &out)
            BigEndian.append(record.rid.words.1, to: &out)
            BigEndian.append(UInt32(record.canonical.count), to: &out)
            out.append(contentsOf: record.canonical)
        }
        return out
    }

    /// The records of a segment's bytes.
    public static func decode(_ bytes: [UInt8]) throws(RecordsError) -> [EncodedRecord] {
        guard bytes.starts(with: magic),
            let count = BigEndian.read(UInt32.self, from: bytes, at: 4)
        else { throw RecordsError(.malformedRecord, "these bytes are not a segment") }
        var records: [EncodedRecord] = []
        var offset = 8
        for _ in 0..<count {
            guard let high = BigEndian.read(UInt64.self, from: bytes, at: offset),
                let low = BigEndian.read(UInt64.self, from: bytes, at: offset + 8),
                let length = BigEndian.read(UInt32.self, from: bytes, at: offset + 16),
                bytes.count - offset - 20 >= Int(length)
            else {
                throw RecordsError(.malformedRecord, "the segment is cut short", offset: offset)
            }
            let start = offset + 20
            offset = start + Int(length)
            records.append(
                EncodedRecord(
                    rid: RecordID(words: (high, low)), canonical: Array(bytes[start..<offset])))
        }
        guard offset == bytes.count else {
            throw RecordsError(
                .malformedRecord, "the segment has bytes past its end", offset: offset)
        }
        return records
    }
}
