public import ModelFiles

extension TrainingConfiguration {
    /// Fills in the values that follow from the model where none was given.
    public mutating func settle(for config: ModelConfig) {
        learningRate = learningRate ?? defaultLearningRate(decoder: config.isDecoder)
        tokensPerPass = effectiveTokensPerPass(decoder: config.isDecoder)
        if method == .lora || method == .qlora {
            targetModules = config.targets(targetModules)
        }
        if method == .freeze {
            frozenLayers = frozenLayers ?? config.layerCount * 2 / 3
        }
    }

    /// Tokens that go through the model at once, if nothing is said: a decoder's activations are
    /// many times as large, and more rows would not make its products faster. Where all weights are
    /// trained, each pass writes all their gradients, so that passes should be fewer.
    func effectiveTokensPerPass(decoder: Bool) -> Int {
        if let tokensPerPass { return tokensPerPass }
        guard decoder else { return 8192 }
        return method == .full || method == .freeze ? 512 : 256
    }
}
