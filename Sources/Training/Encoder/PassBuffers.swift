import Kernels

/// What decides how large an encoder's buffers are; known before it has weights.
struct EncoderLayout {
    let shape: ModelShape
    let trained: TrainedPart
    let threads: Int

    /// The frozen part whose outputs can be kept for all epochs; nil if there is none.
    var cachedPrefix: CachedPrefix? {
        let layers = trained.lowestLayer
        guard layers > 0 else { return nil }
        return CachedPrefix(
            layers: layers, width: shape.hidden,
            firstOnly: shape.selectsFirst && layers == shape.layers)
    }

    /// Floats of working memory that passes up to `size` need.
    func floatCount(_ size: PassSize, isTraining: Bool, adapterDropsOut: Bool) -> Int {
        Arena.measure { arena in
            if isTraining {
                _ = TrainingBuffers(&arena, size, self, adapterDropsOut: adapterDropsOut)
            } else {
                _ = FrozenBuffers(&arena, size, self, selects: false)
                _ = ClassificationHead.Trace(&arena, rows: size.targets, shape)
            }
        }
    }
}

/// Room for layers that are only run forward: two outputs by turns, everything else shared.
struct FrozenBuffers {
    /// T × H, after the embeddings
    let embedded: Matrix
    let even: LayerTrace
    let odd: LayerTrace
    /// The last layer, which may be for the first tokens only
    let last: LayerTrace
    let scratch: LayerScratch

    /// - Parameter selects: whether the last layer is for the first tokens only.
    init(
        _ arena: inout Arena, _ size: PassSize, _ model: EncoderLayout, selects: Bool
    ) {
        embedded = arena.matrix(size.tokens, model.shape.hidden)
        let trace = LayerTrace(&arena, size, model.shape, selects: false, traces: false)
        even = trace
        var other = trace
        other.output = arena.matrix(size.tokens, model.shape.hidden)
        odd = other
        last = LayerTrace(&arena, size, model.shape, selects: selects, traces: false)
        scratch = LayerScratch(
            &arena, size, model.shape, threads: model.threads, rank: model.trained.adapterRank,
            adapterDropsOut: false, hasMagnitudes: false, backward: false)
    }
}

/// Room for a pass that ends in gradients.
struct TrainingBuffers {
    let frozen: FrozenBuffers?
    /// T × H, the input of the first trained layer
    let input: Matrix
    let embeddingTrace: NormalizationTrace?
    /// The trained layers, from the lowest on
    let traces: [LayerTrace]
    /// The input of the head where no layer is trained: B × H, or T × H if it reads tokens
    let headInput: Matrix
    let head: ClassificationHead.Trace
    /// Of the encoder's output
    let gradient: Matrix
    let scratch: LayerScratch

    init(_ arena: inout Arena, _ size: PassSize, _ model: EncoderLayout, adapterDropsOut: Bool) {
        let shape = model.shape, trained = model.trained, lowest = trained.lowestLayer
        let hasLayers = lowest < shape.layers
        frozen = lowest > 0 ? FrozenBuffers(&arena, size, model, selects: shape.selectsFirst) : nil
        input = arena.matrix(hasLayers ? size.tokens : 0, shape.hidden)
        embeddingTrace =
            trained.trainsEmbeddings
            ? NormalizationTrace(
                normalized: arena.matrix(size.tokens, shape.hidden),
                inverseDeviation: arena.floats(size.tokens)) : nil
        var traces: [LayerTrace] = []
        for index in lowest..<max(lowest, shape.layers) {
            traces.append(
                LayerTrace(
                    &arena, size, shape,
                    selects: shape.selectsFirst && index == shape.layers - 1, traces: true))
        }
        self.traces = traces
        let rows = shape.selectsFirst ? size.sequences : size.tokens
        headInput = arena.matrix(hasLayers ? 0 : rows, shape.hidden)
        head = ClassificationHead.Trace(&arena, rows: size.targets, shape)
        gradient = arena.matrix(hasLayers ? rows : 0, shape.hidden)
        scratch = LayerScratch(
            &arena, size, shape, threads: model.threads, rank: trained.adapterRank,
            adapterDropsOut: adapterDropsOut, hasMagnitudes: trained.hasMagnitudes,
            backward: hasLayers)
    }
}
