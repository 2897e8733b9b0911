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
    /// What the run spent of privacy; nil without differential privacy.
    public let privacy: PrivacySpent?
    /// ``TunableModel/trainedWeightsDigest()``
    public let weightsDigest: [UInt8]
}
