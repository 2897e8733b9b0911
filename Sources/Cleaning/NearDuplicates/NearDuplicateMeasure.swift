internal import Records

/// How well the bands find what is near, measured on the data itself: for some records, chosen by
/// their rids, the similarity to every other record is computed exactly.
struct NearDuplicateMeasure: Sendable {
    /// The similarities from which recall is told.
    static let levels = [0.7, 0.8, 0.9]

    private let rids: [RecordID]
    private let sizes: [Int]
    private var keys: [[UInt32]] = []
    /// Which sampled records have a word run.
    private let owners: [UInt64: [Int]]
    private let threshold: Double
    /// Pairs at or above the threshold, and how many of them share a band.
    private(set) var near = 0
    private(set) var found = 0
    /// Pairs that share a band, near or not.
    private(set) var proposed = 0
    /// The same by ``levels``.
    private(set) var nearAt = [Int](repeating: 0, count: levels.count)
    private(set) var foundAt = [Int](repeating: 0, count: levels.count)

    init(sample: [(rid: RecordID, set: [UInt64])], threshold: Double) {
        rids = sample.map(\.rid)
        sizes = sample.map(\.set.count)
        self.threshold = threshold
        var owners: [UInt64: [Int]] = [:]
        for (index, (_, set)) in sample.enumerated() {
            for run in set { owners[run, default: []].append(index) }
        }
        self.owners = owners
    }

    /// Records sampled.
    var count: Int { rids.count }
    /// Whether nothing is measured.
    var isEmpty: Bool { rids.isEmpty }

    /// Gives each sampled record the keys of its bands.
    mutating func setKeys(_ find: (RecordID) -> [UInt32]) { keys = rids.map(find) }

    /// Compares one record with every sampled one; `keys` may be empty if it shares no band.
    mutating func add(_ rid: RecordID, set: [UInt64], keys other: ArraySlice<UInt32>) {
        guard !isEmpty else { return }
        var shared = [Int](repeating: 0, count: rids.count)
        for run in set {
            guard let owners = owners[run] else { continue }
            for owner in owners { shared[owner] += 1 }
        }
        for index in rids.indices where rids[index] != rid {
            let isProposed = !other.isEmpty && zip(keys[index], other).contains { $0 == $1 }
            if isProposed { proposed += 1 }
            guard shared[index] > 0 else { continue }
            let similarity = Jaccard.of(shared: shared[index], set.count, sizes[index])
            if similarity >= threshold {
                near += 1
                if isProposed { found += 1 }
            }
            for (level, least) in Self.levels.enumerated() where similarity >= least {
                nearAt[level] += 1
                if isProposed { foundAt[level] += 1 }
            }
        }
    }

    /// Adds what another part of the data counted, of the same sample.
    mutating func merge(_ other: NearDuplicateMeasure) {
        near += other.near
        found += other.found
        proposed += other.proposed
        for level in nearAt.indices {
            nearAt[level] += other.nearAt[level]
            foundAt[level] += other.foundAt[level]
        }
    }
}
