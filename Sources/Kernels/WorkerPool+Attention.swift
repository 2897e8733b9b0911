internal import CKernels

/// Self-attention over sequences that lie one after the other in one matrix: no padding, and no
/// token sees another sequence.
public struct AttentionShape: Sendable {
    /// Heads; the columns of queries, keys and values are cut into as many.
    public var heads: Int
    /// First row of each sequence among the keys, and the row count at the end.
    public var keyStarts: [Int]
    /// First row of each sequence among the queries, and the row count at the end. Equal to
    /// `keyStarts`, but in a last layer of which one row for each sequence is read.
    public var queryStarts: [Int]

    /// A shape of `keyStarts.count − 1` sequences.
    public init(heads: Int, keyStarts: [Int], queryStarts: [Int]) {
        precondition(keyStarts.count == queryStarts.count && !keyStarts.isEmpty)
        self.heads = heads
        self.keyStarts = keyStarts
        self.queryStarts = queryStarts
    }

    /// Sequences.
    public var sequenceCount: Int { keyStarts.count - 1 }

    /// Floats of scratch that each thread needs for sequences of up to `longest` tokens: one score
    /// matrix (two for the backward pass) and one transposed operand.
    public static func scratchCount(longest: Int, width: Int, backward: Bool) -> Int {
        (backward ? 2 : 1) * longest * longest + width * padded(longest)
    }

    /// The longest sequence, in tokens.
    public var longest: Int {
        (0..<sequenceCount).reduce(0) { max($0, keyStarts[$1 + 1] - keyStarts[$1]) }
    }

    /// `count` rounded up to whole vectors.
    static func padded(_ count: Int) -> Int { (count + 15) & ~15 }
}

/// Queries, keys, values (or their gradients): rows × (heads · width), any stride.
public struct AttentionOperands: Sendable {
    /// Rows as the queries of the shape.
    public var queries: Matrix
    /// Rows as the keys of the shape.
    public var keys: Matrix
    /// Rows as the keys of the shape.
    public var values: Matrix

    /// Operands of one layer.
    public init(queries: Matrix, keys: Matrix, values: Matrix) {
        precondition(queries.columns == keys.columns && keys.columns == values.columns)
        precondition(keys.rows == values.rows)
        self.queries = queries
        self.keys = keys
        self.values = values
    }
}

