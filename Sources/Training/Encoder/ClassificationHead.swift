import Kernels

/// The head of an encoder: with a pooler, f(x Wᵀ + b) over each sequence's first token, dropout and
/// a classifier; without, dropout and a classifier over the tokens that have a target.
struct ClassificationHead {
    enum Activation { case tanh, relu }

    /// H × H
    let pooler: Linear?
    let activation: Activation
    /// C × H
    let classifier: Linear

    var linears: [Linear] { (pooler.map { [$0] } ?? []) + [classifier] }

    /// What the head computes for R rows.
    struct Trace {
        /// R × H: the rows that are read, where they are not all of the encoder's output
        let gathered: Matrix
        /// R × H, after the pooler
        let pooled: Matrix
        /// R × H, after dropout
        let dropped: Matrix
        /// R × C
        let logits: Matrix
        /// Gradients of the logits and of what the classifier reads
        let logitGradient: Matrix
        let inputGradient: Matrix

        init(_ arena: inout Arena, rows: Int, _ model: ModelShape) {
            gathered = arena.matrix(model.selectsFirst ? 0 : rows, model.hidden)
            pooled = arena.matrix(model.selectsFirst ? rows : 0, model.hidden)
            dropped = arena.matrix(rows, model.hidden)
            logits = arena.matrix(rows, model.labels)
            logitGradient = arena.matrix(rows, model.labels)
            inputGradient = arena.matrix(rows, model.hidden)
        }
    }

    /// Dropout keys of the rows that are read.
    private func keys(_ batch: PackedBatch) -> [UInt32] {
        pooler == nil ? batch.targetRows.map { batch.tokenKeys[Int($0)] } : batch.firstKeys
    }

    /// x: the encoder's output; computes `trace.logits`.
    func forward(
        _ x: Matrix, trace: Trace, batch: PackedBatch, pass: Pass, scratch: AdapterScratch?
    ) {
        let keys = keys(batch)
        var input = trace.gathered
        if let pooler {
            input = trace.pooled
            pooler.forward(
                x, into: input, addsBias: false, pass: pass, keys: keys, scratch: scratch)
            if let bias = pooler.bias {
                switch activation {
                case .tanh: pass.workers.biasTanh(input, bias: bias)
                case .relu: pass.workers.biasReLU(input, bias: bias)
                }
            }
        } else {
            pass.workers.gatherRows(batch.targetRows, of: x, into: input)
        }
        if let dropout = pass.dropout(pass.classifierDropout, keys: keys) {
            pass.workers.dropout(input, into: trace.dropped, dropout, site: Site.classifier)
            input = trace.dropped
        }
        classifier.forward(
            input, into: trace.logits, addsBias: true, pass: pass, keys: keys, scratch: scratch)
    }

    /// Adds the gradients from `trace.logitGradient`; that of x is written to `dx`.
    func backward(
        x: Matrix, trace: Trace, into dx: Matrix?, batch: PackedBatch, pass: Pass,
        scratch: AdapterScratch?
    ) {
        let keys = keys(batch), workers = pass.workers
        let dropout = pass.dropout(pass.classifierDropout, keys: keys)
        let read = pooler == nil ? trace.gathered : trace.pooled
        let isNeeded = dx != nil || pooler?.isTrained == true
        classifier.backward(
            output: trace.logitGradient, x: dropout == nil ? read : trace.dropped,
            into: isNeeded ? trace.inputGradient : nil, pass: pass, keys: keys, scratch: scratch)
        guard isNeeded else { return }
        let gradient = trace.inputGradient
        if let dropout {
            workers.dropout(gradient, into: gradient, dropout, site: Site.classifier)
        }
        guard let pooler else {
            guard let dx else { return }
            workers.zero(dx.floats.slice(0, dx.rows * dx.columns))
            workers.scatterAddRows(gradient, at: batch.targetRows, to: dx)
            return
        }
        let count = gradient.rows * gradient.columns
        let inner = gradient.floats.slice(0, count), output = read.floats.slice(0, count)
        switch activation {
        case .tanh: workers.tanhBackward(inner, output: output)
        case .relu: workers.reluBackward(inner, output: output)
        }
        pooler.backward(
            output: gradient, x: x, into: dx, pass: pass, keys: keys, scratch: scratch)
    }
}
