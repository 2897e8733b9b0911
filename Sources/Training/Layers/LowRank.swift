import Kernels

/// A LoRA adapter on some rows of a linear layer (Hu et al. 2021): W + scale · B · A.
struct LowRank {
    /// Name of the adapted layer, e.g. `bert.encoder.layer.0.attention.self.query`.
    let module: String
    /// First of the linear layer's outputs that it adapts.
    let firstOutput: Int
    /// A: r × inputs
    let down: Matrix
    /// B: outputs × r
    let up: Matrix
    let downGradient: Matrix?
    let upGradient: Matrix?
    /// α / r, or α / √r
    let scale: Float
    let site: UInt32

    var outputs: Int { up.rows }
    var rank: Int { up.columns }

    /// y[:, rows] += scale · dropout(x) Aᵀ Bᵀ; needed only where dropout forbids merging.
    func forward(
        _ x: Matrix, into y: Matrix, dropout: Dropout, scratch: AdapterScratch, workers: WorkerPool
    ) {
        let input = scratch.input(x.rows, x.columns)
        let hidden = scratch.hidden(x.rows, rank)
        workers.dropout(x, into: input, dropout, site: site)
        workers.multiply(input, down, transposingSecond: true, into: hidden)
        workers.multiply(
            hidden, up, transposingSecond: true, into: y.columns(firstOutput, outputs),
            alpha: scale,
            beta: 1)
    }

    /// Adds the gradients of A and B and, where A saw a dropped-out input, that of x to `dx`.
    func backward(
        output gradient: Matrix, x: Matrix, into dx: Matrix?, dropout: Dropout?,
        scratch: AdapterScratch, workers: WorkerPool
    ) {
        let dy = gradient.columns(firstOutput, outputs)
        let hidden = scratch.hidden(x.rows, rank)
        var input = x
        if let dropout {
            input = scratch.input(x.rows, x.columns)
            workers.dropout(x, into: input, dropout, site: site)
        }
        workers.multiply(input, down, transposingSecond: true, into: hidden)
        if let upGradient {
            workers.multiply(
                dy, hidden, transposingFirst: true, into: upGradient, alpha: scale, beta: 1)
        }
        workers.multiply(dy, up, into: hidden, alpha: scale)
        if let downGradient {
            workers.multiply(hidden, input, transposingFirst: true, into: downGradient, beta: 1)
        }
        guard let dropout, let dx else { return }
        let inputGradient = scratch.input(x.rows, x.columns)
        workers.multiply(hidden, down, into: inputGradient)
        workers.dropout(inputGradient, into: inputGradient, dropout, site: site)
        precondition(dx.isContiguous)
        let count = x.rows * x.columns
        workers.add(inputGradient.floats.slice(0, count), to: dx.floats.slice(0, count))
    }
}

/// Room for one adapter at work.
struct AdapterScratch {
    /// tokens × widest input, empty without adapter dropout
    let inputs: Floats
    /// tokens × r
    let hidden: Floats

    init(_ arena: inout Arena, tokens: Int, widest: Int, rank: Int, dropsOut: Bool) {
        inputs = arena.floats(dropsOut ? tokens * widest : 0)
        hidden = arena.floats(tokens * rank)
    }

    func input(_ rows: Int, _ columns: Int) -> Matrix {
        inputs.slice(0, rows * columns).matrix(rows, columns)
    }

    func hidden(_ rows: Int, _ rank: Int) -> Matrix {
        hidden.slice(0, rows * rank).matrix(rows, rank)
    }
}
