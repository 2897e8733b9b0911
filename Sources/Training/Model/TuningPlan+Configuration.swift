public import ModelFiles

extension TuningPlan {
    /// What a configuration trains of a model.
    init(_ configuration: TrainingConfiguration, _ config: ModelConfig, base: any TensorSource) {
        method = configuration.method
        let layers = config.layerCount
        frozenLayers =
            configuration.frozenLayers ?? (configuration.method == .freeze ? layers * 2 / 3 : 0)
        freezesEmbeddings = configuration.freezesEmbeddings
        adapterLayers = configuration.adapterLayers
        switch configuration.method {
        case .lora, .qlora:
            rank = configuration.rank
            targets = config.targets(configuration.targetModules)
            scale = configuration.adapterScale
            usesDoRA = configuration.usesDoRA
        case .adapter:
            bottleneck = BottleneckPlan(
                style: configuration.adapterStyle, reduction: configuration.reductionFactor,
                activation: configuration.adapterActivation)
        case .full, .freeze, .head: break
        }
        if configuration.method == .qlora {
            let hasBlocks = base.names.contains { base.blocks($0) != nil }
            quantization = configuration.quantization ?? (hasBlocks ? .gguf : .nf4)
        }
    }

    /// What a finished adapter changes of its base model.
    init(_ adapter: AdapterConfig, _ config: ModelConfig, hasAdapters: Bool) {
        guard hasAdapters else { return }
        rank = adapter.rank
        targets = config.targets(adapter.targetModules)
        adapterLayers = adapter.layers
        scale = adapter.scale
        usesDoRA = adapter.usesDoRA
    }
}

extension ModelConfig {
    /// Layers of the model.
    var layerCount: Int {
        switch self {
        case .encoder(let config): config.layerCount
        case .decoder(let config): config.layerCount
        }
    }

    /// Tokens of the longest example.
    public var maxLength: Int {
        switch self {
        case .encoder(let config):
            config.family == .roberta
                ? config.maxPositions - config.paddingIndex - 1 : config.maxPositions
        case .decoder(let config): config.maxPositions
        }
    }

    /// Rows of the word embedding.
    public var vocabularySize: Int {
        switch self {
        case .encoder(let config): config.vocabularySize
        case .decoder(let config): config.vocabularySize
        }
    }

    /// Deviation of new weights.
    var initializerRange: Double {
        switch self {
        case .encoder(let config): config.initializerRange
        case .decoder(let config): config.initializerRange
        }
    }

    /// Whether it is a language model.
    public var isDecoder: Bool { if case .decoder = self { true } else { false } }

    /// Names of modules to adapt: those given, or the family's own.
    func targets(_ given: [String]?) -> [String] {
        switch self {
        case .encoder(let config):
            let names = EncoderNames(family: config.family)
            return given == [AdapterConfig.allLinear]
                ? names.allLinear : given ?? names.defaultTargets
        case .decoder(let config):
            let names = DecoderNames(family: config.family)
            return given == [AdapterConfig.allLinear]
                ? names.allLinear : given ?? names.defaultTargets
        }
    }

    /// What stands before the names of a model without a head.
    var prefix: String {
        switch self {
        case .encoder(let config): EncoderNames(family: config.family).prefix
        case .decoder(let config): DecoderNames(family: config.family).prefix
        }
    }
}
