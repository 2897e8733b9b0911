import Kernels

extension DecoderLayer {
    /// Adds the gradients of the layer's trained weights and turns the gradient of y (T × H) into
    /// that of x, in place. `trace.wide` is overwritten.
    ///
    /// - Parameter needsInput: whether anybody below reads the gradient of x; if not, it is left
    ///   half made.
    func backward(
        _ gradient: Matrix, trace: DecoderTrace, scratch: DecoderScratch, batch: PackedBatch,
        rotary: RotaryTable?, pass: Pass, needsInput: Bool
    ) {
        let workers = pass.workers, keys = batch.tokenKeys, adapter = scratch.adapter

        // Through the feed-forward part; `gradient` carries the residual.
        let activation = scratch.activationGradient
        if shape.isLlama, output.isTrained { workers.swiGLU(trace.wide, into: scratch.activation) }
        output.backward(
            output: opened(gradient, outputAdapter, trace.outputAdapter, scratch, pass),
            x: shape.isLlama ? scratch.activation : trace.wide, into: activation, pass: pass,
            keys: keys, scratch: adapter)
        if let slope = trace.slope {
            let count = activation.rows * activation.columns
            workers.multiply(activation.floats.slice(0, count), by: slope.floats.slice(0, count))
        } else {
            workers.swiGLUBackward(output: activation, gateUp: trace.wide, into: trace.wide)
        }
        if wide.isTrained {
            middleNorm.forward(
                trace.middle, into: scratch.normed, trace: trace.middleNorm, workers: workers)
        }
        wide.backward(
            output: trace.slope == nil ? trace.wide : activation, x: scratch.normed,
            into: scratch.branch, pass: pass, keys: keys, scratch: adapter)
        middleNorm.backward(
            scratch.branch, x: trace.middle, trace: trace.middleNorm, addingTo: gradient,
            workers: workers)

        // Through attention's output
        let needsProjections = needsInput || projections.isTrained || inputNorm.isTrained
        let dense = opened(gradient, attentionAdapter, trace.attentionAdapter, scratch, pass)
        guard needsProjections || attentionOutput.isTrained else { return }
        attentionOutput.backward(
            output: dense, x: trace.context,
            into: needsProjections ? scratch.contextGradient : nil, pass: pass, keys: keys,
            scratch: adapter)
        guard needsProjections else { return }

        // Through attention and the turns
        let gradients = operands(scratch.projectionGradient)
        workers.attentionBackward(
            operands(trace.projections),
            shape: batch.shape(heads: shape.heads, keyHeads: shape.keyHeads, isCausal: true),
            output: scratch.contextGradient, logSums: trace.logSums, into: gradients,
            dropout: pass.dropout(pass.attentionDropout, keys: keys), site: Site.attention(index),
            scratch: scratch.scores)
        rotate(
            gradients, positions: batch.positions, table: rotary, inverse: true, workers: workers)

        // Through the projections and the norm
        if projections.isTrained {
            inputNorm.forward(
                trace.input, into: scratch.normed, trace: trace.inputNorm, workers: workers)
        }
        let continues = needsInput || inputNorm.isTrained
        projections.backward(
            output: scratch.projectionGradient, x: scratch.normed,
            into: continues ? scratch.branch : nil, pass: pass, keys: keys, scratch: adapter)
        guard continues else { return }
        inputNorm.backward(
            scratch.branch, x: trace.input, trace: trace.inputNorm, addingTo: gradient,
            workers: workers)
    }

    /// The gradient behind a bottleneck adapter: a copy, or the gradient itself without.
    private func opened(
        _ gradient: Matrix, _ adapter: Bottleneck?, _ trace: Bottleneck.Trace?,
        _ scratch: DecoderScratch, _ pass: Pass
    ) -> Matrix {
        guard let adapter, let trace else { return gradient }
        let count = gradient.rows * gradient.columns
        scratch.opened.floats.slice(0, count).copy(from: gradient.floats.slice(0, count))
        adapter.backward(scratch.opened, trace: trace, scratch: scratch.bottleneck, pass: pass)
        return scratch.opened
    }
}
