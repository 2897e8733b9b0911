/// Self-attention over sequences that lie one after the other in one matrix: no padding, and no
/// token sees another sequence.
///
///     // Two sequences of 3 and 5 tokens, 9 query heads that share 3 key heads, each token
///     // seeing itself and what came before
///     let shape = AttentionShape(
///         heads: 9, keyStarts: [0, 3, 8], queryStarts: [0, 3, 8], keyHeads: 3, isCausal: true)
public struct AttentionShape: Sendable {
    /// Heads; the columns of the queries are cut into as many.
    public var heads: Int
    /// Heads of keys and values, which are cut into as many: head h of the queries reads head
    /// h · keyHeads / heads (grouped-query attention, Ainslie et al. 2023).
    public var keyHeads: Int
    /// First row of each sequence among the keys, and the row count at the end.
    public var keyStarts: [Int]
    /// First row of each sequence among the queries, and the row count at the end. Equal to
    /// `keyStarts`, but in a last layer of which one row for each sequence is read, and where keys
    /// of earlier tokens are kept.
    public var queryStarts: [Int]
    /// Whether a query sees no key behind its own: the last query of a sequence sees every key, the
    /// one before it all but one, and so on.
    public var isCausal: Bool

    /// A shape of `keyStarts.count − 1` sequences; without `keyHeads` each head has keys of its
    /// own. A causal sequence has at most as many queries as keys.
    public init(
        heads: Int, keyStarts: [Int], queryStarts: [Int], keyHeads: Int? = nil,
        isCausal: Bool = false
    ) {
        let keyHeads = keyHeads ?? heads
        precondition(keyStarts.count == queryStarts.count && !keyStarts.isEmpty)
        precondition(keyHeads > 0 && heads % keyHeads == 0, "heads do not fall into groups")
        self.heads = heads
        self.keyHeads = keyHeads
        self.keyStarts = keyStarts
        self.queryStarts = queryStarts
        self.isCausal = isCausal
        guard isCausal else { return }
        for index in 0..<sequenceCount {
            precondition(queryCount(index) <= keyCount(index), "a query before the first key")
        }
    }

    /// Sequences.
    public var sequenceCount: Int { keyStarts.count - 1 }

    /// The most keys of any sequence.
    public var longest: Int {
        (0..<sequenceCount).reduce(0) { max($0, keyCount($1)) }
    }

    /// Floats of scratch that each thread needs for sequences of up to `longest` tokens and heads
    /// `width` wide: a block of scores (two for the backward pass) and one transposed operand (two).
    public static func scratchCount(longest: Int, width: Int, backward: Bool) -> Int {
        (backward ? 2 : 1) * (queryBlock + width) * padded(longest)
    }

    /// Queries whose scores stand at once: a multiple of the rows of the register tile, few enough
    /// that the scores of a few hundred keys stay in the second cache.
    static let queryBlock = 48

    /// `count` rounded up to whole vectors.
    static func padded(_ count: Int) -> Int { (count + 15) & ~15 }

    func queryCount(_ sequence: Int) -> Int { queryStarts[sequence + 1] - queryStarts[sequence] }

    func keyCount(_ sequence: Int) -> Int { keyStarts[sequence + 1] - keyStarts[sequence] }

    /// Keys that the query `row` of a sequence sees.
    func visibleCount(_ sequence: Int, _ row: Int) -> Int {
        let keys = keyCount(sequence)
        return isCausal ? keys - queryCount(sequence) + row + 1 : keys
    }

    /// Elements of one head's scores that are computed, and some for the fixed costs.
    func cost(_ sequence: Int) -> Int {
        let queries = queryCount(sequence), keys = keyCount(sequence)
        return queries * (isCausal ? keys - queries / 2 : keys) + 64
    }
}

/// Queries, keys, values (or their gradients): queries rows × (heads · width), keys and values
/// rows × (keyHeads · width), any stride.
public struct AttentionOperands: Sendable {
    /// Rows as the queries of the shape.
    public var queries: Matrix
    /// Rows as the keys of the shape.
    public var keys: Matrix
    /// Rows as the keys of the shape.
    public var values: Matrix

    /// Operands of one layer.
    public init(queries: Matrix, keys: Matrix, values: Matrix) {
        precondition(keys.columns == values.columns && keys.columns <= queries.columns)
        precondition(keys.rows == values.rows)
        self.queries = queries
        self.keys = keys
        self.values = values
    }
}
