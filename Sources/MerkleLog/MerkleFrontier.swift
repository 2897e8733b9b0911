/// The right edge of a growing tree: the roots of its complete subtrees, largest first.
///
/// A tree of size 13 = 8 + 4 + 1 has three peaks. Appending touches the last ones only, so a log
/// computes each new tree head without reading what it holds already.
///
/// ```swift
/// var frontier = MerkleFrontier()
/// let toStore = frontier.append(leafHash: MerkleTree.leafHash(entry))
/// let root = frontier.root
/// ```
public struct MerkleFrontier: Sendable, Hashable {
    /// The number of leaves.
    public private(set) var size: Int
    /// The roots of the complete subtrees, one per bit set in `size`, largest first.
    public private(set) var peaks: [[UInt8]]

    /// The edge of the empty tree.
    public init() {
        size = 0
        peaks = []
    }

    /// An edge that was kept elsewhere.
    public init(size: Int, peaks: [[UInt8]]) throws(MerkleLogError) {
        guard size >= 0, peaks.count == size.nonzeroBitCount else {
            throw MerkleLogError(
                .outOfRange, "\(peaks.count) peaks for a tree of \(size) leaves",
                hint: "there is one peak for each bit set in the size")
        }
        for peak in peaks { try MerkleLogError.checkHash(peak) }
        self.size = size
        self.peaks = peaks
    }

    /// The root of the tree.
    ///
    /// - Complexity: O(log n) hashes.
    public var root: [UInt8] {
        guard var root = peaks.last else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { root = MerkleTree.nodeHash(peak, root) }
        return root
    }

    /// Appends a leaf; traps on a hash that is not 32 bytes.
    ///
    /// - Returns: the hashes that are complete now and never change again: the leaf's, then one for
    ///   each subtree it completes, upwards. Their places in ``StoredHashes`` follow each other,
    ///   beginning at `StoredHashes.index(level: 0, position: size before)`.
    @discardableResult
    public mutating func append(leafHash: [UInt8]) -> [[UInt8]] {
        var new = [leafHash]
        push(leafHash) { new.append($0) }
        return new
    }

    /// Appends a leaf and hands each completed node to `completed`.
    mutating func push(_ leafHash: [UInt8], completed: ([UInt8]) -> Void = { _ in }) {
        precondition(leafHash.count == MerkleTree.hashByteCount, "a leaf hash is 32 bytes long")
        var hash = leafHash
        // Each trailing one bit of the old size is a left sibling that waits.
        for _ in 0..<(~size).trailingZeroBitCount {
            hash = MerkleTree.nodeHash(peaks.removeLast(), hash)
            completed(hash)
        }
        peaks.append(hash)
        size += 1
    }
}
