import Kernels
public import ModelFiles
import Records

/// A model with a task: an encoder that labels texts or their words, or a decoder that writes on.
///
/// Not safe to use from two threads at once: one caller at a time. Predicting and training spread
/// over the threads of the configuration by themselves.
public final class TunableModel {
    /// What it is for.
    public let task: ModelTask
    /// Its architecture.
    public let config: ModelConfig
    let configuration: TrainingConfiguration
    let plan: TuningPlan
    let network: any Network
    /// Room for predicting; grows to the largest pass so far.
    var predictionStorage = FloatStorage(count: 0)

    /// A new model on a base, prepared for the configuration's method.
    ///
    /// - Parameters:
    ///   - base: weights under Hugging Face's names, with or without the model's prefix.
    ///   - headWeight: the classifier's weights, labels × hidden, instead of N(0, 0.02) by the seed.
    /// - Throws: `TrainingError.model` if a weight is missing or has another shape;
    ///   `TrainingError.configuration` if the settings do not fit the model.
    public init(
        base: any TensorSource, config: ModelConfig, task: ModelTask,
        configuration: TrainingConfiguration, headWeight: [Float]? = nil
    ) throws(TrainingError) {
        try ModelCheck(config: config, task: task, configuration: configuration).run()
        plan = TuningPlan(configuration, config, base: base)
        self.task = task
        self.config = config
        self.configuration = configuration
        network = try Self.network(
            config, task: task, plan: plan, base: base,
            workers: WorkerPool(threadCount: configuration.threads))
        let names = WeightNames(prefix: config.prefix)
        var missing = Set(try network.store.load(base, names: names))
        var random = SeededRandom(seed: configuration.seed)
        try initializeHead(headWeight, missing: &missing, using: &random)
        try Self.refuse(missing.sorted())
        network.store.initializeAdapters(using: &random, network.workers)
        network.merge(all: true)
        try checkTargets()
    }

    /// A model whose weights are yet to be read.
    init(
        config: ModelConfig, task: ModelTask, plan: TuningPlan, base: any TensorSource,
        configuration: TrainingConfiguration
    ) throws(TrainingError) {
        self.task = task
        self.config = config
        self.configuration = configuration
        self.plan = plan
        network = try Self.network(
            config, task: task, plan: plan, base: base,
            workers: WorkerPool(threadCount: configuration.threads))
    }

    private static func network(
        _ config: ModelConfig, task: ModelTask, plan: TuningPlan, base: any TensorSource,
        workers: WorkerPool
    ) throws(TrainingError) -> any Network {
        var quantized: [String: QuantizedMatrix] = [:]
        let loading = plan.quantization.map {
            QuantizedLoading(
                source: base, names: WeightNames(prefix: config.prefix), quantization: $0)
        }
        switch config {
        case .encoder(let config):
            if let loading {
                quantized = try loading.matrices(
                    EncoderNetwork.declarations(config, task: task, plan: plan))
            }
            return EncoderNetwork(
                config, task: task, plan: plan, quantized: quantized, workers: workers)
        case .decoder(let config):
            if let loading {
                quantized = try loading.matrices(
                    DecoderNetwork.declarations(
                        config, plan: plan,
                        quantizesWords: DecoderNetwork.quantizesWords(
                            config, plan: plan, base: base)))
            }
            return DecoderNetwork(config, plan: plan, quantized: quantized, workers: workers)
        }
    }

    /// The labels, by index; none for a language model.
    public var labels: [String] { task.labels }

    /// Weights of the model, without adapters' merged copies.
    public var parameterCount: Int { network.store.count }

    /// Weights that training changes.
    public var trainableParameterCount: Int { network.store.trained.count }

    /// The longest example, in tokens.
    public var maxLength: Int { config.maxLength }

    static func refuse(_ missing: [String]) throws(TrainingError) {
        guard let first = missing.first else { return }
        let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        throw TrainingError(
            .model, "the base model has no \(first)\(others)",
            hint: first.contains("pooler")
                ? "A model without a pooler can only be trained with method full."
                : "Check that the weights belong to their config.json.")
    }

    /// Gives the weights that no base model has their start: N(0, `initializer_range`), biases 0.
    private func initializeHead(
        _ headWeight: [Float]?, missing: inout Set<String>, using random: inout SeededRandom
    ) throws(TrainingError) {
        guard case .encoder(let encoder) = config else { return }
        let names = EncoderNames(family: encoder.family), store = network.store
        let deviation = config.initializerRange
        for parameter in store.parameters {
            let isMissingPooler =
                plan.isFull && missing.contains(parameter.name)
                && parameter.name.hasPrefix("\(names.pooler).")
            guard isOfHead(parameter.name) || isMissingPooler else { continue }
            missing.remove(parameter.name)
            if parameter.name.hasSuffix(".bias") {
                parameter.values.fill(0)
            } else if let headWeight,
                ["classifier.weight", "classifier.out_proj.weight"].contains(parameter.name)
            {
                guard headWeight.count == parameter.values.count else {
                    throw TrainingError(
                        .model,
                        "the head has \(headWeight.count) weights instead of "
                            + "\(parameter.values.count)",
                        hint: "It must be labels × hidden, row by row.")
                }
                parameter.values.copy(from: headWeight)
            } else {
                ParameterStore.fillNormal(
                    parameter.values, deviation: deviation, using: &random)
            }
        }
    }

    /// A target that matches nothing would silently train less than was asked for.
    private func checkTargets() throws(TrainingError) {
        guard plan.rank > 0 else { return }
        let names = network.store.parameters.map(\.name)
            .filter { $0.hasSuffix(".lora_A.weight") }.map { String($0.dropLast(14)) }
        for target in plan.targets
        where !names.contains(where: { $0 == target || $0.hasSuffix(".\(target)") }) {
            throw TrainingError(
                .configuration, "target module \(target) matches no layer of the model",
                hint: "This model has \(config.targets(["all-linear"]).joined(separator: ", ")).")
        }
    }
}
