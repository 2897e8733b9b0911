import EngineProtocol
import ModelFiles
import Records
import Training

extension Engine {
    /// Trains, judges on validation, hands the model back.
    func train(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        var configuration = try configuration(request)
        let source = try ModelSource(request, client)
        if request.hyperParameters["max_length"] == nil {
            configuration.maxLength = min(configuration.maxLength, source.config.maxPositions)
        }
        let train = try source.read(
            .train, request, client, maxLength: configuration.maxLength, needsLabel: true)
        let validation = try source.read(
            .validation, request, client, maxLength: configuration.maxLength, needsLabel: true)
        let labels = LabelSet(occurring: train.lazy.compactMap(\.label))
        guard labels.labels.count >= 2 else {
            throw EngineFailure(
                "data", "the train split has \(labels.labels.count) different labels",
                hint: "a classifier needs at least two")
        }
        let trainExamples = try train.examples(labels, .train)
        let validationExamples = try validation.examples(labels, .validation)
        let model = try SequenceClassifier(
            base: source.weights, config: source.config, labels: labels.labels,
            configuration: configuration)
        begin(
            request, labels: labels.labels, configuration: configuration.json,
            details: [
                "trainExamples": .integer(train.count),
                "validationExamples": .integer(validation.count),
                "parameters": .integer(model.parameterCount),
                "trainableParameters": .integer(model.trainableParameterCount),
            ])
        warnOfCuts(train + validation, limit: configuration.maxLength)
        if request.outputs.contains(.initialWeights) {
            try putInitialWeights(of: model, request, client)
        }
        if request.outputs.contains(.batchOrder) {
            try putBatchOrder(train, configuration, client)
        }
        let result = try Trainer(model: model, configuration: configuration).run(
            train: trainExamples, validation: validationExamples, onEvent: report)
        try putModel(model, source: source, request, client)
        if request.outputs.contains(.predictions), !validation.isEmpty {
            let predictions = try model.predict(validation.map(\.ids))
            try putPredictions(
                rows(validation, predictions, labels: labels.labels), client)
        }
        return try putMetrics(result, labels: labels.labels, client)
    }

    /// What was set, the method and the threads, in the form that Training reads.
    private func configuration(_ request: EngineRequest) throws -> TrainingConfiguration {
        var values = request.hyperParameters.values
        values["method"] = .string(request.method.rawValue)
        values["threads"] = .integer(request.threads)
        return try TrainingConfiguration(json: .object(values))
    }

    private func warnOfCuts(_ texts: [LabelledText], limit: Int) {
        let cut = texts.cutCount
        guard cut > 0 else { return }
        events.write(
            .warning(
                code: "texts-cut",
                message: "\(cut) of \(texts.count) texts are longer than \(limit) tokens and were "
                    + "cut; raise max_length to keep them whole"))
    }

    private func report(_ event: TrainingEvent) {
        switch event {
        case .started(let plan):
            for note in plan.notes { events.write(.warning(code: "note", message: note)) }
        case .step(let step):
            events.write(
                .progress(
                    .init(
                        step: step.step, steps: step.totalSteps, epoch: step.epoch,
                        loss: step.loss, learningRate: step.learningRate,
                        gradientNorm: step.gradientNorm, tokensPerSecond: step.tokensPerSecond,
                        secondsRemaining: step.secondsLeft)))
        case .evaluation(let step, let epoch, let evaluation, let isBest):
            events.write(
                .evaluation(
                    .init(
                        split: .validation, step: step, epoch: epoch, isBest: isBest,
                        metrics: evaluation.metrics)))
        }
    }

    // MARK: Artifacts

    private func putModel(
        _ model: SequenceClassifier, source: ModelSource, _ request: EngineRequest,
        _ client: EngineClient
    ) throws {
        var files: [String: [UInt8]]
        if request.method == .lora {
            files = try model.exportAdapter(baseName: request.baseModel.name)
            files["config.json"] = CanonicalJSON.encode(source.config.json(labels: model.labels))
        } else {
            files = try model.exportModel()
        }
        for (name, bytes) in source.tokenizerFiles { files[name] = bytes }
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try put(name, bytes, client)
        }
    }

    private func putInitialWeights(
        of model: SequenceClassifier, _ request: EngineRequest, _ client: EngineClient
    ) throws {
        let isAdapter = request.method == .lora
        let files =
            isAdapter
            ? try model.exportAdapter(baseName: request.baseModel.name) : try model.exportModel()
        let name = isAdapter ? "adapter_model.safetensors" : "model.safetensors"
        try put("initial_\(name)", files[name] ?? [], client)
    }

    /// `{"rids": […], "epochs": [[[row, …], …], …]}`: row i is the record rids[i].
    private func putBatchOrder(
        _ train: [LabelledText], _ configuration: TrainingConfiguration, _ client: EngineClient
    ) throws {
        let lengths = train.map(\.ids.count)
        func batches(_ epoch: Int) -> [[Int]] {
            Trainer.batchOrder(lengths: lengths, epoch: epoch, configuration: configuration)
        }
        // With max_steps alone the number of epochs is open: as many as the steps need.
        let steps = configuration.maxSteps * configuration.accumulationSteps
        let count =
            configuration.epochs.isFinite
            ? Int(configuration.epochs.rounded(.up))
            : (steps + batches(0).count - 1) / max(1, batches(0).count)
        let epochs = (0..<max(1, count)).map { epoch -> JSONValue in
            .array(batches(epoch).map { .array($0.map { .integer($0) }) })
        }
        let order: JSONValue = [
            "rids": .array(train.map { .string(Hex.encode($0.rid)) }), "epochs": .array(epochs),
        ]
        try put("batch_order.json", CanonicalJSON.encode(order), client)
    }

    private func putMetrics(
        _ result: TrainingResult, labels: [String], _ client: EngineClient
    ) throws -> JSONValue {
        let validation = result.finalEvaluation?.metrics.json ?? .null
        try put(
            "metrics.json",
            CanonicalJSON.encode([
                "labels": .array(labels.map { .string($0) }), "validation": validation,
                "steps": .integer(result.steps), "bestStep": .integer(result.bestStep),
                "losses": .array(result.losses.map { .double($0) }),
                "learningRates": .array(result.learningRates.map { .double($0) }),
                "gradientNorms": .array(result.gradientNorms.map { .double($0) }),
                "weightsDigest": .string(Hex.encode(result.weightsDigest)),
            ]), client)
        return [
            "steps": .integer(result.steps), "bestStep": .integer(result.bestStep),
            "stoppedEarly": .bool(result.stoppedEarly), "seconds": .double(result.seconds),
            "weightsDigest": .string(Hex.encode(result.weightsDigest)),
            "validation": validation,
        ]
    }

    /// Hands one file over and tells of it.
    func put(_ name: String, _ bytes: [UInt8], _ client: EngineClient) throws {
        events.write(.artifact(try client.put(name, bytes)))
    }
}

extension Evaluation {
    /// The same scores in the protocol's words.
    var metrics: ClassificationMetrics {
        ClassificationMetrics(
            labels: labels, confusion: confusion, loss: loss, calibrationError: calibrationError)
    }
}
