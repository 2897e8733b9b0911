public import ModelFiles

extension TrainingConfiguration {
    /// Fills in the values that follow from the model where none was given.
    public mutating func settle(for config: ModelConfig) {
        learningRate = learningRate ?? defaultLearningRate(decoder: config.isDecoder)
        tokensPerPass = tokensPerPass ?? config.defaultTokensPerPass
        if method == .lora || method == .qlora {
            targetModules = config.targets(targetModules)
        }
        if method == .freeze {
            frozenLayers = frozenLayers ?? config.layerCount * 2 / 3
        }
    }
}

extension ModelConfig {
    /// Tokens that go through the model at once, if nothing is said: a decoder's activations are
    /// many times as large.
    var defaultTokensPerPass: Int { isDecoder ? 1024 : 8192 }
}
