import Kernels
public import ModelFiles
import Records

extension SequenceClassifier {
    /// A trained classifier out of a full export; its `config.json` names the labels.
    public convenience init(
        trained: SafetensorsFile, config: EncoderConfig, threads: Int = 0
    ) throws(TrainingError) {
        guard let labels = config.labels, labels.count >= 2 else {
            throw TrainingError(
                .model, "config.json names no labels", hint: "Give the model's own config.json.")
        }
        var configuration = TrainingConfiguration()
        configuration.threads = threads
        self.init(
            config: config, labels: labels, plan: Model.Plan(), adapterScale: 0,
            configuration: configuration)
        try Self.refuse(try model.load(trained))
    }

    /// A trained classifier out of its base model and a PEFT LoRA adapter.
    ///
    /// - Throws: `TrainingError.adapter` if the adapter lacks its head, or holds a tensor that no
    ///   layer of the base takes: nothing is left out silently.
    public convenience init(
        base: SafetensorsFile, config: EncoderConfig, adapter: SafetensorsFile,
        adapterConfig: AdapterConfig, labels: [String], threads: Int = 0
    ) throws(TrainingError) {
        var configuration = TrainingConfiguration()
        configuration.threads = threads
        configuration.rank = adapterConfig.rank
        configuration.alpha = adapterConfig.alpha
        configuration.targetModules = adapterConfig.targetModules
        configuration.usesRankStabilization = adapterConfig.usesRankStabilization
        let hasAdapters = adapter.names.contains { $0.contains(".lora_A.") }
        self.init(
            config: config, labels: labels,
            plan: Model.Plan(
                rank: hasAdapters ? adapterConfig.rank : 0, targets: adapterConfig.targetModules,
                adapterLayers: adapterConfig.layers),
            adapterScale: adapterConfig.scale, configuration: configuration)
        try Self.refuse(try model.load(base).filter { !$0.hasPrefix("classifier.") })
        var unused = Set(adapter.names)
        for parameter in model.store.parameters
        where parameter.name.contains(".lora_") || parameter.name.hasPrefix("classifier.") {
            let name = "base_model.model.\(parameter.name)"
            guard adapter.tensor(name) != nil else {
                throw TrainingError(
                    .adapter, "the adapter has no \(name)",
                    hint: "Check that adapter_config.json belongs to it, and that its head was "
                        + "saved (modules_to_save).")
            }
            try model.assign(parameter, from: adapter, name)
            unused.remove(name)
        }
        if let first = unused.sorted().first {
            throw TrainingError(
                .adapter, "no layer of the base model takes the adapter's \(first)",
                hint: "Check that the adapter was made for this base model.")
        }
        model.merge(all: true)
    }
}
