/// Checks of proofs; nothing but the arguments is trusted, and only the roots are believed.
extension MerkleTree {
    /// The root that `path` leads to from a leaf (RFC 9162 §2.1.3.2, equal to RFC 6962 trees).
    ///
    /// - Throws: `.outOfRange`, `.malformedHash`, or `.proofMismatch` for a path of another length
    ///   than such a leaf has.
    public static func root(
        leafHash: [UInt8], index: Int, size: Int, path: [[UInt8]]
    ) throws(MerkleLogError) -> [UInt8] {
        try checkIndex(index, size: size)
        try MerkleLogError.checkHash(leafHash)
        for hash in path { try MerkleLogError.checkHash(hash) }
        var node = index
        var last = size - 1
        var root = leafHash
        for sibling in path {
            guard last > 0 else { throw wrongLength(path) }
            if node & 1 == 1 || node == last {
                root = nodeHash(sibling, root)
                // On the right edge a node without a right sibling rises unhashed.
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                root = nodeHash(root, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw wrongLength(path) }
        return root
    }

    /// Checks that the leaf `leafHash` stands at `index` in the tree of `size` leaves under `root`.
    public static func verifyInclusion(
        leafHash: [UInt8], index: Int, size: Int, path: [[UInt8]], root: [UInt8]
    ) throws(MerkleLogError) {
        let found = try self.root(leafHash: leafHash, index: index, size: size, path: path)
        guard found == root else {
            throw MerkleLogError(
                .proofMismatch,
                "the inclusion proof of leaf \(index) does not lead to the root of size \(size)",
                hint: "the entry, the proof or the tree head was changed, or they do not belong "
                    + "together")
        }
    }

    /// Checks that the tree under `oldRoot` is a prefix of the tree under `newRoot`
    /// (RFC 9162 §2.1.4.2).
    ///
    /// For equal sizes and for `oldSize` 0 the path must be empty.
    public static func verifyConsistency(
        oldSize: Int, oldRoot: [UInt8], newSize: Int, newRoot: [UInt8], path: [[UInt8]]
    ) throws(MerkleLogError) {
        try checkSizes(from: oldSize, to: newSize)
        for hash in [oldRoot, newRoot] + path { try MerkleLogError.checkHash(hash) }
        let fits: Bool
        if oldSize == newSize {
            fits = path.isEmpty && oldRoot == newRoot && (newSize > 0 || newRoot == emptyRoot)
        } else if oldSize == 0 {
            fits = path.isEmpty && oldRoot == emptyRoot
        } else if let roots = consistencyRoots(oldSize, oldRoot, newSize, path) {
            fits = roots.old == oldRoot && roots.new == newRoot
        } else {
            throw wrongLength(path)
        }
        guard fits else {
            throw MerkleLogError(
                .proofMismatch,
                "the tree of \(newSize) leaves does not contain the tree of \(oldSize) leaves",
                hint: "the log was rewritten, or the proof belongs to other tree heads")
        }
    }

    /// Both roots as the path tells them, for 0 < oldSize < newSize; nil for a wrong length.
    private static func consistencyRoots(
        _ oldSize: Int, _ oldRoot: [UInt8], _ newSize: Int, _ path: [[UInt8]]
    ) -> (old: [UInt8], new: [UInt8])? {
        // A complete old tree is a node of the new one and is left out of the path.
        let complete = oldSize & (oldSize - 1) == 0
        let path = complete ? [oldRoot] + path : path
        guard let first = path.first else { return nil }
        var node = oldSize - 1
        var last = newSize - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var old = first
        var new = first
        for hash in path.dropFirst() {
            guard last > 0 else { return nil }
            if node & 1 == 1 || node == last {
                old = nodeHash(hash, old)
                new = nodeHash(hash, new)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = nodeHash(new, hash)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 ? (old, new) : nil
    }

    private static func wrongLength(_ path: [[UInt8]]) -> MerkleLogError {
        MerkleLogError(
            .proofMismatch, "a proof of \(path.count) hashes does not belong to such a tree",
            hint: "the proof was made for another index or another size")
    }
}
