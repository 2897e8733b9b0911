import EngineProtocol
import ModelFiles
import Records
import Training

/// A training request with its data: everything that is known before the model is made.
struct TrainingRun {
    let request: EngineRequest
    let source: ModelSource
    let settings: EngineSettings
    let task: ModelTask
    let train: [ReadRecord]
    let validation: [ReadRecord]
    let trainExamples: [EncodedExample]
    let validationExamples: [EncodedExample]
    private let canaries: Canaries?

    /// Fetches model and records, and checks that they fit each other.
    init(_ request: EngineRequest, _ client: EngineClient) throws {
        var settings = try EngineSettings(request)
        let source = try ModelSource(request, client)
        settings.settle(source)
        let encoding = try source.encoding(
            request, maxLength: settings.training.maxLength, needsTargets: true,
            completionOnly: settings.completionOnly, template: settings.template)
        train = try encoding.read(.train, request, client)
        validation = try encoding.read(.validation, request, client)
        guard !train.isEmpty else {
            throw EngineFailure(
                "data", "the train split is empty", hint: "freeze splits before redaction")
        }
        let labels = train.occurringLabels
        task = try Self.task(request.task, labels.labels)
        trainExamples = try train.examples(labels, .train)
        validationExamples = try validation.examples(labels, .validation)
        canaries =
            settings.canaries > 0
            ? Canaries(count: settings.canaries, seed: settings.training.seed) : nil
        if canaries != nil, request.task == .preference {
            throw EngineFailure(
                "configuration", "canaries do not go with the task \(request.task.rawValue)",
                hint: "leave canaries out")
        }
        self.request = request
        self.source = source
        self.settings = settings
    }

    private static func task(_ task: EngineTask, _ labels: [String]) throws -> ModelTask {
        switch task {
        case .causalLM, .preference: return .causalLanguageModel
        case .sequenceClassification, .tokenClassification:
            guard labels.count >= 2 else {
                throw EngineFailure(
                    "data", "the train split has \(labels.count) different labels",
                    hint: "a classifier needs at least two")
            }
            return task == .sequenceClassification
                ? .sequenceClassification(labels: labels) : .tokenClassification(labels: labels)
        }
    }

    /// The model before its first step; the files of its base are let go of.
    func makeModel() throws -> TunableModel {
        defer { source.dropWeights() }
        return try TunableModel(
            base: source.weights, config: source.config, task: task,
            configuration: settings.training)
    }

    /// What the run will take, and why it cannot be done, if it cannot.
    func plan() -> EnginePlan {
        let lengths = trainExamples.map(\.tokenCount)
        let estimate = RunEstimate(
            config: source.config, task: task, configuration: settings.training,
            base: source.weights, trainLengths: lengths,
            validationLengths: validationExamples.map(\.tokenCount),
            fileBytes: source.weightByteCount)
        let training = settings.training
        let rows = training.batchSize * training.accumulationSteps
        let perEpoch = (train.count + rows - 1) / rows
        let steps =
            training.maxSteps > 0
            ? training.maxSteps : max(1, Int((training.epochs * Double(perEpoch)).rounded(.up)))
        let available = Memory.availableBytes
        var refusals: [String] = []
        if available > 0, estimate.peakBytes > available + Memory.residentBytes {
            refusals.append(
                "the run needs about \(estimate.peakBytes >> 20) MiB of memory, and "
                    + "\(available >> 20) MiB are free: lower tokens_per_pass or "
                    + "per_device_train_batch_size, or choose lora or qlora")
        }
        var warnings: [String] = []
        if (train + validation).cutCount > 0 {
            warnings.append("\((train + validation).cutCount) texts are cut at max_length")
        }
        if validation.isEmpty {
            warnings.append("there is no validation split: nothing judges the weights")
        }
        return EnginePlan(
            steps: steps, trainableParameters: estimate.trainableParameters,
            totalParameters: estimate.totalParameters, peakBytes: estimate.peakBytes,
            availableBytes: available > 0 ? available : nil,
            tokens: lengths.reduce(0, +) * steps / max(1, perEpoch), warnings: warnings,
            refusals: refusals,
            details: [
                "memory": .object(estimate.parts.mapValues { .integer($0) }),
                "maxLength": .integer(training.maxLength),
            ])
    }

    /// The files of the checkpoint that the run goes on from; nil for a fresh run.
    func checkpointFiles(_ client: EngineClient) throws -> [String: [UInt8]]? {
        guard let checkpoint = request.checkpoint else { return nil }
        var files: [String: [UInt8]] = [:]
        for name in checkpoint.files { files[name] = try client.get(.checkpoint, name) }
        return files
    }

    // MARK: What the model remembers and forgets

    /// The ids of a text that is no record.
    private func encode(_ text: String) -> [Int32] {
        let limit = settings.training.maxLength
        return Array(
            source.tokenizer.encode(Array(text.utf8), addsSpecialTokens: true).prefix(limit))
    }

    /// How a general set fares; nil if that is not measured.
    func generalScore(_ model: TunableModel) throws -> Double? {
        settings.measuresForgetting ? try model.generalScore(encode: encode) : nil
    }

    /// The canaries as examples like the others, which the training learns too.
    var canaryExamples: [EncodedExample] {
        canaries.map { $0.examples(for: task, encode: encode).inserted } ?? []
    }

    /// How well the model knows the canaries; nil without any.
    func memorisation(_ model: TunableModel) throws -> MemorisationReport? {
        try canaries.map { try $0.report(on: model, encode: encode) }
    }
}
