import Kernels
import ModelFiles
import Synchronization

/// A Llama- or GPT-2-type decoder: weights, and the layers that read them.
final class DecoderNetwork {
    let shape: DecoderShape
    let config: DecoderConfig
    let store: ParameterStore
    let embedding: TokenEmbedding
    let layers: [DecoderLayer]
    let head: LanguageHead
    let workers: WorkerPool
    let layout: DecoderLayout
    private var rotaryTable: RotaryTable?

    init(
        _ config: DecoderConfig, plan: TuningPlan, quantized: [String: QuantizedMatrix],
        workers: WorkerPool
    ) {
        let names = DecoderNames(family: config.family)
        let declarations = Self.declarations(
            config, plan: plan, quantizesWords: quantized[names.words] != nil)
        let store = ParameterStore(declarations, quantized: quantized)
        let shape = DecoderShape(config, plan: plan)
        self.config = config
        self.shape = shape
        self.store = store
        self.workers = workers
        embedding = TokenEmbedding(
            store, names: names, shape: shape,
            paddingID: config.family == .gpt2 ? nil : config.padID)
        layers = (0..<shape.layers).map { index in
            DecoderLayer(store, names.layer(index), index: index, shape: shape, plan: plan)
        }
        let norm = DecoderNorm(store, names.norm, shape: shape)
        if config.tiesEmbeddings {
            let weight: LinearWeight, gradient: Matrix?
            switch embedding.words {
            case .dense(let table, let tableGradient):
                (weight, gradient) = (.dense(effective: table, base: table), tableGradient)
            case .quantized(let matrix):
                (weight, gradient) = (.quantized([.init(firstOutput: 0, matrix: matrix)]), nil)
            }
            head = LanguageHead(
                norm: norm, weight: weight, weightGradient: gradient,
                vocabulary: shape.vocabulary, hidden: shape.hidden)
        } else {
            let linear = store.linear([names.head], scale: 0, site: 0)
            head = LanguageHead(
                norm: norm, weight: linear.weight, weightGradient: linear.weightGradient,
                vocabulary: shape.vocabulary, hidden: shape.hidden)
        }
        layout = DecoderLayout(
            shape: shape, trained: TrainedPart(declarations, plan: plan, layers: shape.layers),
            threads: workers.threadCount)
    }

    /// The rotary table for positions below `count`; nil for a model with learned positions.
    func rotary(_ count: Int) -> RotaryTable? {
        guard shape.isLlama else { return nil }
        if let rotaryTable, rotaryTable.positions >= count { return rotaryTable }
        let scaling = config.rotaryScaling
        let table = RotaryTable(
            positions: max(256, count), width: shape.headWidth, base: config.rotaryBase,
            frequencies: scaling.map { scaling in { scaling.scaled($0) } })
        rotaryTable = table
        return table
    }

    func rotary(_ batch: PackedBatch) -> RotaryTable? {
        rotary(Int(batch.positions.max() ?? 0) + 1)
    }
}

extension DecoderNetwork: Network {
    /// The first layer that training changes, or whose input it changes.
    var lowestTrainedLayer: Int { layout.trained.lowestLayer }

    var linears: [Linear] { layers.flatMap(\.linears) }

    var reading: PackedBatch.Reading { .nextTokens }

    var positionOffset: Int { 0 }

    var cachedPrefix: CachedPrefix? { layout.cachedPrefix }
}
