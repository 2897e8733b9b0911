import ModelFiles

/// The sizes that every layer of a decoder shares.
struct DecoderShape {
    /// H, width of a token's vector
    let hidden: Int
    /// Query heads, and the key heads that they share
    let heads: Int
    let keyHeads: Int
    /// Width of one head
    let headWidth: Int
    /// F, width of the feed-forward part
    let intermediate: Int
    let layers: Int
    /// V
    let vocabulary: Int
    let epsilon: Float
    /// SwiGLU, RMS normalisation and rotary positions (Llama); otherwise GELU, layer normalisation
    /// and learned positions (GPT-2)
    let isLlama: Bool
    /// r, width of the bottleneck adapters; 0 without
    let bottleneck: Int
    let bottlenecksAttention: Bool

    init(_ config: DecoderConfig, plan: TuningPlan) {
        hidden = config.hiddenSize
        heads = config.headCount
        keyHeads = config.keyHeadCount
        headWidth = config.headWidth
        intermediate = config.intermediateSize
        layers = config.layerCount
        vocabulary = config.vocabularySize
        epsilon = Float(config.normEpsilon)
        isLlama = config.family != .gpt2
        bottleneck = plan.bottleneck?.width(config.hiddenSize) ?? 0
        bottlenecksAttention = plan.bottleneck?.style == .houlsby
    }

    /// Columns of all queries, and of all keys (or values).
    var queryWidth: Int { heads * headWidth }
    var keyWidth: Int { keyHeads * headWidth }
    /// Columns of queries, keys and values side by side.
    var projectionWidth: Int { queryWidth + 2 * keyWidth }
    /// Columns of the feed-forward part's first product.
    var wideWidth: Int { isLlama ? 2 * intermediate : intermediate }
}
