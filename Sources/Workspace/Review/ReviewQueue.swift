import Catalog
import Cryptography
import Records
import Redaction

/// The items of a redacted version in the order in which people should look at them: findings by
/// doubt, and passages of what is left in an order that a hash of the version decides, so that the
/// first n are a simple random sample of all.
///
/// One pass over findings and texts; memory holds the next items only.
struct ReviewQueue {
    /// How many findings and passages are kept.
    let limit: Int
    /// Items that were decided already, by id.
    let decided: Set<String>

    private(set) var findings: [ReviewItem] = []
    private(set) var passages: [ReviewItem] = []
    private(set) var findingCount = 0
    private(set) var passageCount = 0
    private var findingRanks: [[UInt8]] = []
    private var passageRanks: [[UInt8]] = []

    init(limit: Int, decided: Set<String>) {
        self.limit = limit
        self.decided = decided
    }

    /// Takes the findings of the sealed report, one JSON object a line.
    mutating func take(findings report: [UInt8]) throws {
        for line in report.split(separator: 0x0A) {
            let json = try JSONParser.parse(Array(line))
            guard let rid = json["rid"]?.stringValue.flatMap(RecordID.init(hex:)),
                let fields = json["fields"]?.objectValue
            else { throw WorkspaceError(.integrity, "the findings report is damaged") }
            for (path, list) in fields.sorted(by: { $0.key < $1.key }) {
                for entry in list.arrayValue ?? [] {
                    guard let finding = StoredFinding(json: entry) else { continue }
                    findingCount += 1
                    let item = ReviewItem(
                        kind: .finding(finding), rid: rid, path: path, range: finding.range)
                    // Most doubtful first; equal doubt by id.
                    let rank =
                        BigEndian.bytes(UInt64((1 - finding.doubt) * 1e9)) + Array(item.id.utf8)
                    Self.insert(item, rank, &findings, &findingRanks, limit, decided)
                }
            }
        }
    }

    /// Takes the passages of a redacted record.
    mutating func take(_ record: Record, version: [UInt8], keeping fields: Set<String>) {
        for (passage, _) in Passages.cut(record, keeping: fields) {
            passageCount += 1
            let item = ReviewItem(
                kind: .passage, rid: record.rid, path: passage.path, range: passage.range)
            let rank = SHA256.hash(version + Array(item.id.utf8))
            Self.insert(item, rank, &passages, &passageRanks, limit, decided)
        }
    }

    /// Keeps the first `limit` by rank, in order; no sort of everything.
    private static func insert(
        _ item: ReviewItem, _ rank: [UInt8], _ items: inout [ReviewItem],
        _ ranks: inout [[UInt8]], _ limit: Int, _ decided: Set<String>
    ) {
        if ranks.count == limit, let last = ranks.last, !rank.lexicographicallyPrecedes(last) {
            return
        }
        guard !decided.contains(item.id) else { return }
        var (low, high) = (0, ranks.count)
        while low < high {
            let middle = (low + high) / 2
            if ranks[middle].lexicographicallyPrecedes(rank) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        ranks.insert(rank, at: low)
        items.insert(item, at: low)
        if ranks.count > limit {
            ranks.removeLast()
            items.removeLast()
        }
    }
}
