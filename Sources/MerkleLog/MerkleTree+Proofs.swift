/// Proofs over leaf hashes that are all in memory.
extension MerkleTree {
    /// The hashes that lead from leaf `index` to the root of the tree over `leafHashes`.
    ///
    /// - Complexity: O(n) hashes. For a log that grows, use ``StoredHashes`` with O(log n).
    public static func inclusionPath(
        of index: Int, in leafHashes: [[UInt8]]
    ) throws(MerkleLogError) -> [[UInt8]] {
        try checkIndex(index, size: leafHashes.count)
        for hash in leafHashes { try MerkleLogError.checkHash(hash) }
        return ProofShape.inclusion(of: index, in: leafHashes.indices)
            .map { root(leafHashes: leafHashes[$0]) }
    }

    /// The hashes that show that the tree over the first `oldSize` leaves is a prefix.
    ///
    /// Empty for `oldSize` 0 and for equal sizes.
    public static func consistencyPath(
        from oldSize: Int, in leafHashes: [[UInt8]]
    ) throws(MerkleLogError) -> [[UInt8]] {
        try checkSizes(from: oldSize, to: leafHashes.count)
        for hash in leafHashes { try MerkleLogError.checkHash(hash) }
        return ProofShape.consistency(from: oldSize, to: leafHashes.count)
            .map { root(leafHashes: leafHashes[$0]) }
    }

    static func checkIndex(_ index: Int, size: Int) throws(MerkleLogError) {
        guard index >= 0, index < size else {
            throw MerkleLogError(
                .outOfRange, "leaf \(index) of a tree of \(size) leaves",
                hint: "leaves are counted from 0")
        }
    }

    static func checkSizes(from oldSize: Int, to newSize: Int) throws(MerkleLogError) {
        guard oldSize >= 0, oldSize <= newSize else {
            throw MerkleLogError(
                .outOfRange, "a tree cannot grow from \(oldSize) to \(newSize) leaves",
                hint: "give the smaller size first")
        }
    }
}
