import Catalog
import Cryptography
import Governance
import Ingestion
import Records
import Vault

/// The second reading of rejected pieces, up to the commit.
final class RetryWork {
    /// What became of the rows that the pieces gave.
    private(set) var count = IngestCount()
    /// Pieces that stay in quarantine, by reason.
    private(set) var stillRejected: [String: Int] = [:]

    private let workspace: OpenWorkspace
    private let dataset: DatasetRow
    private let parent: VersionRow
    private let stage: IntakeStage
    private let quarantine: QuarantineWriter
    private var rows: RetryRows
    private var pieces: [RetryPiece] = []
    private var renamed: [Int64: String] = [:]

    init(workspace: OpenWorkspace, dataset: DatasetRow, parent: VersionRow) throws {
        self.workspace = workspace
        self.dataset = dataset
        self.parent = parent
        let keys = try IntakeKeys(of: dataset, in: workspace)
        stage = IntakeStage(
            rows: SealedSorter(folder: workspace.folder + "/packs"), ridKey: keys.rid,
            subjectKey: keys.subject)
        rows = RetryRows(stage: stage)
        quarantine = try QuarantineWriter(workspace: workspace, dataset: dataset)
    }

    /// Whether rows were there already: their pieces leave the quarantine, without a new record.
    var hasRepeats: Bool { count.droppedTotal > 0 && !pieces.isEmpty }

    /// Reads one piece; it stays if none of its rows can be read.
    func read(_ piece: RetryPiece, bytes: [UInt8], options: IngestOptions) throws {
        let name = "quarantined row \(piece.row.id ?? 0)"
        var good: [RetryRows.Row] = []
        var bad: [RejectedRow] = []
        let own: IngestCount
        do {
            let reports = try Ingestor(options: piece.options(options)).read(
                bytes: bytes, name: name
            ) { facts, batch in
                bad += batch.rejected
                good += try batch.rows.map { try held($0, facts: facts, piece: piece) }
            }
            own = IngestReport(reports).count
        } catch let error as IngestionError where !error.concernsOptions {
            stay(piece, reason: piece.row.reason)
            return
        }
        guard !good.isEmpty else {
            stay(piece, reason: bad.first?.reason.rawValue ?? piece.row.reason)
            return
        }
        count.merge(own)
        pieces.append(piece)
        good.forEach { rows.append($0) }
        for row in bad {
            let start = min(Int(row.offset), bytes.count)
            let end = min(start + Int(row.length), bytes.count)
            try quarantine.add(
                QuarantineRow(
                    dataset: dataset.id, reason: row.reason.rawValue,
                    fileDigest: piece.row.fileDigest, offset: piece.row.offset + start,
                    length: end - start, object: nil, place: piece.row.place,
                    encoding: piece.row.encoding), raw: Array(bytes[start..<end]))
        }
    }

    private func stay(_ piece: RetryPiece, reason: String) {
        stillRejected[reason, default: 0] += 1
        if reason != piece.row.reason, let id = piece.row.id { renamed[id] = reason }
    }

    private func held(
        _ row: IngestedRow, facts: FileFacts, piece: RetryPiece
    ) throws -> RetryRows.Row {
        let (record, base) = stage.identified(row)
        return RetryRows.Row(
            piece: pieces.count, canonical: record.canonical, subjects: record.subjects,
            isKeyed: row.key != nil, base: base,
            origin: Origin(
                rid: base, fileDigest: piece.row.fileDigest,
                offset: UInt64(piece.row.offset) + row.offset, length: row.length,
                parser: facts.parser, encoding: facts.encodingName,
                place: row.place ?? piece.row.place))
    }

    /// Gives the rows their ids beside the parent's.
    func settle() throws {
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .ingest, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        try rows.settle { body in try reader.encodedSegments { $0.forEach(body) } }
        for row in rows.rows {
            guard let verdict = row.verdict else { continue }
            if verdict == "repeated-row" {
                count.drop(verdict)
            } else {
                count.reject(verdict)
                try quarantine.add(
                    QuarantineRow(
                        dataset: dataset.id, reason: verdict,
                        fileDigest: row.origin.fileDigest, offset: Int(row.origin.offset),
                        length: Int(row.origin.length), object: nil), raw: nil)
            }
        }
        try count.check()
    }

    /// Writes parent and new records into one version; pieces leave the quarantine with it.
    func commit(reason: String?, options: IngestOptions) throws -> VersionWriter.Outcome {
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .ingest, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        let writer = try VersionWriter(workspace: workspace, dataset: dataset, stage: .raw)
        try merge(reader, into: writer)
        let left = pieces.compactMap { piece in piece.row.id.map { ($0, piece.row.object) } }
        let outcome = try writer.commit(
            VersionWriter.Description(
                parents: [parent],
                recipe: [
                    "operation": "retry", "mapping": options.mapping?.json ?? .null,
                    "format": options.format.map { .string($0.rawValue) } ?? .null,
                    "reason": reason.map { .string($0) } ?? .null,
                ], counts: count.json),
            event: EventDraft(
                "dataset.retry", object: "version",
                facts: ["counts": count.json, "pieces": .integer(pieces.count)]),
            quarantine: quarantine
        ) { change, _ in
            for (id, object) in left {
                try change.removeQuarantine(id)
                if let object { try change.removeObject(object) }
            }
            for (id, reason) in renamed { try change.setReason(reason, ofQuarantine: id) }
        }
        if outcome.isNew {
            _ = try workspace.vault.destroyKeys(
                left.compactMap { try $0.1.map { try ObjectID(bytes: $0) } })
        }
        return outcome
    }

    private func merge(_ reader: VersionReader, into writer: VersionWriter) throws {
        var new = rows.accepted[...]
        func write(before rid: RecordID?) throws {
            while let row = new.first, let own = row.rid, rid.map({ own < $0 }) ?? true {
                try writer.append(Record(rid: own, canonicalBytes: row.canonical))
                new.removeFirst()
            }
        }
        try reader.records { record in
            try write(before: record.rid)
            try writer.append(record)
        }
        try write(before: nil)
        var origins = rows.accepted[...]
        func writeOrigins(before rid: RecordID?) throws {
            while let row = origins.first, let own = row.rid, rid.map({ own < $0 }) ?? true {
                try writer.appendOrigin(of: own, canonical: row.origin.canonicalBytes())
                origins.removeFirst()
            }
        }
        try reader.origins { origin in
            try writeOrigins(before: origin.rid)
            try writer.appendOrigin(of: origin.rid, canonical: origin.canonicalBytes())
        }
        try writeOrigins(before: nil)
    }
}

extension IngestionError {
    /// Whether the caller asked for something that cannot be: not the fault of one piece.
    fileprivate var concernsOptions: Bool {
        switch code {
        case .badOption, .badMapping, .unsupportedEncoding: true
        default: false
        }
    }
}
