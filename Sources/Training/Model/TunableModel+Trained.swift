import Kernels
public import ModelFiles
import Records

extension TunableModel {
    /// A model out of whole weights: a base language model, or one that was trained whole; a
    /// classifier's `config.json` names its labels.
    ///
    /// - Parameter task: nil for what the configuration says: its architecture, or else the labels.
    public convenience init(
        trained: any TensorSource, config: ModelConfig, task: ModelTask? = nil, threads: Int = 0
    ) throws(TrainingError) {
        var configuration = TrainingConfiguration()
        configuration.threads = threads
        try self.init(
            config: config, task: try Self.task(task, of: config), plan: TuningPlan(),
            base: trained, configuration: configuration)
        let names = WeightNames(prefix: config.prefix)
        try Self.refuse(try network.store.load(trained, names: names))
        network.merge(all: true)
    }

    /// A base model for ``features(_:)`` alone: what a head would need may be missing.
    public convenience init(
        featuresOf base: any TensorSource, config: ModelConfig, threads: Int = 0
    ) throws(TrainingError) {
        var configuration = TrainingConfiguration()
        configuration.threads = threads
        let task: ModelTask =
            config.isDecoder ? .causalLanguageModel : .tokenClassification(labels: ["0", "1"])
        try self.init(
            config: config, task: task, plan: TuningPlan(), base: base,
            configuration: configuration)
        let missing = try network.store.load(base, names: WeightNames(prefix: config.prefix))
        try Self.refuse(missing.filter { !isOfHead($0) })
    }

    /// A trained model out of its base and an adapter: PEFT's LoRA or DoRA.
    ///
    /// - Parameter quantization: how the base was kept while the adapter was trained.
    /// - Throws: `TrainingError.adapter` if the adapter lacks its head, or holds a tensor that no
    ///   layer of the base takes: nothing is left out silently.
    public convenience init(
        base: any TensorSource, config: ModelConfig, adapter: any TensorSource,
        adapterConfig: AdapterConfig, task: ModelTask,
        quantization: TrainingConfiguration.Quantization? = nil, threads: Int = 0
    ) throws(TrainingError) {
        var configuration = TrainingConfiguration()
        configuration.threads = threads
        configuration.rank = adapterConfig.rank
        configuration.alpha = adapterConfig.alpha
        configuration.targetModules = adapterConfig.targetModules
        configuration.usesRankStabilization = adapterConfig.usesRankStabilization
        configuration.usesDoRA = adapterConfig.usesDoRA
        let hasAdapters = adapter.names.contains { $0.contains(".lora_A.") }
        var plan = TuningPlan(adapterConfig, config, hasAdapters: hasAdapters)
        plan.quantization = quantization
        try self.init(
            config: config, task: task, plan: plan, base: base, configuration: configuration)
        try take(base: base, adapter: adapter)
    }

    /// A trained model out of its base and bottleneck adapters.
    public convenience init(
        base: any TensorSource, config: ModelConfig, adapter: any TensorSource,
        bottleneck: BottleneckConfig, task: ModelTask, threads: Int = 0
    ) throws(TrainingError) {
        var configuration = TrainingConfiguration()
        configuration.threads = threads
        var plan = TuningPlan()
        plan.adapterLayers = bottleneck.layers
        plan.bottleneck = BottleneckPlan(
            style: bottleneck.style, reduction: bottleneck.reductionFactor,
            activation: bottleneck.activation)
        try self.init(
            config: config, task: task, plan: plan, base: base, configuration: configuration)
        try take(base: base, adapter: adapter)
    }

    /// Reads the base's weights and then the adapter's.
    private func take(
        base: any TensorSource, adapter: any TensorSource
    ) throws(TrainingError) {
        let names = WeightNames(prefix: config.prefix)
        let missing = try network.store.load(base, names: names)
        try Self.refuse(missing.filter { !isOfHead($0) })
        var unused = Set(adapter.names)
        for parameter in network.store.parameters
        where parameter.isAdapter || isOfHead(parameter.name) {
            let name = "base_model.model.\(parameter.name)"
            guard adapter.shape(name) != nil else {
                throw TrainingError(
                    .adapter, "the adapter has no \(name)",
                    hint: "Check that adapter_config.json belongs to it, and that its head was "
                        + "saved (modules_to_save).")
            }
            try network.store.assign(parameter, from: adapter, name)
            unused.remove(name)
        }
        if let first = unused.sorted().first {
            throw TrainingError(
                .adapter, "no layer of the base model takes the adapter's \(first)",
                hint: "Check that the adapter was made for this base model.")
        }
        network.merge(all: true)
    }

    /// Whether a weight of that name belongs to a new head.
    func isOfHead(_ name: String) -> Bool {
        guard case .encoder(let config) = config else { return false }
        return EncoderNetwork.isOfHead(name, family: config.family)
    }

    private static func task(
        _ given: ModelTask?, of config: ModelConfig
    ) throws(TrainingError) -> ModelTask {
        if let given { return given }
        guard case .encoder(let encoder) = config else { return .causalLanguageModel }
        guard let labels = encoder.labels, labels.count >= 2 else {
            throw TrainingError(
                .model, "config.json names no labels", hint: "Give the model's own config.json.")
        }
        let isOfTokens =
            encoder.source["architectures"]?.stringArray?
            .contains { $0.hasSuffix("ForTokenClassification") } ?? false
        return isOfTokens
            ? .tokenClassification(labels: labels) : .sequenceClassification(labels: labels)
    }
}
