import ModelFiles

/// The sizes that every layer of a model shares.
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

    init(_ config: EncoderConfig, labels: Int) {
        hidden = config.hiddenSize
        heads = config.headCount
        intermediate = config.intermediateSize
        layers = config.layerCount
        self.labels = labels
        epsilon = Float(config.normEpsilon)
    }
}
