public import Records

/// What a run is about to do.
public struct RunPlan: Sendable, Hashable {
    /// Optimiser steps.
    public let totalSteps: Int
    /// Optimiser steps in one epoch.
    public let stepsPerEpoch: Int
    /// Training and validation examples.
    public let trainExamples: Int
    /// Validation examples.
    public let validationExamples: Int
    /// Tokens of the training examples.
    public let trainTokens: Int
    /// Weights that training changes.
    public let trainableParameters: Int
    /// All weights.
    public let totalParameters: Int
    /// Threads.
    public let threads: Int
    /// OpenBLAS's core.
    public let coreName: String
    /// Bytes set aside for activations, gradients and optimiser.
    public let workingBytes: Int
    /// What a user should know, e.g. that the outputs of frozen layers are kept.
    public let notes: [String]
}

/// One optimiser step.
public struct StepReport: Sendable, Hashable {
    /// From 1.
    public let step: Int
    /// Steps of the run.
    public let totalSteps: Int
    /// Epochs done, with fraction.
    public let epoch: Double
    /// Mean loss of the steps since the last report, each before its update.
    public let loss: Double
    /// This step's rate.
    public let learningRate: Double
    /// Norm of this step's gradient, before clipping.
    public let gradientNorm: Double
    /// Since the last report.
    public let tokensPerSecond: Double
    /// Estimated, to the end of the run.
    public let secondsLeft: Double
    /// Memory of the process.
    public let residentBytes: Int
}

/// What happens in a run.
public enum TrainingEvent: Sendable {
    /// Before the first step.
    case started(RunPlan)
    /// Every `logging_steps`, and after the last step.
    case step(StepReport)
    /// After an evaluation on the validation examples.
    case evaluation(step: Int, epoch: Double, Evaluation, isBest: Bool)

    /// One flat object: `event` and the members in snake case.
    public var json: JSONValue {
        switch self {
        case .started(let plan):
            [
                "event": "started", "total_steps": .integer(plan.totalSteps),
                "steps_per_epoch": .integer(plan.stepsPerEpoch),
                "train_examples": .integer(plan.trainExamples),
                "validation_examples": .integer(plan.validationExamples),
                "train_tokens": .integer(plan.trainTokens),
                "trainable_parameters": .integer(plan.trainableParameters),
                "total_parameters": .integer(plan.totalParameters),
                "threads": .integer(plan.threads), "core_name": .string(plan.coreName),
                "working_bytes": .integer(plan.workingBytes),
                "notes": .array(plan.notes.map { .string($0) }),
            ]
        case .step(let report):
            [
                "event": "step", "step": .integer(report.step),
                "total_steps": .integer(report.totalSteps), "epoch": .double(report.epoch),
                "loss": .double(report.loss), "learning_rate": .double(report.learningRate),
                "gradient_norm": .double(report.gradientNorm),
                "tokens_per_second": .double(report.tokensPerSecond),
                "seconds_left": .double(report.secondsLeft),
                "resident_bytes": .integer(report.residentBytes),
            ]
        case .evaluation(let step, let epoch, let evaluation, let isBest):
            .object(
                (evaluation.json.objectValue ?? [:]).merging([
                    "event": "evaluation", "step": .integer(step), "epoch": .double(epoch),
                    "is_best": .bool(isBest),
                ]) { $1 })
        }
    }
}

/// What a run came to. The model holds the weights.
public struct TrainingResult: Sendable, Hashable {
    /// Steps done.
    public let steps: Int
    /// The step whose weights the model holds.
    public let bestStep: Int
    /// Whether early stopping ended the run.
    public let stoppedEarly: Bool
    /// Whether the caller ended the run.
    public let stopped: Bool
    /// Wall-clock seconds.
    public let seconds: Double
    /// Loss of each step, before its update.
    public let losses: [Double]
    /// Rate of each step.
    public let learningRates: [Double]
    /// Gradient norm of each step, before clipping.
    public let gradientNorms: [Double]
    /// Of the weights that the model holds; nil without validation examples.
    public let finalEvaluation: Evaluation?
    /// ``SequenceClassifier/trainedWeightsDigest()``
    public let weightsDigest: [UInt8]

    /// Flat members; `final_evaluation` is an object.
    public var json: JSONValue {
        [
            "steps": .integer(steps), "best_step": .integer(bestStep),
            "stopped_early": .bool(stoppedEarly), "stopped": .bool(stopped),
            "seconds": .double(seconds), "losses": .array(losses.map { .double($0) }),
            "learning_rates": .array(learningRates.map { .double($0) }),
            "gradient_norms": .array(gradientNorms.map { .double($0) }),
            "final_evaluation": finalEvaluation?.json ?? nil,
            "weights_digest": .string(Hex.encode(weightsDigest)),
        ]
    }
}
