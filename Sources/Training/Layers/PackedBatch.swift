import Kernels

/// Examples laid one after the other, without padding: all but attention sees only tokens.
final class PackedBatch {
    /// Which example of the data set each one is.
    private(set) var rows: [Int] = []
    private(set) var ids: [Int32] = []
    private(set) var typeIDs: [Int32] = []
    private(set) var positions: [Int32] = []
    /// First token of each example, and the token count at the end.
    private(set) var starts: [Int] = [0]
    /// First token of each example.
    private(set) var firstTokens: [Int32] = []
    private(set) var labels: [Int] = []
    /// Dropout keys of the tokens, and of the examples' first tokens.
    private(set) var tokenKeys: [UInt32] = []
    private(set) var firstKeys: [UInt32] = []

    var tokenCount: Int { ids.count }
    var count: Int { labels.count }

    func removeAll() {
        rows.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        typeIDs.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        firstTokens.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        tokenKeys.removeAll(keepingCapacity: true)
        firstKeys.removeAll(keepingCapacity: true)
    }

    /// Adds an example, the `ordinal`-th of optimiser step `step`.
    func append(_ example: EncodedExample, row: Int, ordinal: Int, step: Int, seed: UInt64) {
        rows.append(row)
        firstTokens.append(Int32(ids.count))
        ids.append(contentsOf: example.ids)
        if let types = example.typeIDs {
            typeIDs.append(contentsOf: types)
        } else {
            for _ in example.ids { typeIDs.append(0) }
        }
        for position in 0..<example.ids.count {
            positions.append(Int32(position))
            tokenKeys.append(
                Dropout.rowKey(seed: seed, step: step, example: ordinal, position: position))
        }
        firstKeys.append(Dropout.rowKey(seed: seed, step: step, example: ordinal, position: 0))
        starts.append(ids.count)
        labels.append(example.label)
    }

    /// Attention of every token to every token of its example.
    func shape(heads: Int) -> AttentionShape {
        AttentionShape(heads: heads, keyStarts: starts, queryStarts: starts)
    }

    /// Attention of each example's first token to every token of its example.
    func firstTokenShape(heads: Int) -> AttentionShape {
        AttentionShape(heads: heads, keyStarts: starts, queryStarts: Array(0...count))
    }
}
