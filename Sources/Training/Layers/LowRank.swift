import Kernels

/// A LoRA adapter on some rows of a linear layer (Hu et al. 2021): V = W + scale · B · A; or, with a
/// magnitude, a DoRA adapter (Liu et al. 2024): m · V / ‖V‖, the norm taken of each row and, as in
/// section 4.3 of the paper, not derived from.
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
    let magnitude: Magnitude?
    /// α / r, or α / √r
    let scale: Float
    let site: UInt32

    var outputs: Int { up.rows }
    var rank: Int { up.columns }

    /// The same adapter on a layer whose outputs begin elsewhere.
    func moved(to firstOutput: Int) -> LowRank {
        LowRank(
            module: module, firstOutput: firstOutput, down: down, up: up,
            downGradient: downGradient, upGradient: upGradient, magnitude: magnitude,
            scale: scale, site: site)
    }

    /// y[:, rows] += scale · dropout(x) Aᵀ Bᵀ; needed only where nothing is merged.
    func forward(
        _ x: Matrix, into y: Matrix, dropout: Dropout?, scratch: AdapterScratch,
        workers: WorkerPool
    ) {
        let hidden = scratch.hidden(x.rows, rank)
        var input = x
        if let dropout {
            input = scratch.input(x.rows, x.columns)
            workers.dropout(x, into: input, dropout, site: site)
        }
        workers.multiply(input, down, transposingSecond: true, into: hidden)
        workers.multiply(
            hidden, up, transposingSecond: true, into: y.columns(firstOutput, outputs),
            alpha: scale, beta: 1)
    }

    /// Adds the gradients of A, B and m and, where nothing was merged, that of x to `dx`.
    func backward(
        output gradient: Matrix, x: Matrix, into dx: Matrix?, effective: Matrix?,
        dropout: Dropout?, scratch: AdapterScratch, workers: WorkerPool
    ) {
        var dy = gradient.columns(firstOutput, outputs)
        if let magnitude, let effective {
            dy = magnitude.backward(
                output: dy, x: x, effective: effective, scratch: scratch, workers: workers)
        }
        let hidden = scratch.hidden(x.rows, rank)
        var input = x
        if let dropout {
            input = scratch.input(x.rows, x.columns)
            workers.dropout(x, into: input, dropout, site: site)
        }
        if let upGradient {
            workers.multiply(input, down, transposingSecond: true, into: hidden)
            workers.multiply(
                dy, hidden, transposingFirst: true, into: upGradient, alpha: scale, beta: 1)
        }
        workers.multiply(dy, up, into: hidden, alpha: scale)
        if let downGradient {
            workers.multiply(hidden, input, transposingFirst: true, into: downGradient, beta: 1)
        }
        guard let dx else { return }
        guard let dropout else {
            workers.multiply(hidden, down, into: dx, beta: 1)
            return
        }
        let inputGradient = scratch.input(x.rows, x.columns)
        workers.multiply(hidden, down, into: inputGradient)
        workers.dropout(inputGradient, into: inputGradient, dropout, site: site)
        precondition(dx.isContiguous)
        let count = x.rows * x.columns
        workers.add(inputGradient.floats.slice(0, count), to: dx.floats.slice(0, count))
    }

    /// effective = W + scale · B · A, or that with its rows stretched to the magnitude.
    ///
    /// - Parameter keepsNorms: whether ‖V‖ stays as it was, as the gradients take it.
    func merge(
        base: Matrix, into effective: Matrix, keepsNorms: Bool = false, _ workers: WorkerPool
    ) {
        let count = base.rows * base.columns
        effective.floats.slice(0, count).copy(from: base.floats.slice(0, count))
        workers.multiply(up, down, into: effective, alpha: scale, beta: 1)
        magnitude?.stretch(effective, keepsNorms: keepsNorms, workers)
    }
}

/// DoRA's magnitude of each output.
struct Magnitude {
    /// m: outputs
    let values: Floats
    let gradient: Floats?
    /// ‖V‖ of each row, as of the last merge
    let norms: Floats
    /// m / ‖V‖ of each row
    let factors: Floats

    /// Rows of V become m · V / ‖V‖.
    func stretch(_ effective: Matrix, keepsNorms: Bool, _ workers: WorkerPool) {
        if !keepsNorms { workers.rowNorms(effective, into: norms) }
        for row in 0..<effective.rows { factors[row] = values[row] / norms[row] }
        workers.scaleRows(effective, by: factors)
    }

    /// Adds the gradient of m; returns dy · m / ‖V‖, the gradient of x Vᵀ.
    ///
    /// y = m · u with u = x Vᵀ / ‖V‖, so that dm = Σ dy · y / m over the rows of x.
    func backward(
        output dy: Matrix, x: Matrix, effective: Matrix, scratch: AdapterScratch,
        workers: WorkerPool
    ) -> Matrix {
        let outputs = scratch.outputs(x.rows, effective.rows)
        if let gradient {
            workers.multiply(x, effective, transposingSecond: true, into: outputs)
            workers.addColumnProducts(of: dy, and: outputs, dividedBy: values, to: gradient)
        }
        workers.scaleColumns(dy, by: factors, into: outputs)
        return outputs
    }
}

/// Room for one adapter at work.
struct AdapterScratch {
    /// tokens × widest input, empty without adapter dropout
    let inputs: Floats
    /// tokens × r
    let hidden: Floats
    /// tokens × widest output, empty without magnitudes
    let outputs: Floats

    init(
        _ arena: inout Arena, tokens: Int, widest: Int, rank: Int, dropsOut: Bool,
        hasMagnitudes: Bool
    ) {
        inputs = arena.floats(dropsOut ? tokens * widest : 0)
        hidden = arena.floats(tokens * rank)
        outputs = arena.floats(hasMagnitudes ? tokens * widest : 0)
    }

    func input(_ rows: Int, _ columns: Int) -> Matrix {
        inputs.slice(0, rows * columns).matrix(rows, columns)
    }

    func hidden(_ rows: Int, _ rank: Int) -> Matrix {
        hidden.slice(0, rows * rank).matrix(rows, rank)
    }

    func outputs(_ rows: Int, _ columns: Int) -> Matrix {
        outputs.slice(0, rows * columns).matrix(rows, columns)
    }
}
