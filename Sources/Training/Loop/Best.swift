import Kernels
import Records

/// The best weights so far, by the metric of the settings.
struct Best {
    private let trainer: Trainer
    private let metric: TrainingConfiguration.Metric
    private var weights: Floats?
    private var latest: (evaluation: Evaluation, step: Int)?
    private var best: (value: Double, evaluation: Evaluation?, step: Int)?
    private var evaluationsSince = 0

    init(_ trainer: Trainer) {
        self.trainer = trainer
        metric = trainer.metric
    }

    /// The step of the latest evaluation; 0 before the first.
    var step: Int { latest?.step ?? 0 }

    /// Takes an evaluation of the present weights; says whether they are the best so far.
    mutating func offer(_ evaluation: Evaluation, step: Int) -> Bool {
        latest = (evaluation, step)
        let value = evaluation.value(of: metric) ?? -.infinity
        if let best {
            guard metric.isBetterSmaller ? value < best.value : value > best.value else {
                evaluationsSince += 1
                return false
            }
        }
        best = (value, evaluation, step)
        evaluationsSince = 0
        if trainer.configuration.loadsBestModel { keep(trainer.network.store.trained) }
        return true
    }

    private mutating func keep(_ trained: Floats) {
        let room = weights ?? FloatStorage(count: trained.count).floats
        room.copy(from: trained)
        weights = room
    }

    /// Whether `patience` evaluations in a row were no better.
    func isExhausted(_ patience: Int) -> Bool { patience > 0 && evaluationsSince >= patience }

    /// Puts the best weights back; says which step's the model now holds, with their evaluation,
    /// which is made again if the run was resumed since.
    func restore(
        at step: Int, judging validation: [EncodedExample]
    ) throws(TrainingError) -> (step: Int, evaluation: Evaluation?) {
        guard trainer.configuration.loadsBestModel, let best, best.step != step, let weights else {
            return (step, latest?.step == step ? latest?.evaluation : nil)
        }
        trainer.network.store.trained.copy(from: weights)
        trainer.network.merge()
        if let evaluation = best.evaluation { return (best.step, evaluation) }
        return (best.step, try trainer.model.evaluate(validation))
    }

    // MARK: Checkpoints

    /// Whether the weights of `step` are the best.
    func isBest(_ step: Int) -> Bool { best?.step == step }

    /// What a checkpoint at `step` keeps of this.
    func state(at step: Int) -> (json: JSONValue, weights: Floats?) {
        guard let best else { return (nil, nil) }
        return (
            [
                "value": .double(best.value), "step": .integer(best.step),
                "since": .integer(evaluationsSince),
            ],
            best.step == step ? nil : weights
        )
    }

    /// Takes up what a checkpoint kept.
    mutating func resume(_ files: CheckpointFiles, at step: Int) throws(TrainingError) {
        guard let state = files.state["best"], !state.isNull else { return }
        guard let value = state["value"]?.doubleValue, let bestStep = state["step"]?.intValue,
            let since = state["since"]?.intValue
        else { throw CheckpointFiles.damaged("does not say which weights are best") }
        best = (value, nil, bestStep)
        evaluationsSince = since
        guard trainer.configuration.loadsBestModel else { return }
        let store = trainer.network.store
        weights =
            bestStep == step
            ? Floats(store.trained.array)
            : Floats(try files.floats("best", count: store.trained.count))
    }
}

extension Trainer {
    /// What decides which weights are the best, with its default for the task.
    var metric: TrainingConfiguration.Metric {
        if let metric = configuration.metric { return metric }
        return switch model.task {
        case .sequenceClassification: .macroF1
        case .tokenClassification: .f1
        case .causalLanguageModel: .loss
        }
    }
}
