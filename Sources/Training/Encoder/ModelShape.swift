import ModelFiles

/// The sizes that every layer of an encoder shares.
struct ModelShape {
    /// H, width of a token's vector
    let hidden: Int
    /// Attention heads; H is a multiple of them
    let heads: Int
    /// F, width of the feed-forward part
    let intermediate: Int
    let layers: Int
    /// C, labels
    let labels: Int
    let epsilon: Float
    /// Whether the head reads each sequence's first token, and so the last layer makes no other.
    let selectsFirst: Bool
    /// Position of the first token.
    let positionOffset: Int
    /// r, width of the bottleneck adapters; 0 without
    let bottleneck: Int
    let bottlenecksAttention: Bool

    init(_ config: EncoderConfig, task: ModelTask, plan: TuningPlan) {
        hidden = config.hiddenSize
        heads = config.headCount
        intermediate = config.intermediateSize
        layers = config.layerCount
        labels = task.labels.count
        epsilon = Float(config.normEpsilon)
        if case .sequenceClassification = task { selectsFirst = true } else { selectsFirst = false }
        positionOffset = config.family == .roberta ? config.paddingIndex + 1 : 0
        bottleneck = plan.bottleneck?.width(config.hiddenSize) ?? 0
        bottlenecksAttention = plan.bottleneck?.style == .houlsby
    }
}
