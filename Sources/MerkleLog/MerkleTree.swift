import Cryptography

/// The Merkle tree of RFC 6962 §2.1 over SHA-256.
///
/// ```text
/// leaf  = SHA-256(0x00 ‖ entry)
/// node  = SHA-256(0x01 ‖ left ‖ right)
/// empty = SHA-256("")
/// ```
/// A tree of n > 1 leaves splits at k, the largest power of two below n: left holds [0, k), right
/// [k, n). The two prefixes keep a leaf from posing as a node.
///
/// Hashes are 32 bytes; a *path* is a list of hashes, the one next to the leaf first.
public enum MerkleTree {
    /// The length of a hash in bytes.
    public static let hashByteCount = SHA256.byteCount

    /// The root of the tree without leaves: SHA-256 of no bytes.
    public static let emptyRoot = SHA256.hash([])

    /// The hash of a leaf that holds `entry`.
    public static func leafHash(_ entry: [UInt8]) -> [UInt8] {
        var hasher = SHA256.Hasher()
        hasher.update([0x00])
        hasher.update(entry)
        return hasher.finalize()
    }

    /// The hash of a node over two subtrees.
    public static func nodeHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + 2 * hashByteCount)
        bytes.append(0x01)
        bytes += left
        bytes += right
        return SHA256.hash(bytes)
    }

    /// The root over `leafHashes`, read once from the front; traps on a hash that is not 32 bytes.
    ///
    /// - Complexity: O(n) hashes, O(log n) memory.
    public static func root(leafHashes: some Sequence<[UInt8]>) -> [UInt8] {
        var frontier = MerkleFrontier()
        for hash in leafHashes { frontier.push(hash) }
        return frontier.root
    }

    /// The largest power of two below `n`, for n > 1: where a tree of n leaves splits.
    static func split(_ n: Int) -> Int {
        1 << (Int.bitWidth - 1 - (n - 1).leadingZeroBitCount)
    }
}
