import Catalog
import Cryptography
import Ingestion
import Records
import Vault

/// Gives ingested rows their ids and puts them in order: what stands between the parsers and the
/// version writer.
///
/// Ids need every row first (exact repetitions are numbered, repeated keys refused), so rows pass
/// through a ``SealedSorter``; memory stays flat.
final class Intake {
    let quarantine: QuarantineWriter
    private(set) var rowCount: UInt64 = 0

    private let ridKey: SymmetricKey
    private let subjectKey: SymmetricKey
    private let rows: SealedSorter
    private let repeats: SealedSorter
    private var schema = Schema()
    private var files: [(file: InputFile, digest: [UInt8])] = []

    init(workspace: OpenWorkspace, dataset: DatasetRow) throws {
        let scope = try ScopeID(bytes: dataset.id)
        ridKey = try workspace.vault.namedKey("rid", scope: scope)
        subjectKey = try workspace.vault.workspaceKey("subject-index")
        let folder = workspace.folder + "/packs"
        rows = SealedSorter(folder: folder)
        repeats = SealedSorter(folder: folder)
        quarantine = try QuarantineWriter(workspace: workspace, dataset: dataset)
    }

    /// Takes a batch of rows from the parsers.
    func take(_ batch: IngestBatch, from facts: FileFacts, rereading ingestor: Ingestor) throws {
        if files.last?.digest != facts.digest { files.append((facts.file, facts.digest)) }
        rowCount += UInt64(batch.rows.count + batch.rejected.count)
        for row in batch.rows { try take(row, facts: facts) }
        for row in batch.rejected {
            try quarantine.add(
                reason: row.reason.rawValue, fileDigest: facts.digest, offset: row.offset,
                raw: raw(of: facts.file, ingestor, offset: row.offset, length: row.length),
                length: row.length)
        }
    }

    private func take(_ row: IngestedRow, facts: FileFacts) throws {
        let record = Record(
            rid: RecordID(words: (0, 0)), kind: row.kind, fields: row.fields,
            subjects: row.subjects.map { Self.subjectID(of: $0, key: subjectKey) })
        schema.observe(row.fields)
        let canonical = record.canonicalBytes()
        let isKeyed = row.key != nil
        let rid = RecordID(
            tag: isKeyed ? .key : .content, value: row.key.map { Array($0.utf8) } ?? canonical,
            key: ridKey)
        let origin = Origin(
            rid: rid, fileDigest: facts.digest, offset: row.offset, length: row.length,
            parser: facts.parser, encoding: facts.encoding.rawValue)
        let held = HeldRow(
            isKeyed: isKeyed, subjects: record.subjects, canonical: canonical,
            origin: origin.canonicalBytes(), file: files.count - 1, offset: row.offset,
            length: row.length)
        try rows.append(key: rid.bytes + BigEndian.bytes(rowCount), payload: held.encoded())
    }

    /// The blind id of a person: equal for values that differ in case or surrounding space only.
    static func subjectID(of value: String, key: SymmetricKey) -> SubjectID {
        let normal = value.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
        return SubjectID(
            prefixOf: HMACSHA256.authenticate(Array("subject".utf8) + Array(normal.utf8), key: key))
    }

    private func raw(
        of file: InputFile, _ ingestor: Ingestor, offset: UInt64, length: UInt64
    ) throws -> [UInt8]? {
        guard file.path != "-", length <= QuarantineWriter.maximumRawBytes else { return nil }
        return try ingestor.rereadRow(in: file, offset: offset, length: length)
    }

    /// Writes all rows, ordered by rid, into the version.
    func drain(into writer: VersionWriter, count: inout IngestCount, ingestor: Ingestor) throws {
        try settleRepeats(&count, ingestor)
        writer.observe(schema)
        var rows = try rows.cursor()
        var repeats = try repeats.cursor()
        var last: RecordID?
        var row = try rows.next()
        var again = try repeats.next()
        while row != nil || again != nil {
            if let head = row, again.map({ head.key.lexicographicallyPrecedes($0.key) }) ?? true {
                let rid = RecordID(prefixOf: head.key)
                if rid != last { try write(head, rid, to: writer) }
                last = rid
                row = try rows.next()
            } else if let head = again {
                try write(head, RecordID(prefixOf: head.key), to: writer)
                again = try repeats.next()
            }
        }
    }

