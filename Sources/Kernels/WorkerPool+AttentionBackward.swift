internal import CKernels

extension WorkerPool {
    /// The gradients of queries, keys and values, which are overwritten, from that of the output.
    ///
    /// The probabilities are made again from Q, K and `logSums`: memory grows with the longest
    /// sequence and not with the batch.
    ///
    /// - Parameter scratch: threads × ``AttentionShape/scratchCount(longest:width:backward:)`` floats.
    public func attentionBackward(
        _ x: AttentionOperands, shape: AttentionShape, output gradient: Matrix, logSums: Floats,
        into gradients: AttentionOperands, dropout: Dropout?, site: UInt32, scratch: Floats
    ) {
        let width = checkedWidth(x, shape, scratch, backward: true), rows = x.queries.rows
        let scale = 1 / Float(width).squareRoot()
        let room = scratch.count / threadCount
        precondition(logSums.count >= shape.heads * rows)
        precondition(dropout.map { $0.keys.count >= rows } ?? true)
        forEachItem(shape, width: width) { part, item in
            var used = part * room
            func take(_ count: Int) -> Floats {
                defer { used += count }
                return scratch.slice(used, count)
            }
            let keys = item.keys(of: x.keys)
            let turnedKeys = transpose(keys, into: take(width * item.stride))
            let turnedValues = transpose(
                item.keys(of: x.values), into: take(width * item.stride))
            let blockCount = AttentionShape.queryBlock * item.stride
            let scoreFloats = take(blockCount), probabilityFloats = take(blockCount)
            let keyGradient = item.keys(of: gradients.keys)
            let valueGradient = item.keys(of: gradients.values)
            // The first block writes the gradients of the keys that it sees, the others add.
            let seen = item.blocks.first?.keyCount ?? 0
            keyGradient.rows(seen, item.keyCount - seen).fillSerially(0)
            valueGradient.rows(seen, item.keyCount - seen).fillSerially(0)
            for head in item.heads {
                for block in item.blocks {
                    let count = block.keyCount
                    let adds = block.first > 0 || head > item.heads.lowerBound
                    let scores = Matrix(
                        floats: scoreFloats, rows: block.count, columns: count, stride: item.stride)
                    let probabilities = Matrix(
                        floats: probabilityFloats, rows: block.count, columns: count,
                        stride: item.stride)
                    let queries = item.queries(of: x.queries, head, block)
                    let outputGradient = item.queries(of: gradient, head, block)
                    multiplySmall(
                        queries, turnedKeys.columns(0, count), into: scores, alpha: scale,
                        padded: true)
                    multiplySmall(
                        outputGradient, turnedValues.columns(0, count), into: probabilities,
                        padded: true)
                    let first = item.firstQuery + block.first
                    unsafe withKeys(dropout, first) { dropoutKeys in
                        unsafe ck_softmax_backward(
                            scores.pointer, probabilities.pointer, scores.stride,
                            logSums.pointer + head * rows + first, block.count, count,
                            block.firstVisible, scale, dropoutKeys, site &+ UInt32(head),
                            dropout?.probability ?? 0)
                    }
                    multiplySmall(
                        probabilities, transposingFirst: true, outputGradient,
                        into: valueGradient.rows(0, count), adding: adds)
                    multiplySmall(
                        scores, keys.rows(0, count),
                        into: item.queries(of: gradients.queries, head, block))
                    multiplySmall(
                        scores, transposingFirst: true, queries, into: keyGradient.rows(0, count),
                        adding: adds)
                }
            }
        }
    }
}
