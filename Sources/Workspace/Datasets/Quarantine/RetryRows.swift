import Cryptography
import Ingestion
import Records

/// Rows that could be read the second time, and the ids they get beside those of the parent.
struct RetryRows {
    /// One of them.
    struct Row {
        var piece: Int
        var canonical: [UInt8]
        var subjects: [SubjectID]
        var isKeyed: Bool
        /// The id of the key, or of the content at its first occurrence.
        var base: RecordID
        var origin: Origin
        var rid: RecordID?
        /// Why it does not become a record after all.
        var verdict: String?
    }

    /// Ids of repetitions that are tried in one pass over the parent.
    private static let lookAhead: UInt64 = 16

    private(set) var rows: [Row] = []
    private let stage: IntakeStage

    init(stage: IntakeStage) { self.stage = stage }

    mutating func append(_ row: Row) { rows.append(row) }

    /// Gives every row its id: a repetition of content counts on behind those of the parent; a key
    /// that is there already drops the row if it says the same, and refuses it if not.
    ///
    /// - Parameter scan: walks the parent's records; called once a round.
    mutating func settle(
        scan: (_ body: (EncodedRecord) -> Void) throws -> Void
    ) throws {
        var isTaken: [RecordID: [UInt8]] = [:]
        var round: UInt64 = 0
        while rows.contains(where: { $0.rid == nil && $0.verdict == nil }) {
            let first = round * Self.lookAhead
            let open = rows.indices.filter { rows[$0].rid == nil && rows[$0].verdict == nil }
            let candidates = open.map { index in
                rows[index].isKeyed
                    ? [rows[index].base]
                    : (first..<first + Self.lookAhead).map {
                        stage.contentID(rows[index].canonical, repetition: $0)
                    }
            }
            let wanted = Set(candidates.joined())
            var present: [RecordID: [UInt8]] = [:]
            try scan { record in
                if wanted.contains(record.rid) { present[record.rid] = record.canonical }
            }
            for (index, ids) in zip(open, candidates) {
                if rows[index].isKeyed {
                    settleKey(index, known: present[ids[0]] ?? isTaken[ids[0]])
                } else {
                    rows[index].rid = ids.first { present[$0] == nil && isTaken[$0] == nil }
                }
                if let rid = rows[index].rid { isTaken[rid] = rows[index].canonical }
            }
            round += 1
        }
    }

    private mutating func settleKey(_ index: Int, known: [UInt8]?) {
        guard let known else {
            rows[index].rid = rows[index].base
            return
        }
        rows[index].verdict = known == rows[index].canonical ? "repeated-row" : "duplicate-key"
    }

    /// The rows that become records, by rid.
    var accepted: [Row] {
        rows.filter { $0.rid != nil }.sorted { ($0.rid ?? $0.base) < ($1.rid ?? $1.base) }
    }
}
