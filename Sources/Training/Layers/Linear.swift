import Kernels

/// A linear layer y = x Wᵀ + b with the adapters on it.
///
/// The adapters are merged into `weight` after each optimiser step, so that a layer with adapters
/// costs forward what one without costs; only adapter dropout, under which W + B·A does not exist,
/// adds them as products of their own.
struct Linear {
    /// outputs × inputs, adapters merged
    let weight: Matrix
    /// outputs × inputs, as the base model has it; the same memory as `weight` without adapters
    let base: Matrix
    let bias: Floats
    let weightGradient: Matrix?
    let biasGradient: Floats?
    let adapters: [LowRank]

    var inputs: Int { weight.columns }
    var outputs: Int { weight.rows }

    /// Whether a backward pass through this layer has anything to add.
    var isTrained: Bool { weightGradient != nil || biasGradient != nil || !adapters.isEmpty }

    /// The layer that computes `count` of the outputs from `first` on.
    func outputs(_ first: Int, _ count: Int) -> Linear {
        Linear(
            weight: weight.rows(first, count), base: base.rows(first, count),
            bias: bias.slice(first, count), weightGradient: weightGradient?.rows(first, count),
            biasGradient: biasGradient?.slice(first, count),
            adapters: adapters.compactMap { adapter in
                let start = adapter.firstOutput - first
                guard start >= 0, start + adapter.outputs <= count else { return nil }
                return LowRank(
                    module: adapter.module, firstOutput: start, down: adapter.down,
                    up: adapter.up, downGradient: adapter.downGradient,
                    upGradient: adapter.upGradient, scale: adapter.scale, site: adapter.site)
            })
    }

    /// y = x Wᵀ (+ b where it is not added by what follows). x: rows × inputs, y: rows × outputs.
    func forward(
        _ x: Matrix, into y: Matrix, addsBias: Bool, pass: Pass, keys: [UInt32],
        scratch: AdapterScratch?
    ) {
        let dropout = adapters.isEmpty ? nil : pass.dropout(pass.adapterDropout, keys: keys)
        pass.workers.multiply(x, dropout == nil ? weight : base, transposingSecond: true, into: y)
        if let dropout, let scratch {
            for adapter in adapters {
                adapter.forward(
                    x, into: y, dropout: dropout, scratch: scratch, workers: pass.workers)
            }
        }
        if addsBias { pass.workers.addBias(bias, to: y) }
    }

    /// Adds the gradients of W, b, A and B. The gradient of x is written to `dx`, or added to it.
    ///
    /// dW += dyᵀ x, db += Σ dy, dx = dy W
    func backward(
        output dy: Matrix, x: Matrix, into dx: Matrix?, adding: Bool = false, pass: Pass,
        keys: [UInt32], scratch: AdapterScratch?
    ) {
        let workers = pass.workers
        let dropout = adapters.isEmpty ? nil : pass.dropout(pass.adapterDropout, keys: keys)
        if let biasGradient { workers.addColumnSums(of: dy, to: biasGradient) }
        if let weightGradient {
            workers.multiply(dy, x, transposingFirst: true, into: weightGradient, beta: 1)
        }
        if let dx {
            workers.multiply(dy, dropout == nil ? weight : base, into: dx, beta: adding ? 1 : 0)
        }
        guard let scratch else { return }
        for adapter in adapters {
            adapter.backward(
                output: dy, x: x, into: dx, dropout: dropout, scratch: scratch, workers: workers)
        }
    }

    /// weight = base + scale · B · A for the rows of each adapter.
    func merge(_ workers: WorkerPool) {
        for adapter in adapters {
            let rows = weight.rows(adapter.firstOutput, adapter.outputs)
            let original = base.rows(adapter.firstOutput, adapter.outputs)
            let count = rows.rows * rows.columns
            rows.floats.slice(0, count).copy(from: original.floats.slice(0, count))
            workers.multiply(adapter.up, adapter.down, into: rows, alpha: adapter.scale, beta: 1)
        }
    }
}
