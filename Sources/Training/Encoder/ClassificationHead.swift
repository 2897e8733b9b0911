import Kernels

/// The head: pooler tanh(x Wᵀ + b) over each example's first token, dropout, classifier.
struct ClassificationHead {
    /// H × H
    let pooler: Linear
    /// C × H
    let classifier: Linear

    /// What the head computes.
    struct Trace {
        /// B × H, after tanh
        let pooled: Matrix
        /// B × H, after dropout
        let dropped: Matrix
        /// B × C
        let logits: Matrix
        /// Gradients of the logits and of the pooled rows
        let logitGradient: Matrix
        let pooledGradient: Matrix

        init(_ arena: inout Arena, _ size: PassSize, _ model: ModelShape) {
            pooled = arena.matrix(size.examples, model.hidden)
            dropped = arena.matrix(size.examples, model.hidden)
            logits = arena.matrix(size.examples, model.labels)
            logitGradient = arena.matrix(size.examples, model.labels)
            pooledGradient = arena.matrix(size.examples, model.hidden)
        }
    }

    /// x: B × H; computes `trace.logits`.
    func forward(
        _ x: Matrix, trace: Trace, batch: PackedBatch, pass: Pass, scratch: AdapterScratch?
    ) {
        pooler.forward(
            x, into: trace.pooled, addsBias: false, pass: pass, keys: batch.firstKeys,
            scratch: scratch)
        pass.workers.biasTanh(trace.pooled, bias: pooler.bias)
        var input = trace.pooled
        if let dropout = pass.dropout(pass.classifierDropout, keys: batch.firstKeys) {
            input = trace.dropped
            pass.workers.dropout(trace.pooled, into: input, dropout, site: Site.classifier)
        }
        classifier.forward(
            input, into: trace.logits, addsBias: true, pass: pass, keys: batch.firstKeys,
            scratch: scratch)
    }

    /// Adds the gradients from `trace.logitGradient`; that of x is written to `dx`.
    func backward(
        x: Matrix, trace: Trace, into dx: Matrix?, batch: PackedBatch, pass: Pass,
        scratch: AdapterScratch?
    ) {
        let dropout = pass.dropout(pass.classifierDropout, keys: batch.firstKeys)
        let isNeeded = dx != nil || pooler.isTrained
        classifier.backward(
            output: trace.logitGradient, x: dropout == nil ? trace.pooled : trace.dropped,
            into: isNeeded ? trace.pooledGradient : nil, pass: pass, keys: batch.firstKeys,
            scratch: scratch)
        guard isNeeded else { return }
        let gradient = trace.pooledGradient
        if let dropout {
            pass.workers.dropout(gradient, into: gradient, dropout, site: Site.classifier)
        }
        pass.workers.tanhBackward(
            gradient.floats.slice(0, gradient.rows * gradient.columns),
            output: trace.pooled.floats.slice(0, gradient.rows * gradient.columns))
        pooler.backward(
            output: gradient, x: x, into: dx, pass: pass, keys: batch.firstKeys, scratch: scratch)
    }
}
