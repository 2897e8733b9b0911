import Catalog
import Cryptography
import Ingestion
import Records
import Vault

/// Gives ingested rows their ids and puts them in order: what stands between the parsers and the
/// version writer.
///
/// Ids need every row first (exact repetitions are numbered, repeated keys refused), so rows pass
/// through a ``SealedSorter``; memory stays flat. With more than one thread, rows are encoded and
/// hashed beside the parser; what comes out is the same.
final class Intake {
    /// Where rejected rows go.
    let quarantine: QuarantineWriter
    /// Rows taken, rejected ones counted in.
    private(set) var rowCount: UInt64 = 0

    private let stage: IntakeStage
    private let lane: WorkLane
    private let repeats: SealedSorter
    private var files: [FileFacts] = []

    init(
        keys: IntakeKeys, folder: String, quarantine: QuarantineWriter, threads: Int
    ) {
        stage = IntakeStage(
            rows: SealedSorter(folder: folder), ridKey: keys.rid, subjectKey: keys.subject)
        repeats = SealedSorter(folder: folder, memoryLimit: 16 << 20)
        lane = WorkLane(isInline: threads < 2)
        self.quarantine = quarantine
    }

    /// Takes a batch of rows from the parsers.
    func take(_ batch: IngestBatch, from facts: FileFacts, rereading ingestor: Ingestor) throws {
        if files.last?.file != facts.file { files.append(facts) }
        let first = rowCount
        rowCount += UInt64(batch.rows.count + batch.rejected.count)
        let job = IntakeStage.Job(rows: batch.rows, file: files.count - 1, firstNumber: first)
        let stage = self.stage
        try lane.submit { try stage.take(job) }
        for row in batch.rejected {
            try quarantine.add(
                QuarantineWriter.Rejected(
                    reason: row.reason.rawValue, offset: row.offset, length: row.length,
                    place: row.place, content: row.content, isWholeFile: row.isWholeFile),
                from: facts, rereading: ingestor)
        }
    }

    /// Ends the taking: numbers repetitions and settles repeated keys. Before ``drain(into:)``.
    func settle(_ count: inout IngestCount, rereading ingestor: Ingestor) throws {
        try lane.finish()
        var first: (rid: RecordID, payload: ArraySlice<UInt8>)?
        var repetition: UInt64 = 0
        try stage.rows.forEach { entry in
            let rid = RecordID(prefixOf: entry.key)
            guard let known = first, known.rid == rid else {
                first = (rid, entry.payload)
                repetition = 0
                return
            }
            let row = try HeldRow(decoding: entry.payload)
            if !row.isKeyed {
                repetition += 1
                let again = stage.contentID(Array(row.canonical), repetition: repetition)
                try repeats.append(key: again.bytes, payload: Array(entry.payload))
            } else if try row.canonical == HeldRow(decoding: known.payload).canonical {
                count.drop("repeated-row")
            } else {
                count.reject("duplicate-key")
                try quarantine.add(
                    QuarantineWriter.Rejected(
                        reason: "duplicate-key", offset: row.offset, length: row.length,
                        place: row.place, content: [], isWholeFile: false),
                    from: files[row.file], rereading: ingestor)
            }
        }
    }

    /// What the columns hold.
    var schema: Schema { stage.schema }

    /// Gives all rows that became records, ordered by rid, each rid once.
    func drain(
        _ body: (EncodedRecord, _ subjects: [SubjectID], _ origin: Origin) throws -> Void
    ) throws {
        var rows = try stage.rows.cursor()
        var repeats = try repeats.cursor()
        var last: RecordID?
        var row = try rows.next()
        var again = try repeats.next()
        while row != nil || again != nil {
            if let head = row, again.map({ head.key.lexicographicallyPrecedes($0.key) }) ?? true {
                let rid = RecordID(prefixOf: head.key)
                if rid != last { try give(head, rid, to: body) }
                last = rid
                row = try rows.next()
            } else if let head = again {
                try give(head, RecordID(prefixOf: head.key), to: body)
                again = try repeats.next()
            }
        }
    }

    private func give(
        _ entry: SealedSorter.Entry, _ rid: RecordID,
        to body: (EncodedRecord, [SubjectID], Origin) throws -> Void
    ) throws {
        let row = try HeldRow(decoding: entry.payload)
        let facts = files[row.file]
        try body(
            EncodedRecord(rid: rid, canonical: Array(row.canonical)), row.subjects,
            Origin(
                rid: rid, fileDigest: facts.digest, offset: row.offset, length: row.length,
                parser: facts.parser, encoding: facts.encodingName, place: row.place))
    }
}

/// The keys that ids are made with.
struct IntakeKeys {
    /// For the ids of records.
    var rid: SymmetricKey
    /// For the blind ids of people.
    var subject: SymmetricKey

    /// The keys of a dataset, made on first use.
    init(of dataset: DatasetRow, in workspace: OpenWorkspace) throws {
        rid = try workspace.vault.namedKey("rid", scope: ScopeID(bytes: dataset.id))
        subject = try workspace.vault.workspaceKey("subject-index")
    }

    /// Keys for counting only.
    static func throwaway() -> IntakeKeys { IntakeKeys(rid: .random(), subject: .random()) }

    private init(rid: SymmetricKey, subject: SymmetricKey) {
        self.rid = rid
        self.subject = subject
    }
}
