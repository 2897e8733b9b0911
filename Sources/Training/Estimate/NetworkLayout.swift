import Kernels
import ModelFiles

/// The shape of a network that is not made.
struct NetworkLayout {
    private enum Passes {
        case encoder(EncoderLayout)
        case decoder(DecoderLayout)
    }

    let declarations: [ParameterStore.Declaration]
    let cachedPrefix: CachedPrefix?
    /// Whether each sequence has one target, and not each token.
    let readsFirst: Bool
    private let passes: Passes
    private let threads: Int

    init(
        _ config: ModelConfig, task: ModelTask, plan: TuningPlan, base: any TensorSource,
        threads: Int
    ) {
        let threads = threads > 0 ? threads : WorkerPool.processorCount
        self.threads = threads
        switch config {
        case .encoder(let config):
            declarations = EncoderNetwork.declarations(config, task: task, plan: plan)
            let shape = ModelShape(config, task: task, plan: plan)
            let layout = EncoderLayout(
                shape: shape,
                trained: TrainedPart(declarations, plan: plan, layers: shape.layers),
                threads: threads)
            passes = .encoder(layout)
            cachedPrefix = layout.cachedPrefix
            readsFirst = shape.selectsFirst
        case .decoder(let config):
            declarations = DecoderNetwork.declarations(
                config, plan: plan,
                quantizesWords: DecoderNetwork.quantizesWords(config, plan: plan, base: base))
            let shape = DecoderShape(config, plan: plan)
            let layout = DecoderLayout(
                shape: shape,
                trained: TrainedPart(declarations, plan: plan, layers: shape.layers),
                threads: threads)
            passes = .decoder(layout)
            cachedPrefix = layout.cachedPrefix
            readsFirst = false
        }
    }

    /// Floats of working memory that passes up to `size` need.
    func floatCount(_ size: PassSize, isTraining: Bool, adapterDropsOut: Bool) -> Int {
        switch passes {
        case .encoder(let layout):
            layout.floatCount(size, isTraining: isTraining, adapterDropsOut: adapterDropsOut)
        case .decoder(let layout):
            layout.floatCount(size, isTraining: isTraining, adapterDropsOut: adapterDropsOut)
        }
    }

    /// A process that has loaded nothing yet, with room for packed operands and for OpenBLAS.
    var processBytes: Int { (32 + 8 * threads) << 20 }
}
