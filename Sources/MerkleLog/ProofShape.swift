/// Which subtrees a proof is made of, as ranges of leaves; hashes come later, from wherever they are.
///
/// Every range begins at a multiple of a power of two that is at least its length, so it splits into
/// complete subtrees of falling size (see ``StoredHashes``).
enum ProofShape {
    /// `PATH(m, D[lo..<hi])` of RFC 6962 §2.1.1, leaf-side first.
    static func inclusion(of index: Int, in range: Range<Int>) -> [Range<Int>] {
        guard range.count > 1 else { return [] }
        let middle = range.lowerBound + MerkleTree.split(range.count)
        let left = range.lowerBound..<middle
        let right = middle..<range.upperBound
        return index < middle
            ? inclusion(of: index, in: left) + [right] : inclusion(of: index, in: right) + [left]
    }

    /// `PROOF(m, D[0..<n])` of RFC 6962 §2.1.2; empty when there is nothing to prove.
    static func consistency(from oldSize: Int, to newSize: Int) -> [Range<Int>] {
        guard oldSize > 0, oldSize < newSize else { return [] }
        return subproof(oldSize, 0..<newSize, known: true)
    }

    /// `SUBPROOF(m, D, b)`: `m` is the end of the old tree, `known` is b.
    private static func subproof(
        _ oldEnd: Int, _ range: Range<Int>, known: Bool
    ) -> [Range<Int>] {
        if oldEnd == range.upperBound { return known ? [] : [range] }
        let middle = range.lowerBound + MerkleTree.split(range.count)
        let left = range.lowerBound..<middle
        let right = middle..<range.upperBound
        return oldEnd <= middle
            ? subproof(oldEnd, left, known: known) + [right]
            : subproof(oldEnd, right, known: false) + [left]
    }
}
