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
    /// many times as large, and many more rows would not make its products faster. Under qlora,
    /// memory counts most.
    func effectiveTokensPerPass(decoder: Bool) -> Int {
        if let tokensPerPass { return tokensPerPass }
        guard decoder else { return 8192 }
        return method == .qlora ? 256 : 512
    }
}
