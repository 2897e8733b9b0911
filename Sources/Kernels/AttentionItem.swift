internal import CKernels

/// One key head of one sequence, and the group of heads that reads it: the unit in which attention
/// is shared out, so that no two threads write to the gradient of one key.
struct AttentionItem {
    let shape: AttentionShape
    let sequence: Int
    let keyHead: Int
    let width: Int

    var firstQuery: Int { shape.queryStarts[sequence] }
    var queryCount: Int { shape.queryCount(sequence) }
    var keyCount: Int { shape.keyCount(sequence) }
    /// Elements between two rows of scores, and of transposed keys.
    var stride: Int { AttentionShape.padded(keyCount) }

    /// The heads of the group.
    var heads: Range<Int> {
        let group = shape.heads / shape.keyHeads
        return keyHead * group..<(keyHead + 1) * group
    }

    /// The rows and columns of this sequence and key head in keys, values or their gradients.
    func keys(of x: Matrix) -> Matrix {
        x.rows(shape.keyStarts[sequence], keyCount).columns(keyHead * width, width)
    }

    /// The rows of `block` and the columns of `head` in queries, output or their gradients.
    func queries(of x: Matrix, _ head: Int, _ block: AttentionBlock) -> Matrix {
        x.rows(firstQuery + block.first, block.count).columns(head * width, width)
    }

    /// The blocks of queries, in order.
    var blocks: [AttentionBlock] {
        Swift.stride(from: 0, to: queryCount, by: AttentionShape.queryBlock).map { first in
            let count = min(AttentionShape.queryBlock, queryCount - first)
            return AttentionBlock(
                first: first, count: count,
                firstVisible: shape.visibleCount(sequence, first),
                keyCount: shape.visibleCount(sequence, first + count - 1))
        }
    }
}

/// Some queries of a sequence and the keys that any of them sees.
struct AttentionBlock {
    let first: Int
    let count: Int
    /// Keys that the first query sees.
    let firstVisible: Int
    /// Keys that the last query sees; those behind are not touched.
    let keyCount: Int
}

extension WorkerPool {
    /// Shares out the (sequence, key head) pairs: each thread takes a run of pairs that holds about
    /// an equal share of the score elements.
    func forEachItem(
        _ shape: AttentionShape, width: Int, _ body: (_ part: Int, _ item: AttentionItem) -> Void
    ) {
        var total = 0
        for index in 0..<shape.sequenceCount { total += shape.cost(index) * shape.keyHeads }
        run { part in
            let lower = total * part / threadCount, upper = total * (part + 1) / threadCount
            var done = 0
            for sequence in 0..<shape.sequenceCount {
                let cost = shape.cost(sequence)
                for head in 0..<shape.keyHeads {
                    if done >= lower && done < upper && shape.queryCount(sequence) > 0 {
                        body(
                            part,
                            AttentionItem(
                                shape: shape, sequence: sequence, keyHead: head, width: width))
                    }
                    done += cost
                }
            }
        }
    }

    /// The width of a head, after a check that operands and scratch fit the shape.
    func checkedWidth(
        _ x: AttentionOperands, _ shape: AttentionShape, _ scratch: Floats, backward: Bool
    ) -> Int {
        let width = x.queries.columns / shape.heads
        precondition(x.queries.columns == shape.heads * width, "columns and heads do not fit")
        precondition(x.keys.columns == shape.keyHeads * width, "columns and key heads do not fit")
        let room = AttentionShape.scratchCount(
            longest: shape.longest, width: width, backward: backward)
        precondition(scratch.count / threadCount >= room, "no room for the scores")
        return width
    }

    /// xᵀ in `floats`, its rows padded with zeros to whole vectors.
    func transpose(_ x: Matrix, into floats: Floats) -> Matrix {
        let stride = AttentionShape.padded(x.rows)
        let turned = Matrix(floats: floats, rows: x.columns, columns: x.rows, stride: stride)
        unsafe ck_transpose(turned.pointer, stride, x.pointer, x.stride, x.rows, x.columns)
        return turned
    }

    /// c = alpha · op(a) · b, or c += op(a) · b, for matrices too small for a BLAS.
    func multiplySmall(
        _ a: Matrix, transposingFirst: Bool = false, _ b: Matrix, into c: Matrix,
        alpha: Float = 1, padded: Bool = false, adding: Bool = false,
        level: Int32 = Panels.level
    ) {
        let k = transposingFirst ? a.rows : a.columns
        precondition(c.rows == (transposingFirst ? a.columns : a.rows) && c.columns == b.columns)
        precondition(b.rows == k && (!padded || b.stride >= AttentionShape.padded(b.columns)))
        precondition(!adding || alpha == 1)
        unsafe ck_small_multiply(
            level, c.pointer, c.stride, a.pointer, transposingFirst ? 1 : a.stride,
            transposingFirst ? a.stride : 1, b.pointer, b.stride, c.rows, c.columns, k, alpha,
            padded, adding)
    }

    func withKeys(
        _ dropout: Dropout?, _ first: Int, _ body: (UnsafePointer<UInt32>?) -> Void
    ) {
        guard let dropout else { return body(nil) }
        unsafe dropout.keys.withUnsafeBufferPointer { keys in
            unsafe body(keys.baseAddress.map { unsafe $0 + first })
        }
    }
}
