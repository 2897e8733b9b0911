import Kernels

/// The numbers of a linear layer, outputs × inputs.
enum LinearWeight {
    /// `effective` is what is computed with: `base` with the adapters merged in, or `base` itself.
    case dense(effective: Matrix, base: Matrix)
    /// Frozen blocks, one matrix for each of the modules that the layer joins.
    case quantized([QuantizedPart])
}

/// A quantised matrix and the first of the outputs that it computes.
struct QuantizedPart {
    let firstOutput: Int
    let matrix: QuantizedMatrix
}

/// A linear layer y = x Wᵀ + b with the adapters on it.
///
/// The adapters are merged into the dense weight after each optimiser step, so that a layer with
/// adapters costs forward what one without costs. Adapter dropout, under which W + B·A does not
/// exist, and quantised weights add them as products of their own.
struct Linear {
    let weight: LinearWeight
    let inputs: Int
    let outputs: Int
    let bias: Floats?
    let weightGradient: Matrix?
    let biasGradient: Floats?
    let adapters: [LowRank]
    let packed = PackedCopy()

    /// Whether a backward pass through this layer has anything to add.
    var isTrained: Bool { weightGradient != nil || biasGradient != nil || !adapters.isEmpty }

    /// Whether `effective` is memory of its own, to be made again when A, B or W changed.
    var isMerged: Bool {
        if case .dense = weight { !adapters.isEmpty } else { false }
    }

    /// The layer that computes `count` of the outputs from `first` on.
    func outputs(_ first: Int, _ count: Int) -> Linear {
        let part: LinearWeight =
            switch weight {
            case .dense(let effective, let base):
                .dense(effective: effective.rows(first, count), base: base.rows(first, count))
            case .quantized(let parts):
                .quantized(
                    parts.compactMap { part in
                        let start = part.firstOutput - first
                        guard start >= 0, start + part.matrix.rows <= count else { return nil }
                        return QuantizedPart(firstOutput: start, matrix: part.matrix)
                    })
            }
        return Linear(
            weight: part, inputs: inputs, outputs: count, bias: bias?.slice(first, count),
            weightGradient: weightGradient?.rows(first, count),
            biasGradient: biasGradient?.slice(first, count),
            adapters: adapters.compactMap { adapter in
                let start = adapter.firstOutput - first
                guard start >= 0, start + adapter.outputs <= count else { return nil }
                return adapter.moved(to: start)
            })
    }

    /// y = x Wᵀ (+ b where it is not added by what follows), or that added to y.
    /// x: rows × inputs, y: rows × outputs.
    func forward(
        _ x: Matrix, into y: Matrix, adding: Bool = false, addsBias: Bool, pass: Pass,
        keys: [UInt32], scratch: AdapterScratch?
    ) {
        let dropout = adapters.isEmpty ? nil : pass.dropout(pass.adapterDropout, keys: keys)
        var addsAdapters = dropout != nil
        switch weight {
        case .dense(let effective, let base):
            if !addsAdapters, let matrix = packed.matrix {
                pass.workers.multiply(x, matrix, into: y, beta: adding ? 1 : 0)
                break
            }
            pass.workers.multiply(
                x, addsAdapters ? base : effective, transposingSecond: true, into: y,
                beta: adding ? 1 : 0)
        case .quantized(let parts):
            addsAdapters = !adapters.isEmpty
            for part in parts {
                pass.workers.multiply(
                    x, part.matrix, transposingSecond: true,
                    into: y.columns(part.firstOutput, part.matrix.rows), beta: adding ? 1 : 0)
            }
        }
        if addsAdapters, let scratch {
            for adapter in adapters {
                adapter.forward(
                    x, into: y, dropout: dropout, scratch: scratch, workers: pass.workers)
            }
        }
        if addsBias, let bias { pass.workers.addBias(bias, to: y) }
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
        var addsAdapters = dropout != nil
        if let biasGradient { workers.addColumnSums(of: dy, to: biasGradient) }
        if let weightGradient {
            workers.multiply(dy, x, transposingFirst: true, into: weightGradient, beta: 1)
        }
        switch weight {
        case .dense(let effective, let base):
            if let dx {
                workers.multiply(
                    dy, addsAdapters ? base : effective, into: dx, beta: adding ? 1 : 0)
            }
        case .quantized(let parts):
            addsAdapters = !adapters.isEmpty
            guard let dx else { break }
            for (index, part) in parts.enumerated() {
                workers.multiply(
                    dy.columns(part.firstOutput, part.matrix.rows), part.matrix,
                    transposingSecond: false, into: dx, beta: adding || index > 0 ? 1 : 0)
            }
        }
        guard let scratch else { return }
        for adapter in adapters {
            adapter.backward(
                output: dy, x: x, into: addsAdapters ? dx : nil, effective: effective(adapter),
                dropout: dropout, scratch: scratch, workers: workers)
        }
    }

    /// The merged rows of one adapter; nil where nothing is merged.
    private func effective(_ adapter: LowRank) -> Matrix? {
        guard case .dense(let effective, _) = weight else { return nil }
        return effective.rows(adapter.firstOutput, adapter.outputs)
    }

    /// Packs the dense weight for forward passes; until it changes.
    func pack() {
        if case .dense(let effective, _) = weight { packed.pack(effective) }
    }

    /// effective = base, with the rows of each adapter as it changes them.
    func merge(all: Bool, keepsNorms: Bool = false, _ workers: WorkerPool) {
        packed.clear()
        guard isMerged, case .dense(let effective, let base) = weight else { return }
        if all { effective.floats.copy(from: base.floats) }
        for adapter in adapters {
            adapter.merge(
                base: base.rows(adapter.firstOutput, adapter.outputs),
                into: effective.rows(adapter.firstOutput, adapter.outputs),
                keepsNorms: keepsNorms, workers)
        }
    }
}
