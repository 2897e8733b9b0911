public import ModelFiles
public import Records

/// What a run will take of memory, told from declarations and the examples' lengths before a weight
/// is read.
///
///     let estimate = RunEstimate(
///         config: config, task: task, configuration: configuration, base: file,
///         trainLengths: lengths, validationLengths: held)
///     guard estimate.peakBytes < Memory.availableBytes else { … }
public struct RunEstimate: Sendable, Hashable {
    /// Weights that training changes.
    public let trainableParameters: Int
    /// All weights, the quantised ones counted as the numbers that they stand for.
    public let totalParameters: Int
    /// The most bytes that the process will hold at once: the sum of ``parts``.
    public let peakBytes: Int
    /// What is held at that moment, in bytes, by name: `weights`, `merged`, `gradients`, `moments`,
    /// `best`, `activations`, `prefix`, `evaluation`, `examples`, `checkpoint`, `export`, `file` and
    /// `process`. What takes nothing is left out.
    public let parts: [String: Int]

    /// Estimates a run.
    ///
    /// - Parameters:
    ///   - trainLengths: tokens of each training example.
    ///   - validationLengths: tokens of each validation example.
    ///   - fileBytes: bytes of the base's files that stay in memory while the run goes on.
    ///   - exportsWhole: whether the whole model is handed over at the end; nil means unless the
    ///     method makes an adapter.
    public init(
        config: ModelConfig, task: ModelTask, configuration: TrainingConfiguration,
        base: any TensorSource, trainLengths: [Int], validationLengths: [Int], fileBytes: Int = 0,
        exportsWhole: Bool? = nil
    ) {
        let plan = TuningPlan(configuration, config, base: base)
        let threads = configuration.threads
        let layout = NetworkLayout(config, task: task, plan: plan, base: base, threads: threads)
        let sizes = WeightSizes(layout.declarations, plan: plan, prefix: config.prefix, base: base)
        let passes = PassSizes(layout, configuration, isDecoder: config.isDecoder)
        trainableParameters = sizes.trained
        totalParameters = sizes.total

        let makesAdapter = plan.rank > 0 || plan.bottleneck != nil
        let keepsBest = configuration.loadsBestModel && !validationLengths.isEmpty
        var lasting = [
            "weights": 4 * (sizes.trained + sizes.frozen) + sizes.quantizedBytes,
            "merged": 4 * sizes.merged, "gradients": 4 * sizes.trained,
            "moments": 8 * sizes.trained, "best": keepsBest ? 4 * sizes.trained : 0,
            "evaluation": 4 * passes.evaluation(validationLengths),
            "examples": Self.exampleBytes(trainLengths + validationLengths), "file": fileBytes,
            "process": layout.processBytes,
        ]
        if configuration.privacy != nil { lasting["gradients", default: 0] *= 2 }
        var training = lasting
        training["activations"] = 4 * passes.training(trainLengths)
        training["prefix"] = 4 * passes.prefix(trainLengths)
        if configuration.saveStrategy != .no {
            training["checkpoint"] = 4 * sizes.trained * (keepsBest ? 4 : 3)
        }
        var ending = lasting
        let whole = (exportsWhole ?? !makesAdapter) ? 4 * sizes.total : 0
        ending["export"] = max(whole, makesAdapter ? 8 * sizes.trained : 0)
        let sum = { (parts: [String: Int]) in parts.values.reduce(0, +) }
        let largest = sum(training) >= sum(ending) ? training : ending
        parts = largest.filter { $0.value > 0 }
        peakBytes = sum(largest)
    }

    /// Ids and targets of each token, and what an example costs besides.
    private static func exampleBytes(_ lengths: [Int]) -> Int {
        lengths.reduce(0) { $0 + 8 * $1 + 200 }
    }

    /// `{"peakBytes": …, "trainableParameters": …, "totalParameters": …, "parts": {…}}`
    public var json: JSONValue {
        [
            "peakBytes": .integer(peakBytes),
            "trainableParameters": .integer(trainableParameters),
            "totalParameters": .integer(totalParameters),
            "parts": .object(parts.mapValues { .integer($0) }),
        ]
    }
}
