import Kernels

extension EncoderNetwork {
    func floatCount(_ size: PassSize, isTraining: Bool, adapterDropsOut: Bool) -> Int {
        layout.floatCount(size, isTraining: isTraining, adapterDropsOut: adapterDropsOut)
    }

    func learn(
        _ batch: PackedBatch, objective: Objective, normalizer: Double, pass: Pass,
        storage: FloatStorage, cache: PrefixCache?
    ) -> Double {
        guard case .classes(let loss) = objective else {
            preconditionFailure("an encoder learns classes")
        }
        var arena = Arena(over: storage)
        let buffers = TrainingBuffers(
            &arena, PassSize(batch), layout, adapterDropsOut: pass.adapterDropout > 0)
        forward(batch: batch, buffers: buffers, cache: cache, pass: pass)
        let value = loss.forward(
            buffers.head.logits, labels: batch.targets, normalizer: normalizer,
            gradient: buffers.head.logitGradient)
        backward(batch: batch, buffers: buffers, pass: pass)
        return value
    }

    func features(
        _ batch: PackedBatch, storage: FloatStorage, _ body: (Matrix) -> Void
    ) {
        var arena = Arena(over: storage)
        let buffers = FrozenBuffers(&arena, PassSize(batch), layout, selects: false)
        body(forwardFrozen(shape.layers, batch: batch, buffers: buffers))
    }

    func logits(
        _ batch: PackedBatch, storage: FloatStorage,
        _ body: (_ targets: Range<Int>, _ logits: Matrix) -> Void
    ) {
        var arena = Arena(over: storage)
        let buffers = FrozenBuffers(
            &arena, PassSize(batch), layout, selects: shape.selectsFirst)
        let trace = ClassificationHead.Trace(&arena, rows: batch.targets.count, shape)
        let output = forwardFrozen(shape.layers, batch: batch, buffers: buffers)
        head.forward(output, trace: trace, batch: batch, pass: plainPass, scratch: nil)
        body(0..<batch.targets.count, trace.logits)
    }

    /// Runs the embeddings and the first `count` layers without dropout.
    ///
    /// - Returns: T × H; or the first tokens' rows, B × H, if `count` is all layers and the head
    ///   reads no others.
    func forwardFrozen(_ count: Int, batch: PackedBatch, buffers: FrozenBuffers) -> Matrix {
        let pass = plainPass
        embeddings.forward(batch, into: buffers.embedded, trace: nil, pass: pass)
        var x = buffers.embedded
        for layer in layers[..<count] {
            let isLast = layer.index == shape.layers - 1
            let trace =
                isLast ? buffers.last : layer.index % 2 == 0 ? buffers.even : buffers.odd
            layer.forward(x, trace: trace, scratch: buffers.scratch, batch: batch, pass: pass)
            x = trace.output
        }
        return x
    }

    /// The input of the lowest trained layer, or of the head: from the cache, or made and cached.
    private func frozenPrefix(
        batch: PackedBatch, buffers: TrainingBuffers, cache: PrefixCache?
    ) {
        let lowest = lowestTrainedLayer
        let target = lowest == shape.layers ? buffers.headInput : buffers.input
        if let cache, cache.load(batch, into: target) { return }
        guard let frozen = buffers.frozen else { preconditionFailure("no frozen layers") }
        let output = forwardFrozen(lowest, batch: batch, buffers: frozen)
        target.floats.copy(from: output.floats)
        cache?.store(batch, from: target)
    }

    /// Runs the model forward, with dropout if `pass` trains, and keeps what backward needs.
    private func forward(
        batch: PackedBatch, buffers: TrainingBuffers, cache: PrefixCache?, pass: Pass
    ) {
        if lowestTrainedLayer > 0 {
            frozenPrefix(batch: batch, buffers: buffers, cache: cache)
        } else {
            embeddings.forward(
                batch, into: buffers.input, trace: buffers.embeddingTrace, pass: pass)
        }
        var x = buffers.input
        for (layer, trace) in zip(layers[lowestTrainedLayer...], buffers.traces) {
            layer.forward(x, trace: trace, scratch: buffers.scratch, batch: batch, pass: pass)
            x = trace.output
        }
        head.forward(
            buffers.traces.last?.output ?? buffers.headInput, trace: buffers.head, batch: batch,
            pass: pass, scratch: buffers.scratch.adapter)
    }

    /// Adds the gradients of all trained weights, from `buffers.head.logitGradient`.
    private func backward(batch: PackedBatch, buffers: TrainingBuffers, pass: Pass) {
        let hasLayers = !buffers.traces.isEmpty
        head.backward(
            x: buffers.traces.last?.output ?? buffers.headInput, trace: buffers.head,
            into: hasLayers ? buffers.gradient : nil, batch: batch, pass: pass,
            scratch: buffers.scratch.adapter)
        guard hasLayers else { return }
        var gradient = buffers.gradient
        for offset in buffers.traces.indices.reversed() {
            let layer = layers[lowestTrainedLayer + offset]
            let next = layer.backward(
                gradient, x: offset == 0 ? buffers.input : buffers.traces[offset - 1].output,
                trace: buffers.traces[offset], scratch: buffers.scratch, batch: batch, pass: pass,
                needsInput: offset > 0 || embeddings.isTrained)
            guard let next else { return }
            gradient = next
        }
        if let trace = buffers.embeddingTrace {
            embeddings.backward(gradient, batch: batch, trace: trace, pass: pass)
        }
    }
}
