import EngineProtocol
import ModelFiles
import Records
import Training

extension Engine {
    /// Trains, judges on validation, hands the model back.
    func train(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        StopSignal.watch()
        let run = try TrainingRun(request, client)
        let plan = run.plan()
        begin(
            request, labels: run.task.labels, configuration: run.settings.json,
            details: [
                "trainExamples": .integer(run.train.count),
                "validationExamples": .integer(run.validation.count),
                "parameters": .integer(plan.totalParameters),
                "trainableParameters": .integer(plan.trainableParameters),
            ])
        events.write(.plan(plan))
        guard plan.refusals.isEmpty else {
            throw EngineFailure(
                "does-not-fit", plan.refusals.joined(separator: "; "),
                hint: "`tundish run requirements` shows what a run needs")
        }
        try announce(run)
        let model = try run.makeModel()
        if request.outputs.contains(.initialWeights) { try putInitialWeights(model, run, client) }
        if request.outputs.contains(.batchOrder) { try putBatchOrder(run, client) }
        let before = try run.generalScore(model)
        let curve = Curve()
        let result = try Trainer(model: model, configuration: run.settings.training).run(
            train: run.trainExamples + run.canaryExamples, validation: run.validationExamples,
            hooks: RunHooks(
                onEvent: { report($0, curve) },
                onCheckpoint: { checkpoint in
                    let epoch =
                        Double(checkpoint.step) / Double(max(1, curve.stepsPerEpoch))
                    events.write(
                        .checkpoint(
                            try client.putCheckpoint(
                                step: checkpoint.step, epoch: epoch, isBest: checkpoint.isBest,
                                files: checkpoint.files.sorted { $0.key < $1.key }
                                    .map { ($0.key, $0.value) })))
                }, shouldStop: { StopSignal.hasCome }, savesWhenStopped: true),
            checkpoint: try run.checkpointFiles(client))
        guard !result.stopped else {
            throw EngineFailure(
                "stopped", "the run was stopped at step \(result.steps)",
                hint: "`tundish run resume` goes on from there")
        }
        for hint in CurveJudge.hints(
            losses: result.losses, evaluations: curve.judged,
            configuration: run.settings.training)
        {
            events.write(
                .hint(code: hint.code.rawValue, message: hint.message, parameter: hint.parameter))
        }
        var outcome = RunReport(result: result, labels: model.labels, curve: curve, plan: plan)
        outcome.peakBytes = Memory.peakBytes
        outcome.memorisation = try run.memorisation(model)
        if let before, let after = try run.generalScore(model) {
            outcome.forgetting = ForgettingReport(
                measure: model.generalMeasure, before: before, after: after)
        }
        try putModel(model, run, client)
        if request.outputs.contains(.predictions), !run.validation.isEmpty {
            try putPredictions(try lines(model, run.validation), client)
        }
        try put("metrics.json", CanonicalJSON.encode(outcome.json), client)
        return outcome.summary
    }

    /// What is said before the first step.
    private func announce(_ run: TrainingRun) throws {
        let texts = run.train + run.validation, limit = run.settings.training.maxLength
        if texts.cutCount > 0 {
            events.write(
                .warning(
                    code: "texts-cut",
                    message: "\(texts.cutCount) of \(texts.count) texts are longer than \(limit) "
                        + "tokens and were cut; raise max_length to keep them whole"))
        }
        let silent = run.trainExamples.count { example in
            example.targets?.dropFirst().allSatisfy { $0 == EncodedExample.ignored } ?? false
        }
        if silent > 0, run.source.config.isDecoder {
            events.write(
                .warning(
                    code: "nothing-to-learn",
                    message: "of \(silent) of \(run.train.count) texts nothing is learned: their "
                        + "answers lie behind max_length \(limit), or they have none"))
        }
        if run.source.config.isDecoder {
            let template = try run.source.chatTemplate(run.settings.template)
            events.write(
                .example(text: try run.source.preview(run.train.first, template: template)))
        }
    }

    private func report(_ event: TrainingEvent, _ curve: Curve) {
        switch event {
        case .started(let plan):
            curve.stepsPerEpoch = plan.stepsPerEpoch
            for note in plan.notes { events.write(.warning(code: "note", message: note)) }
        case .step(let step):
            events.write(
                .progress(
                    .init(
                        step: step.step, steps: step.totalSteps, epoch: step.epoch,
                        loss: step.loss, learningRate: step.learningRate,
                        gradientNorm: step.gradientNorm, tokensPerSecond: step.tokensPerSecond,
                        secondsRemaining: step.secondsLeft, residentBytes: step.residentBytes,
                        phase: "train")))
        case .evaluation(let step, let epoch, let evaluation, let isBest):
            let found = EngineEvent.Evaluation(
                split: .validation, step: step, epoch: epoch, isBest: isBest,
                metrics: evaluation.metrics)
            curve.evaluations.append(found)
            events.write(.evaluation(found))
        }
    }
}

/// What the evaluations of a run said, in their order.
final class Curve {
    var stepsPerEpoch = 1
    var evaluations: [EngineEvent.Evaluation] = []

    /// Step, loss and the score that a curve is judged by: the larger the better.
    var judged: [(step: Int, loss: Double, score: Double)] {
        evaluations.map { evaluation in
            let metrics = evaluation.metrics
            let score =
                metrics["macro_f1"] ?? metrics["f1"] ?? metrics.language.map { -$0.loss } ?? 0
            return (evaluation.step, metrics.loss, score)
        }
    }
}
