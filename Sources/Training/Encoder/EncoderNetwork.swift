import Kernels
import ModelFiles
import Records

/// The network: weights, and the layers that read them.
final class Model {
    let shape: ModelShape
    let store: ParameterStore
    let embeddings: Embeddings
    let layers: [EncoderLayer]
    let head: ClassificationHead
    let workers: WorkerPool
    /// The first layer that training changes, or whose input it changes; the layer count if only
    /// the head is trained.
    let lowestTrainedLayer: Int
    /// Largest rank of an adapter; 0 without.
    let adapterRank: Int

    init(
        shape: ModelShape, declarations: [ParameterStore.Declaration], adapterScale: Float,
        workers: WorkerPool
    ) {
        let store = ParameterStore(declarations)
        self.shape = shape
        self.store = store
        self.workers = workers
        let embeddings = Embeddings(store, shape: shape)
        self.embeddings = embeddings
        let layers = (0..<shape.layers).map { index in
            let name = "bert.encoder.layer.\(index)"
            let linear = { (modules: [String], first: Int) in
                Self.linear(
                    store, modules.map { "\(name).\($0)" }, scale: adapterScale,
                    site: Site.adapter(index, first))
            }
            let norm = { (module: String) in
                Normalization(store, "\(name).\(module).LayerNorm", epsilon: shape.epsilon)
            }
            return EncoderLayer(
                index: index, shape: shape,
                projections: linear(
                    ["attention.self.query", "attention.self.key", "attention.self.value"], 0),
                attentionOutput: linear(["attention.output.dense"], 3),
                attentionNorm: norm("attention.output"),
                intermediate: linear(["intermediate.dense"], 4),
                output: linear(["output.dense"], 5), outputNorm: norm("output"))
        }
        self.layers = layers
        head = ClassificationHead(
            pooler: Self.linear(
                store, ["bert.pooler.dense"], scale: adapterScale, site: Site.poolerAdapter),
            classifier: Self.linear(store, ["classifier"], scale: 0, site: 0))
        lowestTrainedLayer =
            embeddings.isTrained
            ? 0 : layers.firstIndex { $0.linears.contains(where: \.isTrained) } ?? shape.layers
        adapterRank =
            (layers.flatMap(\.linears) + [head.pooler]).flatMap(\.adapters).map(\.rank).max() ?? 0
    }

    /// The linear layer of neighbouring modules, one under the other, with their adapters.
    private static func linear(
        _ store: ParameterStore, _ modules: [String], scale: Float, site: UInt32
    ) -> Linear {
        let weights = store.joined(modules.map { "\($0).weight" })
        let biases = store.joined(modules.map { "\($0).bias" })
        let shapes = modules.map { store["\($0).weight"].shape }
        let inputs = shapes[0][1], outputs = shapes.reduce(0) { $0 + $1[0] }
        var adapters: [LowRank] = []
        var first = 0
        for (index, module) in modules.enumerated() {
            if store.contains("\(module).lora_A.weight") {
                let down = store["\(module).lora_A.weight"], up = store["\(module).lora_B.weight"]
                let rank = down.shape[0]
                adapters.append(
                    LowRank(
                        module: module, firstOutput: first,
                        down: down.values.matrix(rank, inputs),
                        up: up.values.matrix(shapes[index][0], rank),
                        downGradient: down.gradient?.matrix(rank, inputs),
                        upGradient: up.gradient?.matrix(shapes[index][0], rank), scale: scale,
                        site: site + UInt32(index)))
            }
            first += shapes[index][0]
        }
        let base = weights.values.matrix(outputs, inputs)
        let merged =
            adapters.isEmpty
            ? base : FloatStorage(count: outputs * inputs).floats.matrix(outputs, inputs)
        return Linear(
            weight: merged, base: base, bias: biases.values,
            weightGradient: weights.gradient?.matrix(outputs, inputs),
            biasGradient: biases.gradient, adapters: adapters)
    }

    /// Makes the merged weights of the layers with adapters again, after A, B or W has changed.
    func merge(all: Bool = false) {
        for linear in layers.flatMap(\.linears) + [head.pooler] where !linear.adapters.isEmpty {
            if all { linear.weight.floats.copy(from: linear.base.floats) }
            linear.merge(workers)
        }
    }
}
