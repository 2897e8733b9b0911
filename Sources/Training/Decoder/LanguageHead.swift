import Kernels

/// The head of a language model: logits = norm(x) Eᵀ, where E is the word embedding if it is tied.
///
/// Logits are made for rows with a target only and some rows at a time: T × V numbers, a few
/// hundred megabytes for a small batch, never stand whole.
struct LanguageHead {
    let norm: DecoderNorm
    /// V × H
    let weight: LinearWeight
    let weightGradient: Matrix?
    let vocabulary: Int
    let hidden: Int
    let packed = PackedCopy()

    /// The most logits that stand at once.
    private static let chunkCount = 1 << 24

    /// Rows whose logits stand at once.
    static func chunkRows(_ vocabulary: Int) -> Int { max(16, chunkCount / vocabulary & ~7) }

    /// Room for R rows with a target.
    struct Trace {
        /// R × H: the rows that are read, and after the norm
        let gathered: Matrix
        let normed: Matrix
        let norm: DecoderNorm.Trace
        /// some rows × V
        let logits: Floats
        /// Loss of each row
        let losses: Floats
        /// R × H, empty without a backward pass
        let gradient: Matrix

        init(_ arena: inout Arena, rows: Int, _ shape: DecoderShape, backward: Bool) {
            gathered = arena.matrix(rows, shape.hidden)
            normed = arena.matrix(rows, shape.hidden)
            norm = DecoderNorm.Trace(
                &arena, rows: rows, columns: shape.hidden, isLayer: !shape.isLlama)
            logits = arena.floats(
                min(rows, LanguageHead.chunkRows(shape.vocabulary)) * shape.vocabulary)
            losses = arena.floats(rows)
            gradient = arena.matrix(backward ? rows : 0, shape.hidden)
        }
    }

    /// Reads and normalises the rows of x (T × H) that have a target.
    func gather(_ x: Matrix, rows: [Int32], trace: Trace, workers: WorkerPool) {
        workers.gatherRows(rows, of: x, into: trace.gathered)
        norm.forward(trace.gathered, into: trace.normed, trace: trace.norm, workers: workers)
    }

    /// Hands over the logits of the gathered rows, some at a time, to be read or written over.
    func logits(
        trace: Trace, workers: WorkerPool, _ body: (_ rows: Range<Int>, _ logits: Matrix) -> Void
    ) {
        let step = Self.chunkRows(vocabulary)
        for first in stride(from: 0, to: trace.normed.rows, by: step) {
            let count = min(step, trace.normed.rows - first)
            let logits = trace.logits.slice(0, count * vocabulary).matrix(count, vocabulary)
            multiply(trace.normed.rows(first, count), into: logits, workers)
            body(first..<first + count, logits)
        }
    }

    /// logits = x Eᵀ
    func multiply(_ x: Matrix, into logits: Matrix, _ workers: WorkerPool) {
        if let matrix = packed.matrix { return workers.multiply(x, matrix, into: logits) }
        switch weight {
        case .dense(let effective, _):
            workers.multiply(x, effective, transposingSecond: true, into: logits)
        case .quantized(let parts):
            for part in parts {
                workers.multiply(x, part.matrix, transposingSecond: true, into: logits)
            }
        }
    }

    /// Takes the gradient of some rows' logits: adds that of E, writes that of the normed rows.
    func backward(
        logits gradient: Matrix, rows: Range<Int>, trace: Trace, needsInput: Bool,
        workers: WorkerPool
    ) {
        if let weightGradient {
            workers.multiply(
                gradient, trace.normed.rows(rows.lowerBound, rows.count), transposingFirst: true,
                into: weightGradient, beta: 1)
        }
        guard needsInput else { return }
        let dx = trace.gradient.rows(rows.lowerBound, rows.count)
        switch weight {
        case .dense(let effective, _): workers.multiply(gradient, effective, into: dx)
        case .quantized(let parts):
            for part in parts {
                workers.multiply(gradient, part.matrix, transposingSecond: false, into: dx)
            }
        }
    }

    /// Writes the gradient of x (T × H) from that of the normed rows.
    func scatter(_ rows: [Int32], trace: Trace, into dx: Matrix, workers: WorkerPool) {
        let inner = trace.normed
        workers.zero(inner.floats.slice(0, inner.rows * inner.columns))
        norm.backward(
            trace.gradient, x: trace.gathered, trace: trace.norm, addingTo: inner,
            workers: workers)
        workers.zero(dx.floats.slice(0, dx.rows * dx.columns))
        workers.scatterAddRows(inner, at: rows, to: dx)
    }
}
