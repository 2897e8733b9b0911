import Kernels

/// Keys and values of the tokens that were read, so that a next token costs one token's work.
final class KeyValueCache {
    /// The tokens whose keys and values are here.
    private(set) var ids: [Int32] = []
    let capacity: Int
    /// For each layer: keys and values side by side, capacity × 2 · keyWidth
    private let layers: [Matrix]
    private let keyWidth: Int
    private var pending = 0

    init(_ shape: DecoderShape, capacity: Int) {
        self.capacity = capacity
        keyWidth = shape.keyWidth
        layers = (0..<shape.layers).map { _ in
            FloatStorage(count: capacity * 2 * shape.keyWidth).floats
                .matrix(capacity, 2 * shape.keyWidth)
        }
    }

    /// Says which tokens come next; their keys and values follow layer by layer.
    func begin(_ tokens: [Int32]) {
        precondition(ids.count + tokens.count <= capacity, "the cache is full")
        pending = tokens.count
        ids += tokens
    }

    /// Forgets all but the first `count` tokens.
    func keep(_ count: Int) { ids.removeLast(max(0, ids.count - count)) }

    /// Takes keys and values of the tokens begun; gives those of all tokens.
    func append(_ operands: AttentionOperands, layer: Int) -> AttentionOperands {
        let first = ids.count - pending
        let new = layers[layer].rows(first, pending)
        for (part, column) in [(operands.keys, 0), (operands.values, keyWidth)] {
            let target = new.columns(column, keyWidth)
            for row in 0..<pending {
                target.rows(row, 1).floats.slice(0, keyWidth)
                    .copy(from: part.rows(row, 1).floats.slice(0, keyWidth))
            }
        }
        let all = layers[layer].rows(0, ids.count)
        return AttentionOperands(
            queries: operands.queries, keys: all.columns(0, keyWidth),
            values: all.columns(keyWidth, keyWidth))
    }
}
