import Kernels
import ModelFiles

/// A BERT-type encoder with a head: weights, and the layers that read them.
final class EncoderNetwork {
    let shape: ModelShape
    let store: ParameterStore
    let embeddings: Embeddings
    let layers: [EncoderLayer]
    let head: ClassificationHead
    let workers: WorkerPool
    let layout: EncoderLayout

    init(
        _ config: EncoderConfig, task: ModelTask, plan: TuningPlan,
        quantized: [String: QuantizedMatrix], workers: WorkerPool
    ) {
        let names = EncoderNames(family: config.family)
        let declarations = Self.declarations(config, task: task, plan: plan)
        let store = ParameterStore(declarations, quantized: quantized)
        let shape = ModelShape(config, task: task, plan: plan)
        let activation = plan.bottleneck?.activation ?? .relu
        self.shape = shape
        self.store = store
        self.workers = workers
        embeddings = Embeddings(store, names: names, shape: shape)
        layers = (0..<shape.layers).map { index in
            let layer = names.layer(index)
            let linear = { (modules: [String], first: Int) in
                store.linear(modules, scale: plan.scale, site: Site.adapter(index, first))
            }
            return EncoderLayer(
                index: index, shape: shape,
                projections: linear([layer.query, layer.key, layer.value], 0),
                attentionOutput: linear([layer.attentionOutput], 3),
                attentionAdapter: store.bottleneck(
                    after: layer.attentionOutput, activation: activation),
                attentionNorm: Normalization(store, layer.attentionNorm, epsilon: shape.epsilon),
                intermediate: linear([layer.intermediate], 4),
                output: linear([layer.output], 5),
                outputAdapter: store.bottleneck(after: layer.output, activation: activation),
                outputNorm: Normalization(store, layer.outputNorm, epsilon: shape.epsilon))
        }
        var pooler: Linear?
        if shape.selectsFirst {
            pooler = store.linear([names.pooler], scale: plan.scale, site: Site.poolerAdapter)
        }
        head = ClassificationHead(
            pooler: pooler, activation: config.family == .distilbert ? .relu : .tanh,
            classifier: store.linear(
                [shape.selectsFirst ? names.sequenceClassifier : "classifier"], scale: 0, site: 0))
        layout = EncoderLayout(
            shape: shape, trained: TrainedPart(declarations, plan: plan, layers: shape.layers),
            threads: workers.threadCount)
    }
}

extension EncoderNetwork: Network {
    /// The first layer that training changes, or whose input it changes; the layer count if only
    /// the head is trained.
    var lowestTrainedLayer: Int { layout.trained.lowestLayer }

    var linears: [Linear] { layers.flatMap(\.linears) + head.linears }

    var reading: PackedBatch.Reading { shape.selectsFirst ? .firstTokens : .tokens }

    var positionOffset: Int { shape.positionOffset }

    var cachedPrefix: CachedPrefix? { layout.cachedPrefix }
}
