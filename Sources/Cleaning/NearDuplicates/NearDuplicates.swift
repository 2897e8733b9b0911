public import Records

/// Collects what finds near duplicates: one sketch a record, cut into bands (MinHash-LSH).
///
/// Collect every record, in any order and on any number of shards; make ``candidates()``; let them
/// see every record once more; ``NearDuplicateCandidates/resolve()``.
///
/// Memory: 208 bytes a record (42 keys of 4 bytes, its rid and rank), and the word runs of the
/// sampled records.
public struct NearDuplicates: Sendable {
    /// What counts as near.
    public let rule: NearDuplicateRule
    private(set) var ranks: [KeepRank] = []
    private(set) var keys: [UInt32] = []
    private(set) var sample: RidSample<[UInt64]>
    private var hashes = WordHashes()
    private var places = [UInt64](
        repeating: 0, count: NearDuplicateRule.bands * NearDuplicateRule.rows)

    /// Nothing collected.
    public init(rule: NearDuplicateRule = NearDuplicateRule()) {
        self.rule = rule
        sample = RidSample(limit: rule.sample)
    }

    /// How many records with at least one word were collected.
    public var count: Int { ranks.count }

    /// Notes one record; one without words is near to nothing.
    public mutating func collect(_ record: Record) {
        hashes.read(record, fields: rule.fields)
        hashes.shingle(rule.shingle)
        guard !hashes.shingles.isEmpty else { return }
        SimilaritySketch.fill(&places, of: hashes.shingles)
        SimilaritySketch.bands(of: places, rows: NearDuplicateRule.rows, into: &keys)
        ranks.append(KeepRank(record, words: hashes.words.count, rule: rule))
        if sample.wants(record.rid) { sample.insert(record.rid, hashes.sortedSet()) }
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: NearDuplicates) {
        ranks += other.ranks
        keys += other.keys
        sample.merge(other.sample)
    }

    /// Forgets records that are dropped for another reason, so that none of them is what stays.
    public mutating func remove(where drops: (RecordID) -> Bool) {
        let bands = NearDuplicateRule.bands
        var count = 0
        for index in ranks.indices where !drops(ranks[index].rid) {
            if index != count {
                ranks[count] = ranks[index]
                for band in 0..<bands { keys[count * bands + band] = keys[index * bands + band] }
            }
            count += 1
        }
        ranks.removeLast(ranks.count - count)
        keys.removeLast(keys.count - count * bands)
        sample.remove(where: drops)
    }

    /// Which records have to be compared. Complexity: O(n) in the records, 42 radix sorts.
    public func candidates() -> NearDuplicateCandidates { NearDuplicateCandidates(self) }
}

/// A few records chosen evenly and the same way whatever the order: those whose mixed rids are
/// smallest.
struct RidSample<Value: Sendable>: Sendable {
    let limit: Int
    private(set) var values: [(order: UInt64, rid: RecordID, value: Value)] = []

    init(limit: Int) { self.limit = limit }

    private static func order(_ rid: RecordID) -> UInt64 {
        WordHashes.mix(rid.words.0 ^ WordHashes.mix(rid.words.1 &+ 0x5851_F42D_4C95_7F2D))
    }

    /// Whether a record of this rid would be among the chosen ones.
    func wants(_ rid: RecordID) -> Bool {
        guard values.count == limit else { return limit > 0 }
        let order = Self.order(rid)
        return values.last.map { (order, rid) < ($0.order, $0.rid) } ?? false
    }

    mutating func insert(_ rid: RecordID, _ value: Value) {
        let order = Self.order(rid)
        let place = values.firstIndex { (order, rid) < ($0.order, $0.rid) } ?? values.count
        values.insert((order, rid, value), at: place)
        if values.count > limit { values.removeLast() }
    }

    mutating func remove(where drops: (RecordID) -> Bool) {
        values.removeAll { drops($0.rid) }
    }

    mutating func merge(_ other: RidSample) {
        for (_, rid, value) in other.values where wants(rid) { insert(rid, value) }
    }
}
