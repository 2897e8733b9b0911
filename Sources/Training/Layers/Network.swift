import Kernels

/// What the training loop needs of a network with a head.
protocol Network: AnyObject {
    var store: ParameterStore { get }
    var workers: WorkerPool { get }
    /// All linear layers.
    var linears: [Linear] { get }
    /// Which tokens of a batch have a target.
    var reading: PackedBatch.Reading { get }
    /// Position of a sequence's first token.
    var positionOffset: Int { get }
    /// The frozen part whose outputs can be kept for all epochs; nil if there is none.
    var cachedPrefix: CachedPrefix? { get }

    /// Floats of working memory that passes up to `size` need.
    func floatCount(_ size: PassSize, isTraining: Bool, adapterDropsOut: Bool) -> Int

    /// Runs a batch forward and backward: adds the gradients of the loss to the store's.
    ///
    /// - Returns: Σ of the losses divided by `normalizer`.
    func learn(
        _ batch: PackedBatch, objective: Objective, normalizer: Double, pass: Pass,
        storage: FloatStorage, cache: PrefixCache?
    ) -> Double

    /// Runs a batch forward and hands over the last layer's output for every token, T × H (of a
    /// decoder: before the last norm).
    func features(_ batch: PackedBatch, storage: FloatStorage, _ body: (Matrix) -> Void)

    /// Runs a batch forward and hands over the logits of its target rows, some at a time.
    ///
    /// - Parameter body: gets a range of the batch's targets and as many rows of logits, which it
    ///   may write over.
    func logits(
        _ batch: PackedBatch, storage: FloatStorage,
        _ body: (_ targets: Range<Int>, _ logits: Matrix) -> Void)
}

/// Which outputs of a network do not change while it is trained.
struct CachedPrefix {
    /// Layers in it.
    let layers: Int
    /// H
    let width: Int
    /// Whether only the row of each sequence's first token is read.
    let firstOnly: Bool
}

extension Network {
    /// Makes the merged weights of the layers with adapters again, after A, B, m or W has changed.
    func merge(all: Bool = false) {
        for linear in linears { linear.merge(all: all, workers) }
    }

    /// An empty batch of this network's kind.
    func newBatch() -> PackedBatch { PackedBatch(reading, positionOffset: positionOffset) }

    /// A pass without dropout.
    var plainPass: Pass {
        Pass(
            workers: workers, isTraining: false, hiddenDropout: 0, attentionDropout: 0,
            adapterDropout: 0, classifierDropout: 0)
    }
}
