import Kernels

extension DecoderLayer {
    /// Where the tokens of a pass stand, and what they see.
    struct Places {
        let positions: [Int32]
        let shape: AttentionShape
        /// Dropout keys of the tokens
        let keys: [UInt32]
        /// Keys and values of the tokens before, which those of this pass are added to
        var cache: KeyValueCache?
    }

    /// The places of packed examples, each of which sees itself alone.
    func places(_ batch: PackedBatch) -> Places {
        Places(
            positions: batch.positions,
            shape: batch.shape(heads: shape.heads, keyHeads: shape.keyHeads, isCausal: true),
            keys: batch.tokenKeys)
    }

    /// Computes y (T × H) from `trace.input`; they are not the same memory.
    func forward(
        into y: Matrix, trace: DecoderTrace, scratch: DecoderScratch, places: Places,
        rotary: RotaryTable?, pass: Pass
    ) {
        let workers = pass.workers, keys = places.keys

        // Q, K, V of norm(x): T × (heads + 2 keyHeads) · headWidth
        inputNorm.forward(
            trace.input, into: scratch.normed, trace: trace.inputNorm, workers: workers)
        projections.forward(
            scratch.normed, into: trace.projections, addsBias: true, pass: pass, keys: keys,
            scratch: scratch.adapter)
        var operands = operands(trace.projections)
        rotate(
            operands, positions: places.positions, table: rotary, inverse: false, workers: workers)
        if let cache = places.cache { operands = cache.append(operands, layer: index) }
        workers.attention(
            operands, shape: places.shape, into: trace.context,
            logSums: places.cache == nil ? trace.logSums : nil,
            dropout: pass.dropout(pass.attentionDropout, keys: keys), site: Site.attention(index),
            scratch: scratch.scores)

        // m = x + context Wₒᵀ: T × H
        add(
            attentionOutput, attentionAdapter, trace.attentionAdapter, input: trace.context,
            to: trace.input, into: trace.middle, scratch: scratch, keys: keys, pass: pass)

        // y = m + activation(norm(m) W₁ᵀ) W₂ᵀ: T × H
        middleNorm.forward(
            trace.middle, into: scratch.normed, trace: trace.middleNorm, workers: workers)
        wide.forward(
            scratch.normed, into: trace.wide, addsBias: false, pass: pass, keys: keys,
            scratch: scratch.adapter)
        add(
            output, outputAdapter, trace.outputAdapter,
            input: activate(trace, scratch: scratch, workers: workers), to: trace.middle, into: y,
            scratch: scratch, keys: keys, pass: pass)
    }

    /// SwiGLU of `trace.wide`, made anew each time; or GELU, made in its place once.
    private func activate(
        _ trace: DecoderTrace, scratch: DecoderScratch, workers: WorkerPool
    ) -> Matrix {
        guard let bias = wide.bias, let slope = trace.slope else {
            workers.swiGLU(trace.wide, into: scratch.activation)
            return scratch.activation
        }
        workers.biasGELUTanh(trace.wide, bias: bias, into: trace.wide, slope: slope)
        return trace.wide
    }

    /// sum = residual + adapter(input Wᵀ + b)
    private func add(
        _ linear: Linear, _ adapter: Bottleneck?, _ adapterTrace: Bottleneck.Trace?,
        input: Matrix, to residual: Matrix, into sum: Matrix, scratch: DecoderScratch,
        keys: [UInt32], pass: Pass
    ) {
        let count = sum.rows * sum.columns
        sum.floats.slice(0, count).copy(from: residual.floats.slice(0, count))
        guard let adapter, let adapterTrace else {
            linear.forward(
                input, into: sum, adding: true, addsBias: true, pass: pass, keys: keys,
                scratch: scratch.adapter)
            return
        }
        linear.forward(
            input, into: scratch.branch, addsBias: true, pass: pass, keys: keys,
            scratch: scratch.adapter)
        adapter.forward(scratch.branch, trace: adapterTrace, pass: pass)
        pass.workers.addRows(scratch.branch, to: sum)
    }
}
