internal import CKernels

extension WorkerPool {
    /// output = dropout(softmax(Q Kᵀ / √width)) V for each head of each sequence.
    ///
    /// Scores stand in blocks of a few queries. What a causal shape hides is not computed, but for
    /// the triangle on the diagonal of each block.
    ///
    /// - Parameters:
    ///   - logSums: log Σ exp of each row of scores, heads × query rows, kept for the backward pass.
    ///   - scratch: threads × ``AttentionShape/scratchCount(longest:width:backward:)`` floats.
    public func attention(
        _ x: AttentionOperands, shape: AttentionShape, into output: Matrix, logSums: Floats?,
        dropout: Dropout?, site: UInt32, scratch: Floats
    ) {
        let width = checkedWidth(x, shape, scratch, backward: false), rows = x.queries.rows
        let scale = 1 / Float(width).squareRoot()
        let room = scratch.count / threadCount
        precondition(logSums.map { $0.count >= shape.heads * rows } ?? true)
        precondition(dropout.map { $0.keys.count >= rows } ?? true)
        forEachItem(shape, width: width) { part, item in
            let turnedCount = width * item.stride
            let turned = transpose(
                item.keys(of: x.keys), into: scratch.slice(part * room, turnedCount))
            let values = item.keys(of: x.values)
            for head in item.heads {
                for block in item.blocks {
                    let scores = Matrix(
                        floats: scratch.slice(
                            part * room + turnedCount, block.count * item.stride),
                        rows: block.count, columns: block.keyCount, stride: item.stride)
                    multiplySmall(
                        item.queries(of: x.queries, head, block),
                        turned.columns(0, block.keyCount), into: scores, alpha: scale, padded: true)
                    let first = item.firstQuery + block.first
                    let sums = unsafe logSums.map { unsafe $0.pointer + head * rows + first }
                    unsafe withKeys(dropout, first) { keys in
                        unsafe ck_softmax_forward(
                            scores.pointer, scores.stride, sums, block.count, block.keyCount,
                            block.firstVisible, keys, site &+ UInt32(head),
                            dropout?.probability ?? 0)
                    }
                    multiplySmall(
                        scores, values.rows(0, block.keyCount),
                        into: item.queries(of: output, head, block))
                }
            }
        }
    }
}
