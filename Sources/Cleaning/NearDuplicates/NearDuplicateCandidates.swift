public import Records

/// Records that share a band with another, being compared: each is looked at once more for its
/// word runs, and the exact neighbours of the sampled records are counted on the way.
///
/// Memory: 8 bytes a word run of the records that share a band, beside what was collected.
public struct NearDuplicateCandidates: Sendable {
    /// What counts as near.
    public let rule: NearDuplicateRule
    /// By rid, so that nothing depends on the order in which records came.
    let ranks: [KeepRank]
    let buckets: BandBuckets
    private let keys: [UInt32]
    private let isCandidate: [Bool]
    /// The word runs of the candidates seen.
    private(set) var sets: [UInt32: [UInt64]] = [:]
    private(set) var measure: NearDuplicateMeasure
    private var hashes = WordHashes()

    /// Sorts the bands of all that was collected.
    init(_ collected: NearDuplicates) {
        let bands = NearDuplicateRule.bands
        rule = collected.rule
        let order = collected.ranks.indices.sorted {
            collected.ranks[$0].rid < collected.ranks[$1].rid
        }
        var keys: [UInt32] = []
        keys.reserveCapacity(collected.keys.count)
        for index in order { keys += collected.keys[index * bands..<(index + 1) * bands] }
        ranks = order.map { collected.ranks[$0] }
        self.keys = keys
        buckets = BandBuckets(keys: keys, count: order.count, bands: bands)
        var isCandidate = [Bool](repeating: false, count: order.count)
        for member in buckets.members { isCandidate[Int(member)] = true }
        self.isCandidate = isCandidate
        measure = NearDuplicateMeasure(
            sample: collected.sample.values.map { ($0.rid, $0.value) },
            threshold: collected.rule.threshold)
        measure.setKeys { rid in
            Self.index(of: rid, in: ranks).map { Array(keys[$0 * bands..<($0 + 1) * bands]) } ?? []
        }
    }

    /// Whether records have to be seen again at all.
    public var needsRecords: Bool {
        !ranks.isEmpty && (!buckets.members.isEmpty || rule.sample > 0)
    }

    /// How many records share a band with another.
    public var count: Int { isCandidate.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// Looks at one record again; it has to be as it was when it was collected.
    public mutating func collect(_ record: Record) {
        guard let index = Self.index(of: record.rid, in: ranks) else { return }
        guard isCandidate[index] || !measure.isEmpty else { return }
        hashes.read(record, fields: rule.fields)
        hashes.shingle(rule.shingle)
        let set = hashes.sortedSet()
        let bands = NearDuplicateRule.bands
        measure.add(
            record.rid, set: set,
            keys: isCandidate[index] ? keys[index * bands..<(index + 1) * bands] : [])
        if isCandidate[index] { sets[UInt32(index)] = set }
    }

    /// Adds what another part of the data saw; both began as the same ``NearDuplicates/candidates()``.
    public mutating func merge(_ other: NearDuplicateCandidates) {
        sets.merge(other.sets) { mine, _ in mine }
        measure.merge(other.measure)
    }

    /// The place of a rid, by binary search.
    static func index(of rid: RecordID, in ranks: [KeepRank]) -> Int? {
        var (low, high) = (0, ranks.count)
        while low < high {
            let middle = (low + high) / 2
            if ranks[middle].rid < rid { low = middle + 1 } else { high = middle }
        }
        return low < ranks.count && ranks[low].rid == rid ? low : nil
    }
}
