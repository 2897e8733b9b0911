import Kernels

extension Model {
    /// Runs the embeddings and the first `count` layers without dropout.
    ///
    /// - Returns: T × H, or the first tokens' rows, B × H, if `count` is all layers.
    func forwardFrozen(_ count: Int, batch: PackedBatch, buffers: FrozenBuffers) -> Matrix {
        let pass = Pass(
            workers: workers, isTraining: false, hiddenDropout: 0, attentionDropout: 0,
            adapterDropout: 0, classifierDropout: 0)
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
        let target = lowest == shape.layers ? buffers.firstRows : buffers.input
        if let cache, cache.load(batch, into: target) { return }
        guard let frozen = buffers.frozen else { preconditionFailure("no frozen layers") }
        let output = forwardFrozen(lowest, batch: batch, buffers: frozen)
        target.floats.copy(from: output.floats)
        cache?.store(batch, from: target)
    }

    /// Runs the model forward, with dropout if `pass` trains, and keeps what backward needs.
    func forward(
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
            buffers.traces.last?.output ?? buffers.firstRows, trace: buffers.head, batch: batch,
            pass: pass, scratch: buffers.scratch.adapter)
    }

    /// Adds the gradients of all trained weights, from `buffers.head.logitGradient`.
    func backward(batch: PackedBatch, buffers: TrainingBuffers, pass: Pass) {
        let hasLayers = !buffers.traces.isEmpty
        head.backward(
            x: buffers.traces.last?.output ?? buffers.firstRows, trace: buffers.head,
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
