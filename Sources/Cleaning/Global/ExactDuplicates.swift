public import Records

/// Which record of each digest stays, whatever the order or the number of shards: one of test, else
/// of validation (a split is frozen, and copies in train would leak it), and of those the one with
/// the smallest rid. Collect first, then ask.
///
/// Memory: about 80 bytes per distinct digest, and 32 per record that repeats another.
public struct ExactDuplicates: Sendable {
    private struct Kept: Sendable {
        let part: UInt8
        let rid: RecordID
    }

    private var kept: [ContentDigest: Kept] = [:]
    /// The records that repeat another.
    private var losers: Set<RecordID> = []
    /// How many records were collected.
    public private(set) var count = 0

    /// Nothing collected.
    public init() {}

    /// Notes one record and the part of the split that it has.
    public mutating func collect(_ digest: ContentDigest, rid: RecordID, split: Split? = nil) {
        count += 1
        note(digest, Kept(part: split.keepOrder, rid: rid))
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: ExactDuplicates) {
        count += other.count
        losers.formUnion(other.losers)
        for (digest, record) in other.kept { note(digest, record) }
    }

    private mutating func note(_ digest: ContentDigest, _ new: Kept) {
        guard let known = kept[digest] else {
            kept[digest] = new
            return
        }
        guard known.rid != new.rid else { return }
        if (known.part, known.rid) < (new.part, new.rid) {
            losers.insert(new.rid)
        } else {
            losers.insert(known.rid)
            kept[digest] = new
        }
    }

    /// Whether this record is the one that stays.
    public func keeps(_ digest: ContentDigest, rid: RecordID) -> Bool {
        kept[digest].map { $0.rid == rid } ?? true
    }

    /// Whether this record repeats one that stays.
    public func drops(_ rid: RecordID) -> Bool { losers.contains(rid) }

    /// How many different digests there are.
    public var distinct: Int { kept.count }

    /// How many records do not stay.
    public var repeated: Int { count - kept.count }
}
