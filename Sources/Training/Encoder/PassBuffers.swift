import Kernels

/// Room for layers that are only run forward: two outputs by turns, everything else shared.
struct FrozenBuffers {
    /// T × H, after the embeddings
    let embedded: Matrix
    let even: LayerTrace
    let odd: LayerTrace
    /// The last layer, for the first tokens only
    let last: LayerTrace
    let scratch: LayerScratch

    init(_ arena: inout Arena, _ size: PassSize, _ model: Model) {
        embedded = arena.matrix(size.tokens, model.shape.hidden)
        let trace = LayerTrace(&arena, size, model.shape, selects: false, traces: false)
        even = trace
        var other = trace
        other.output = arena.matrix(size.tokens, model.shape.hidden)
        odd = other
        last = LayerTrace(&arena, size, model.shape, selects: true, traces: false)
        scratch = LayerScratch(
            &arena, size, model.shape, threads: model.workers.threadCount, rank: 0,
            adapterDropsOut: false, backward: false)
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
    /// B × H, the input of the head where no layer is trained
    let firstRows: Matrix
    let head: ClassificationHead.Trace
    /// B × H
    let gradient: Matrix
    let scratch: LayerScratch

    init(_ arena: inout Arena, _ size: PassSize, _ model: Model, adapterDropsOut: Bool) {
        let shape = model.shape, lowest = model.lowestTrainedLayer
        let hasLayers = lowest < shape.layers
        frozen = lowest > 0 ? FrozenBuffers(&arena, size, model) : nil
        input = arena.matrix(hasLayers ? size.tokens : 0, shape.hidden)
        embeddingTrace =
            model.embeddings.isTrained
            ? NormalizationTrace(
                normalized: arena.matrix(size.tokens, shape.hidden),
                inverseDeviation: arena.floats(size.tokens)) : nil
        var traces: [LayerTrace] = []
        for index in lowest..<max(lowest, shape.layers) {
            traces.append(
                LayerTrace(
                    &arena, size, shape, selects: index == shape.layers - 1, traces: true))
        }
        self.traces = traces
        firstRows = arena.matrix(size.examples, shape.hidden)
        head = ClassificationHead.Trace(&arena, size, shape)
        gradient = arena.matrix(size.examples, shape.hidden)
        scratch = LayerScratch(
            &arena, size, shape, threads: model.workers.threadCount, rank: model.adapterRank,
            adapterDropsOut: adapterDropsOut, backward: hasLayers)
    }
}