extension WorkerPool {
    /// output = dropout(softmax(Q Kᵀ / √width)) V for each head of each sequence.
    ///
    /// - Parameters:
    ///   - logSums: log Σ exp of each row of scores, heads × query rows, kept for the backward pass.
    ///   - scratch: threads × ``AttentionShape/scratchCount(longest:width:backward:)`` floats.
    public func attention(
        _ x: AttentionOperands, shape: AttentionShape, into output: Matrix, logSums: Floats?,
        dropout: Dropout?, site: UInt32, scratch: Floats
    ) {
        let width = x.queries.columns / shape.heads, rows = x.queries.rows
        let scale = 1 / Float(width).squareRoot()
        let room = scratch.count / threadCount
        precondition(
            room
                >= AttentionShape.scratchCount(
                    longest: shape.longest, width: width, backward: false), "no room for the scores"
        )
        precondition(logSums.map { $0.count >= shape.heads * rows } ?? true)
        forEachHead(shape) { part, head, sequence in
            let item = Item(x, shape, head, sequence, width)
            let scores = scratch.slice(part * room, item.scoreCount)
                .matrix(item.queryCount, item.keyCount)
            let turned = transpose(
                item.keys, into: scratch.slice(part * room + item.scoreCount, item.turnedCount))
            multiplySmall(item.queries, turned, into: scores, alpha: scale, padded: true)
            let sums = unsafe logSums.map { unsafe $0.pointer + head * rows + item.firstQuery }
            unsafe withKeys(dropout, item.firstQuery) { keys in
                unsafe ck_softmax_forward(
                    scores.pointer, sums, item.queryCount, item.keyCount, keys,
                    site &+ UInt32(head), dropout?.probability ?? 0)
            }
            multiplySmall(scores, item.values, into: item.part(of: output))
        }
    }

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
        let width = x.queries.columns / shape.heads, rows = x.queries.rows
        let scale = 1 / Float(width).squareRoot()
        let room = scratch.count / threadCount
        precondition(
            room
                >= AttentionShape.scratchCount(
                    longest: shape.longest, width: width, backward: true), "no room for the scores")
        precondition(logSums.count >= shape.heads * rows)
        forEachHead(shape) { part, head, sequence in
            let item = Item(x, shape, head, sequence, width)
            let target = Item(gradients, shape, head, sequence, width)
            let count = item.scoreCount
            let scores = scratch.slice(part * room, count).matrix(item.queryCount, item.keyCount)
            let probabilities = scratch.slice(part * room + count, count)
                .matrix(item.queryCount, item.keyCount)
            let turned = scratch.slice(part * room + 2 * count, item.turnedCount)
            let outputGradient = item.part(of: gradient)
            multiplySmall(
                item.queries, transpose(item.keys, into: turned), into: scores, alpha: scale,
                padded: true)
            multiplySmall(
                outputGradient, transpose(item.values, into: turned), into: probabilities,
                padded: true)
            unsafe withKeys(dropout, item.firstQuery) { keys in
                unsafe ck_softmax_backward(
                    scores.pointer, probabilities.pointer,
                    logSums.pointer + head * rows + item.firstQuery, item.queryCount,
                    item.keyCount, scale, keys, site &+ UInt32(head), dropout?.probability ?? 0)
            }
            multiplySmall(
                probabilities, transposingFirst: true, outputGradient, into: target.values)
            multiplySmall(scores, item.keys, into: target.queries)
            multiplySmall(scores, transposingFirst: true, item.queries, into: target.keys)
        }
    }

    /// One head of one sequence.
    private struct Item {
        let firstQuery: Int, queryCount: Int, keyCount: Int, column: Int, width: Int
        let queries: Matrix, keys: Matrix, values: Matrix
        var scoreCount: Int { queryCount * keyCount }
        var turnedCount: Int { width * AttentionShape.padded(keyCount) }

        init(
            _ x: AttentionOperands, _ shape: AttentionShape, _ head: Int, _ sequence: Int,
            _ width: Int
        ) {
            let firstKey = shape.keyStarts[sequence]
            firstQuery = shape.queryStarts[sequence]
            queryCount = shape.queryStarts[sequence + 1] - firstQuery
            keyCount = shape.keyStarts[sequence + 1] - firstKey
            self.width = width
            column = head * width
            queries = x.queries.rows(firstQuery, queryCount).columns(column, width)
            keys = x.keys.rows(firstKey, keyCount).columns(column, width)
            values = x.values.rows(firstKey, keyCount).columns(column, width)
        }

        func part(of output: Matrix) -> Matrix {
            output.rows(firstQuery, queryCount).columns(column, width)
        }
    }

    /// xᵀ in `floats`, its rows padded with zeros to whole vectors.
    private func transpose(_ x: Matrix, into floats: Floats) -> Matrix {
        let stride = AttentionShape.padded(x.rows)
        let turned = Matrix(floats: floats, rows: x.columns, columns: x.rows, stride: stride)
        unsafe ck_transpose(turned.pointer, stride, x.pointer, x.stride, x.rows, x.columns)
        return turned
    }

    /// c = alpha · op(a) · b for matrices too small for a BLAS.
    private func multiplySmall(
        _ a: Matrix, transposingFirst: Bool = false, _ b: Matrix, into c: Matrix,
        alpha: Float = 1, padded: Bool = false
    ) {
        let k = transposingFirst ? a.rows : a.columns
        precondition(c.rows == (transposingFirst ? a.columns : a.rows) && c.columns == b.columns)
        precondition(b.rows == k && (!padded || b.stride >= AttentionShape.padded(b.columns)))
        unsafe ck_small_multiply(
            c.pointer, c.stride, a.pointer, transposingFirst ? 1 : a.stride,
            transposingFirst ? a.stride : 1, b.pointer, b.stride, c.rows, c.columns, k, alpha,
            padded)
    }

    /// Shares out the (sequence, head) pairs: each thread takes a run of pairs that holds about an
    /// equal share of the score elements.
    private func forEachHead(
        _ shape: AttentionShape, _ body: (_ part: Int, _ head: Int, _ sequence: Int) -> Void
    ) {
        var total = 0
        for index in 0..<shape.sequenceCount { total += shape.cost(index) * shape.heads }
        run { part in
            let lower = total * part / threadCount, upper = total * (part + 1) / threadCount
            var done = 0
            for sequence in 0..<shape.sequenceCount {
                let cost = shape.cost(sequence)
                for head in 0..<shape.heads {
                    if done >= lower && done < upper { body(part, head, sequence) }
                    done += cost
                }
            }
        }
    }

    private func withKeys(
        _ dropout: Dropout?, _ first: Int, _ body: (UnsafePointer<UInt32>?) -> Void
    ) {
        guard let dropout else { return body(nil) }
        unsafe dropout.keys.withUnsafeBufferPointer { keys in
            unsafe body(keys.baseAddress.map { unsafe $0 + first })
        }
    }
}

extension AttentionShape {
    /// Elements of one head's scores, and some for the fixed costs.
    fileprivate func cost(_ sequence: Int) -> Int {
        let queries = queryStarts[sequence + 1] - queryStarts[sequence]
        return queries * (keyStarts[sequence + 1] - keyStarts[sequence]) + 64
    }
}