    /// Numbers exact repetitions, and settles rows whose declared key was there before.
    private func settleRepeats(_ count: inout IngestCount, _ ingestor: Ingestor) throws {
        var first: (rid: RecordID, row: HeldRow)?
        var repetition: UInt64 = 0
        try rows.forEach { entry in
            let rid = RecordID(prefixOf: entry.key)
            let row = try HeldRow(decoding: entry.payload)
            guard let known = first, known.rid == rid else {
                first = (rid, row)
                repetition = 0
                return
            }
            if !row.isKeyed {
                repetition += 1
                let again = RecordID(
                    tag: .content, value: row.canonical, repetition: repetition, key: ridKey)
                try repeats.append(key: again.bytes, payload: entry.payload)
            } else if row.canonical == known.row.canonical {
                count.drop("repeated-row")
            } else {
                count.reject("duplicate-key")
                let (file, digest) = files[row.file]
                try quarantine.add(
                    reason: "duplicate-key", fileDigest: digest, offset: row.offset,
                    raw: raw(of: file, ingestor, offset: row.offset, length: row.length),
                    length: row.length)
            }
        }
    }

    private func write(
        _ entry: SealedSorter.Entry, _ rid: RecordID, to writer: VersionWriter
    ) throws {
        let row = try HeldRow(decoding: entry.payload)
        try writer.append(
            EncodedRecord(rid: rid, canonical: row.canonical), subjects: row.subjects, split: nil)
        try writer.appendOrigin(of: rid, canonical: row.origin)
    }
}

/// A row while it waits in the sorter.
private struct HeldRow {
    var isKeyed: Bool
    var subjects: [SubjectID]
    var canonical: [UInt8]
    var origin: [UInt8]
    var file: Int
    var offset: UInt64
    var length: UInt64

    init(
        isKeyed: Bool, subjects: [SubjectID], canonical: [UInt8], origin: [UInt8], file: Int,
        offset: UInt64, length: UInt64
    ) {
        self.isKeyed = isKeyed
        self.subjects = subjects
        self.canonical = canonical
        self.origin = origin
        self.file = file
        self.offset = offset
        self.length = length
    }

    /// u8 keyed | u32 file | u64 offset | u64 length | u32 subjects | 16 each | u32 origin | bytes | canonical
    func encoded() -> [UInt8] {
        var out: [UInt8] = [isKeyed ? 1 : 0]
        out.reserveCapacity(32 + subjects.count * 16 + origin.count + canonical.count)
        BigEndian.append(UInt32(file), to: &out)
        BigEndian.append(offset, to: &out)
        BigEndian.append(length, to: &out)
        BigEndian.append(UInt32(subjects.count), to: &out)
        for subject in subjects { out.append(contentsOf: subject.bytes) }
        BigEndian.append(UInt32(origin.count), to: &out)
        out.append(contentsOf: origin)
        out.append(contentsOf: canonical)
        return out
    }

    init(decoding bytes: [UInt8]) throws {
        guard let file = BigEndian.read(UInt32.self, from: bytes, at: 1),
            let offset = BigEndian.read(UInt64.self, from: bytes, at: 5),
            let length = BigEndian.read(UInt64.self, from: bytes, at: 13),
            let count = BigEndian.read(UInt32.self, from: bytes, at: 21),
            let originCount = BigEndian.read(UInt32.self, from: bytes, at: 25 + Int(count) * 16),
            bytes.count >= 29 + Int(count) * 16 + Int(originCount)
        else { throw WorkspaceError(.integrity, "a row was damaged while sorting") }
        let originStart = 29 + Int(count) * 16
        let canonicalStart = originStart + Int(originCount)
        self.init(
            isKeyed: bytes[0] == 1,
            subjects: (0..<Int(count)).map {
                SubjectID(prefixOf: Array(bytes[(25 + $0 * 16)..<(41 + $0 * 16)]))
            },
            canonical: Array(bytes[canonicalStart...]),
            origin: Array(bytes[originStart..<canonicalStart]), file: Int(file), offset: offset,
            length: length)
    }
}
