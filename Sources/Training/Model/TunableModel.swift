import Kernels
public import ModelFiles
import Records

/// A BERT-type encoder with a classifier on it.
///
/// Not safe to use from two threads at once: one caller at a time. Predicting and training spread
/// over the threads of the configuration by themselves.
public final class SequenceClassifier {
    /// The labels, by index.
    public let labels: [String]
    let config: EncoderConfig
    let configuration: TrainingConfiguration
    let model: Model
    let plan: Model.Plan
    /// Room for predicting; grows to the largest pass so far.
    var predictionStorage = FloatStorage(count: 0)

    /// A new classifier on a base model, prepared for the configuration's method.
    ///
    /// - Parameters:
    ///   - base: weights under Hugging Face's names, with or without `bert.`
    ///   - labels: their order is the order of the logits.
    ///   - headWeight: labels × hidden, instead of N(0, 0.02) by the seed.
    /// - Throws: `TrainingError.model` if a weight is missing or has another shape;
    ///   `TrainingError.configuration` if the settings do not fit the model.
    public init(
        base: SafetensorsFile, config: EncoderConfig, labels: [String],
        configuration: TrainingConfiguration, headWeight: [Float]? = nil
    ) throws(TrainingError) {
        try Self.check(config: config, labels: labels, configuration: configuration)
        let isLoRA = configuration.method == .lora
        plan = Model.Plan(
            method: configuration.method, frozenLayers: configuration.frozenLayers,
            freezesEmbeddings: configuration.freezesEmbeddings,
            rank: isLoRA ? configuration.rank : 0,
            targets: isLoRA ? configuration.targetModules : [],
            adapterLayers: configuration.adapterLayers)
        self.labels = labels
        self.config = config
        self.configuration = configuration
        model = Model(
            shape: ModelShape(config, labels: labels.count),
            declarations: Model.declarations(config, labels: labels.count, plan: plan),
            adapterScale: Float(configuration.adapterScale),
            workers: WorkerPool(threadCount: configuration.threads))
        var missing = Set(try model.load(base).filter { !$0.hasPrefix("classifier.") })
        var random = SeededRandom(seed: configuration.seed)
        if configuration.method == .full {
            for name in ["bert.pooler.dense.weight", "bert.pooler.dense.bias"]
            where missing.remove(name) != nil && name.hasSuffix("weight") {
                Model.fillNormal(
                    model.store[name].values, deviation: config.initializerRange, using: &random)
            }
        }
        try Self.refuse(missing.sorted())
        let head = model.store["classifier.weight"].values
        if let headWeight {
            guard headWeight.count == head.count else {
                throw TrainingError(
                    .model, "the head has \(headWeight.count) weights instead of \(head.count)",
                    hint: "It must be labels × hidden, row by row.")
            }
            head.copy(from: headWeight)
        } else {
            Model.fillNormal(head, deviation: config.initializerRange, using: &random)
        }
        model.store["classifier.bias"].values.fill(0)
        model.initializeAdapters(using: &random)
        model.merge(all: true)
        try checkTargets()
    }

    init(
        config: EncoderConfig, labels: [String], plan: Model.Plan, adapterScale: Double,
        configuration: TrainingConfiguration
    ) {
        self.labels = labels
        self.config = config
        self.configuration = configuration
        self.plan = plan
        model = Model(
            shape: ModelShape(config, labels: labels.count),
            declarations: Model.declarations(config, labels: labels.count, plan: plan),
            adapterScale: Float(adapterScale),
            workers: WorkerPool(threadCount: configuration.threads))
    }

    /// Weights of the model, without adapters' merged copies.
    public var parameterCount: Int { model.store.parameters.reduce(0) { $0 + $1.values.count } }

    /// Weights that training changes.
    public var trainableParameterCount: Int { model.store.trained.count }

    /// The longest example, in tokens.
    public var maxPositions: Int { config.maxPositions }

    static func refuse(_ missing: [String]) throws(TrainingError) {
        guard let first = missing.first else { return }
        let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        throw TrainingError(
            .model, "the base model has no \(first)\(others)",
            hint: first.contains("pooler")
                ? "A model without a pooler can only be trained with method full."
                : "Check that it is a BERT-type encoder and belongs to its config.json.")
    }

    private static func check(
        config: EncoderConfig, labels: [String], configuration: TrainingConfiguration
    ) throws(TrainingError) {
        guard labels.count >= 2, Set(labels).count == labels.count else {
            throw TrainingError(
                .configuration, "there are \(Set(labels).count) different labels",
                hint: "A classifier needs two or more, each named once.")
        }
        guard configuration.maxLength <= config.maxPositions else {
            throw TrainingError(
                .configuration,
                "max_length \(configuration.maxLength) is above the model's \(config.maxPositions)",
                hint: "Lower max_length.")
        }
        guard configuration.frozenLayers <= config.layerCount else {
            throw TrainingError(
                .configuration,
                "freeze_layers is \(configuration.frozenLayers), of \(config.layerCount) layers",
                hint: "Lower freeze_layers.")
        }
        if let highest = configuration.adapterLayers?.max(), highest >= config.layerCount {
            throw TrainingError(
                .configuration,
                "layers_to_transform names layer \(highest), of \(config.layerCount) from 0",
                hint: "Leave it out to adapt every layer.")
        }
        if case .given(let weights) = configuration.classWeights, weights.count != labels.count {
            throw TrainingError(
                .configuration, "there are \(weights.count) class_weights, \(labels.count) labels",
                hint: "Give one weight for each label, in the labels' order.")
        }
    }

    /// A target that matches nothing would silently train less than was asked for.
    private func checkTargets() throws(TrainingError) {
        guard plan.rank > 0 else { return }
        let names = model.store.parameters.map(\.name)
            .filter { $0.hasSuffix(".lora_A.weight") }.map { String($0.dropLast(14)) }
        for target in plan.targets
        where !names.contains(where: { $0 == target || $0.hasSuffix(".\(target)") }) {
            throw TrainingError(
                .configuration, "target module \(target) matches no layer of the model",
                hint: "A BERT-type model has query, key, value and dense.")
        }
    }
}
