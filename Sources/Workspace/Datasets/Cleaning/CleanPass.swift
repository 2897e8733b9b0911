import Cleaning
import Records

/// Walks a version and cleans its records, several at once; they come in order of rid, whatever
/// the number of threads.
struct CleanPass {
    let reader: VersionReader
    let cleaner: Cleaner
    let threads: Int

    /// Records that are decoded and cleaned together.
    private static let batch = 2048

    private struct Part: Sendable {
        var records: [(rid: RecordID, record: Record?)]
        var counts: CleaningCounts
    }

    /// Gives each record as the recipe's pure operations leave it, nil for one that they drop, and
    /// the counts so far.
    func run(
        _ body: (RecordID, Record?, inout CleaningCounts) throws -> Void
    ) throws -> CleaningCounts {
        var held: [EncodedRecord] = []
        var counts = CleaningCounts()
        func flush() throws {
            let batch = held
            held.removeAll(keepingCapacity: true)
            let cleaner = self.cleaner
            let parts = try Shares.map(count: batch.count, threads: threads) { range in
                var part = Part(records: [], counts: CleaningCounts())
                for encoded in batch[range] {
                    let record = try Record(rid: encoded.rid, canonicalBytes: encoded.canonical)
                    part.records.append(
                        (record.rid, cleaner.clean(record, counts: &part.counts)))
                }
                return [part]
            }
            for part in parts {
                counts.merge(part.counts)
                for (rid, record) in part.records { try body(rid, record, &counts) }
            }
        }
        try reader.encodedSegments { records in
            held += records
            if held.count >= Self.batch { try flush() }
        }
        if !held.isEmpty { try flush() }
        return counts
    }
}
