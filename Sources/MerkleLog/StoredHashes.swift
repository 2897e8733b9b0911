/// Where a log keeps the hashes of its complete subtrees: one growing list, never changed.
///
/// The numbering is that of Go's `tlog`: each leaf is followed by the subtrees that it completes.
///
/// ```text
/// level 2:                 6
///                    ┌─────┴─────┐
/// level 1:           2           5           9
///                 ┌──┴──┐     ┌──┴──┐     ┌──┴──┐
/// level 0:        0     1     3     4     7     8     10
/// position:       0     1     2     3     4     5      6
/// ```
/// So a database needs one table (index → 32 bytes) and every proof reads O(log n) rows in one batch.
public enum StoredHashes {
    /// Gives the stored hashes at `indexes`, in the same order.
    public typealias Reader = (_ indexes: [Int]) throws -> [[UInt8]]

    /// The place of the subtree over leaves `[position · 2^level, (position + 1) · 2^level)`.
    public static func index(level: Int, position: Int) -> Int {
        // The subtree is complete with its last leaf; it stands `level` places after that leaf.
        let lastLeaf = ((position + 1) << level) - 1
        return count(leaves: lastLeaf) + level
    }

    /// The subtree stored at `index`; the inverse of ``index(level:position:)``.
    public static func location(of index: Int) -> (level: Int, position: Int) {
        // 2n − (bits of n) hashes stand before leaf n, so leaf index/2 is at or before the place.
        var leaf = index / 2
        while count(leaves: leaf + 1) <= index { leaf += 1 }
        let level = index - count(leaves: leaf)
        return (level, leaf >> level)
    }

    /// How many hashes a log of `leaves` leaves stores: Σ ⌊leaves / 2^i⌋ = 2·leaves − bits set.
    public static func count(leaves: Int) -> Int {
        2 * leaves - leaves.nonzeroBitCount
    }

    /// The edge of the tree over the first `size` leaves, ready to grow.
    public static func frontier(size: Int, reader: Reader) throws -> MerkleFrontier {
        try checkSize(size)
        return try MerkleFrontier(size: size, peaks: read(peaks(of: 0..<size), reader))
    }

    /// The root of the tree over the first `size` leaves.
    public static func root(size: Int, reader: Reader) throws -> [UInt8] {
        try frontier(size: size, reader: reader).root
    }

    /// The inclusion path of leaf `index` in the tree over the first `size` leaves.
    public static func inclusionPath(
        of index: Int, size: Int, reader: Reader
    ) throws -> [[UInt8]] {
        try MerkleTree.checkIndex(index, size: size)
        return try hashes(of: ProofShape.inclusion(of: index, in: 0..<size), reader)
    }

    /// The consistency path from the tree over `oldSize` leaves to the tree over `newSize`.
    public static func consistencyPath(
        from oldSize: Int, to newSize: Int, reader: Reader
    ) throws -> [[UInt8]] {
        try MerkleTree.checkSizes(from: oldSize, to: newSize)
        return try hashes(of: ProofShape.consistency(from: oldSize, to: newSize), reader)
    }

    /// The places of the complete subtrees of which `range` consists, largest first.
    private static func peaks(of range: Range<Int>) -> [Int] {
        var places: [Int] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let level = Int.bitWidth - 1 - (range.upperBound - start).leadingZeroBitCount
            places.append(index(level: level, position: start >> level))
            start += 1 << level
        }
        return places
    }

    /// The subtree hashes of `ranges`, with one call of the reader.
    private static func hashes(of ranges: [Range<Int>], _ reader: Reader) throws -> [[UInt8]] {
        let places = ranges.map(peaks(of:))
        var stored = try read(places.flatMap(\.self), reader)[...]
        return try zip(ranges, places).map { range, places in
            let peaks = Array(stored.prefix(places.count))
            stored = stored.dropFirst(places.count)
            return try MerkleFrontier(size: range.count, peaks: peaks).root
        }
    }

    private static func read(_ indexes: [Int], _ reader: Reader) throws -> [[UInt8]] {
        guard !indexes.isEmpty else { return [] }
        let hashes = try reader(indexes)
        guard hashes.count == indexes.count else {
            throw MerkleLogError(
                .missingHash, "\(hashes.count) of \(indexes.count) stored hashes were found",
                hint: "the store of hashes is incomplete; rebuild it from the entries")
        }
        return hashes
    }

    private static func checkSize(_ size: Int) throws(MerkleLogError) {
        guard size >= 0 else {
            throw MerkleLogError(
                .outOfRange, "a tree of \(size) leaves", hint: "sizes are counted from 0")
        }
    }
}
