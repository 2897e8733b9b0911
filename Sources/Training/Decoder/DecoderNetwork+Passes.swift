import Kernels

/// What decides how large a decoder's buffers are; known before it has weights.
struct DecoderLayout {
    let shape: DecoderShape
    let trained: TrainedPart
    let threads: Int

    /// The frozen part whose outputs can be kept for all epochs; nil if there is none.
    var cachedPrefix: CachedPrefix? {
        let layers = trained.lowestLayer
        guard layers > 0, layers < shape.layers else { return nil }
        return CachedPrefix(layers: layers, width: shape.hidden, firstOnly: false)
    }

    /// Floats of working memory that passes up to `size` need.
    func floatCount(_ size: PassSize, isTraining: Bool, adapterDropsOut: Bool) -> Int {
        Arena.measure { arena in
            if isTraining {
                _ = DecoderTrainingBuffers(&arena, size, self, adapterDropsOut: adapterDropsOut)
            } else {
                _ = DecoderFrozenBuffers(&arena, size, self)
                _ = LanguageHead.Trace(&arena, rows: size.targets, shape, backward: false)
            }
        }
    }
}

/// Room for decoder layers that are only run forward: one trace, and an output by turns.
struct DecoderFrozenBuffers {
    let even: DecoderTrace
    let odd: DecoderTrace
    let scratch: DecoderScratch

    init(_ arena: inout Arena, _ size: PassSize, _ model: DecoderLayout) {
        even = DecoderTrace(&arena, tokens: size.tokens, model.shape)
        odd = even.sharing(input: arena.matrix(size.tokens, model.shape.hidden))
        scratch = DecoderScratch(
            &arena, size, model.shape, threads: model.threads,
            rank: model.trained.adapterRank, adapterDropsOut: false, hasMagnitudes: false,
            backward: false)
    }
}

/// Room for a pass that ends in gradients.
struct DecoderTrainingBuffers {
    let frozen: DecoderFrozenBuffers?
    /// The trained layers, from the lowest on
    let traces: [DecoderTrace]
    /// T × H, the last layer's output; then the gradient
    let output: Matrix
    let head: LanguageHead.Trace
    let scratch: DecoderScratch

    init(_ arena: inout Arena, _ size: PassSize, _ model: DecoderLayout, adapterDropsOut: Bool) {
        let shape = model.shape, trained = model.trained, lowest = trained.lowestLayer
        frozen = lowest > 0 ? DecoderFrozenBuffers(&arena, size, model) : nil
        var traces: [DecoderTrace] = []
        for _ in lowest..<shape.layers {
            traces.append(DecoderTrace(&arena, tokens: size.tokens, shape))
        }
        self.traces = traces
        output = arena.matrix(size.tokens, shape.hidden)
        head = LanguageHead.Trace(&arena, rows: size.targets, shape, backward: true)
        scratch = DecoderScratch(
            &arena, size, shape, threads: model.threads, rank: trained.adapterRank,
            adapterDropsOut: adapterDropsOut, hasMagnitudes: trained.hasMagnitudes,
            backward: true)
    }
}

extension DecoderNetwork {
    func floatCount(_ size: PassSize, isTraining: Bool, adapterDropsOut: Bool) -> Int {
        layout.floatCount(size, isTraining: isTraining, adapterDropsOut: adapterDropsOut)
    }

    func features(
        _ batch: PackedBatch, storage: FloatStorage, _ body: (Matrix) -> Void
    ) {
        var arena = Arena(over: storage)
        let buffers = DecoderFrozenBuffers(&arena, PassSize(batch), layout)
        let output = forwardFrozen(shape.layers, batch: batch, buffers: buffers)
        body(output)
    }

    func logits(
        _ batch: PackedBatch, storage: FloatStorage,
        _ body: (_ targets: Range<Int>, _ logits: Matrix) -> Void
    ) {
        var arena = Arena(over: storage)
        let buffers = DecoderFrozenBuffers(&arena, PassSize(batch), layout)
        let trace = LanguageHead.Trace(
            &arena, rows: batch.targets.count, shape, backward: false)
        let output = forwardFrozen(shape.layers, batch: batch, buffers: buffers)
        head.gather(output, rows: batch.targetRows, trace: trace, workers: workers)
        head.logits(trace: trace, workers: workers, body)
    }

    func learn(
        _ batch: PackedBatch, objective: Objective, normalizer: Double, pass: Pass,
        storage: FloatStorage, cache: PrefixCache?
    ) -> Double {
        var arena = Arena(over: storage)
        let buffers = DecoderTrainingBuffers(
            &arena, PassSize(batch), layout, adapterDropsOut: pass.adapterDropout > 0)
        let table = rotary(batch)
        forward(batch, buffers: buffers, cache: cache, rotary: table, pass: pass)
        head.gather(buffers.output, rows: batch.targetRows, trace: buffers.head, workers: workers)
        let value = headGradients(
            batch, objective: objective, normalizer: normalizer, trace: buffers.head)
        guard !buffers.traces.isEmpty || embedding.isTrained || head.norm.isTrained else {
            return value
        }
        let gradient = buffers.output
        head.scatter(batch.targetRows, trace: buffers.head, into: gradient, workers: workers)
        for offset in buffers.traces.indices.reversed() {
            layers[lowestTrainedLayer + offset].backward(
                gradient, trace: buffers.traces[offset], scratch: buffers.scratch, batch: batch,
                rotary: table, pass: pass, needsInput: offset > 0 || embedding.isTrained)
        }
        if embedding.isTrained { embedding.backward(gradient, batch: batch, workers) }
        return value
    }

    private func forward(
        _ batch: PackedBatch, buffers: DecoderTrainingBuffers, cache: PrefixCache?,
        rotary: RotaryTable?, pass: Pass
    ) {
        let first = buffers.traces.first?.input ?? buffers.output
        if let frozen = buffers.frozen {
            if cache?.load(batch, into: first) != true {
                let output = forwardFrozen(lowestTrainedLayer, batch: batch, buffers: frozen)
                first.floats.copy(from: output.floats)
                cache?.store(batch, from: first)
            }
        } else {
            embedding.forward(
                ids: batch.ids, positions: batch.positions, into: first, workers)
        }
        for (offset, trace) in buffers.traces.enumerated() {
            let next = offset + 1
            layers[lowestTrainedLayer + offset].forward(
                into: next < buffers.traces.count ? buffers.traces[next].input : buffers.output,
                trace: trace, scratch: buffers.scratch, places: layers[0].places(batch),
                rotary: rotary, pass: pass)
        }
    }

    /// Runs the embeddings and the first `count` layers without dropout; T × H.
    private func forwardFrozen(
        _ count: Int, batch: PackedBatch, buffers: DecoderFrozenBuffers
    ) -> Matrix {
        let table = rotary(batch), pass = plainPass
        embedding.forward(
            ids: batch.ids, positions: batch.positions, into: buffers.even.input, workers)
        var (from, to) = (buffers.even, buffers.odd)
        for layer in layers[..<count] {
            layer.forward(
                into: to.input, trace: from, scratch: buffers.scratch,
                places: layer.places(batch), rotary: table, pass: pass)
            swap(&from, &to)
        }
        return from.input
    }
}

extension DecoderTrace {
    /// The same room with another input.
    func sharing(input: Matrix) -> DecoderTrace {
        var copy = self
        copy.input = input
        return copy
    }
}
