public import Records

/// Which record of each digest stays: the one with the smallest rid, whatever the order or the
/// number of shards. Collect first, then ask.
///
/// Memory: about 64 bytes per distinct digest.
public struct ExactDuplicates: Sendable {
    private var smallest: [ContentDigest: RecordID] = [:]
    /// How many records were collected.
    public private(set) var count = 0

    /// Nothing collected.
    public init() {}

    /// Notes one record.
    public mutating func collect(_ digest: ContentDigest, rid: RecordID) {
        count += 1
        note(digest, rid)
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: ExactDuplicates) {
        count += other.count
        for (digest, rid) in other.smallest { note(digest, rid) }
    }

    private mutating func note(_ digest: ContentDigest, _ rid: RecordID) {
        if let known = smallest[digest], known <= rid { return }
        smallest[digest] = rid
    }

    /// Whether this record is the one that stays.
    public func keeps(_ digest: ContentDigest, rid: RecordID) -> Bool {
        smallest[digest].map { $0 == rid } ?? true
    }

    /// How many different digests there are.
    public var distinct: Int { smallest.count }

    /// How many records do not stay.
    public var repeated: Int { count - smallest.count }
}
