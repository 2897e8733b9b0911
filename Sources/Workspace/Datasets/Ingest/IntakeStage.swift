import Cryptography
import Ingestion
import Records
import Vault

/// Encodes rows and gives them their ids: the stage of the intake that runs beside the parsers.
///
/// Used by one thread at a time: by jobs of one ``WorkLane``, and after its `finish()` by the
/// caller. That is why it may cross threads.
final class IntakeStage: @unchecked Sendable {
    /// A batch of one file's rows.
    struct Job: Sendable {
        var rows: [IngestedRow]
        /// The file's number, in the order of reading.
        var file: Int
        /// The number of the first row, in the order of reading.
        var firstNumber: UInt64
    }

    /// The rows by rid, repetitions in the order of reading.
    let rows: SealedSorter
    private let ridKey: HMACSHA256.PaddedKey
    private let subjects: SubjectIndex
    private let hashes = RepeatedSHA256()
    private var encoder = RecordEncoder()

    private static let keyTag = Array(RecordID.Tag.key.rawValue.utf8)
    private static let contentTag = Array(RecordID.Tag.content.rawValue.utf8)

    init(rows: SealedSorter, ridKey: SymmetricKey, subjectKey: SymmetricKey) {
        self.rows = rows
        self.ridKey = HMACSHA256.PaddedKey(ridKey)
        subjects = SubjectIndex(key: subjectKey)
    }

    /// What the columns of all rows hold.
    var schema: Schema { encoder.schema }

    func take(_ job: Job) throws {
        var number = job.firstNumber
        for row in job.rows {
            try take(row, file: job.file, number: number)
            number += 1
        }
    }

    private func take(_ row: IngestedRow, file: Int, number: UInt64) throws {
        guard row.subjects.count <= HeldRow.maximumSubjects else {
            throw WorkspaceError(
                .failed, "a row names \(row.subjects.count) people",
                hint: "the subject column is hardly the right one")
        }
        let (record, rid) = identified(row)
        let held = HeldRow(
            isKeyed: row.key != nil, subjects: record.subjects, canonical: record.canonical[...],
            file: file, offset: row.offset, length: row.length, place: row.place)
        var key = rid.bytes
        BigEndian.append(number, to: &key)
        try rows.append(key: key) { held.append(to: &$0) }
    }

    /// A row as its record's bytes with its people's blind ids, and the id of its first occurrence.
    func identified(
        _ row: IngestedRow
    ) -> (record: (canonical: [UInt8], subjects: [SubjectID]), rid: RecordID) {
        let record = Record(
            rid: RecordID(words: (0, 0)), kind: row.kind, fields: row.fields,
            subjects: row.subjects.map { subjects.id(of: $0, with: hashes) })
        let canonical = encoder.encode(record)
        let rid =
            row.key.map {
                RecordID(tag: Self.keyTag, value: Array($0.utf8), key: ridKey, with: hashes)
            } ?? contentID(canonical, repetition: 0)
        return ((canonical, record.subjects), rid)
    }

    /// The id of a row without a key: of its content and how often that came before.
    func contentID(_ canonical: [UInt8], repetition: UInt64) -> RecordID {
        RecordID(
            tag: Self.contentTag, value: canonical, repetition: repetition, key: ridKey,
            with: hashes)
    }
}

/// The blind ids of people.
struct SubjectIndex: Sendable {
    private let key: HMACSHA256.PaddedKey
    private static let tag = Array("subject".utf8)

    init(key: SymmetricKey) { self.key = HMACSHA256.PaddedKey(key) }

    /// The blind id of a person: equal for values that differ in case or surrounding space only.
    func id(of value: String, with hashes: RepeatedSHA256) -> SubjectID {
        SubjectID(
            prefixOf: hashes.authenticate(
                Self.tag, Self.asciiNormal(value) ?? Self.normal(value), key: key))
    }

    private static func normal(_ value: String) -> [UInt8] {
        let normal = value.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
        return Array(normal.utf8)
    }

    /// The same for ASCII, byte by byte; nil for other text.
    private static func asciiNormal(_ value: String) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(value.utf8.count)
        var isSpaced = false
        for byte in value.utf8 {
            switch byte {
            case 0x20, 0x09...0x0D: isSpaced = !out.isEmpty
            case 0x80...: return nil
            default:
                if isSpaced { out.append(0x20) }
                isSpaced = false
                out.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        return out
    }
}
