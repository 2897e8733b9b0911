import EngineProtocol
import ModelFiles
import Records
import Training

extension Engine {
    /// Scores the model on every split that the request offers.
    func evaluate(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        guard !request.splits.isEmpty else {
            throw EngineFailure(
                "data", "the request names no split", hint: "evaluate on validation or test")
        }
        let settings = try EngineSettings(request)
        let source = try ModelSource(request, client)
        let model = try source.model(request, client)
        let labels = LabelSet(model.labels)
        begin(request, labels: labels.labels)
        let encoding = try source.encoding(
            request.for(model.task), maxLength: settings.maxLength(source), needsTargets: true,
            completionOnly: settings.completionOnly, template: settings.template)
        var summary: [String: JSONValue] = [:]
        var rows: [EngineEvent] = []
        for split in Split.allCases where request.splits[split] != nil {
            let records = try encoding.read(split, request, client)
            guard !records.isEmpty else {
                throw EngineFailure(
                    "data", "the \(split.rawValue) split is empty", hint: "nothing to score")
            }
            let metrics = try model.evaluate(try records.examples(labels, split)).metrics
            events.write(
                .evaluation(.init(split: split, step: 0, epoch: 0, metrics: metrics)))
            summary[split.rawValue] = metrics.json
            if request.outputs.contains(.predictions) { rows += try lines(model, records) }
        }
        if request.outputs.contains(.predictions) { try putPredictions(rows, client) }
        return .object(summary)
    }

    /// What a run would take: memory and steps by arithmetic, time by a few real passes.
    func plan(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        let run = try TrainingRun(request, client)
        var plan = run.plan()
        if plan.refusals.isEmpty {
            let model = try run.makeModel()
            let trainer = try Trainer(model: model, configuration: run.settings.training)
            let pace = try trainer.measurePace(train: run.trainExamples)
            plan.seconds = pace.seconds(tokens: plan.tokens, steps: plan.steps)
            plan.secondsPerStep = plan.seconds.map { $0 / Double(max(1, plan.steps)) }
        }
        events.write(.plan(plan))
        return plan.json
    }
}

extension EngineSettings {
    /// The length that texts are cut to: what was set, or the usual.
    func maxLength(_ source: ModelSource) -> Int {
        hasMaxLength ? training.maxLength : source.config.isDecoder ? 512 : 128
    }
}

extension EngineRequest {
    /// The same request with the task that a finished model is for.
    func `for`(_ task: ModelTask) -> EngineRequest {
        var copy = self
        switch task {
        case .sequenceClassification: copy.task = .sequenceClassification
        case .tokenClassification: copy.task = .tokenClassification
        case .causalLanguageModel:
            copy.task = self.task == .preference ? .preference : .causalLM
        }
        return copy
    }
}
