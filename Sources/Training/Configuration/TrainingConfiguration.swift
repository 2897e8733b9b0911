/// Every setting of a fine-tune, under the names that users of Transformers and PEFT know (see
/// ``init(json:)``), with our defaults.
public struct TrainingConfiguration: Sendable, Hashable {
    /// What is trained.
    public enum Method: String, Sendable, CaseIterable {
        /// Every weight that is not frozen.
        case full
        /// Low-rank adapters (Hu et al. 2021) and the head.
        case lora
        /// The classifier on top of the frozen encoder and pooler.
        case head
    }

    /// How the learning rate goes after the warm-up.
    public enum Schedule: String, Sendable, CaseIterable {
        /// Down to 0 in a straight line.
        case linear
        /// Down to 0 along half a cosine.
        case cosine
        /// Level, without warm-up.
        case constant
        /// Level, after the warm-up.
        case constantWithWarmup = "constant_with_warmup"
    }

    /// When the validation examples are evaluated.
    public enum EvaluationStrategy: String, Sendable, CaseIterable {
        /// Never, but once at the end.
        case no
        /// Every ``evalSteps`` steps.
        case steps
        /// After each epoch.
        case epoch
    }

    /// What decides which weights are the best.
    public enum Metric: String, Sendable, CaseIterable {
        /// Mean cross-entropy; smaller is better.
        case loss
        /// Share of right answers.
        case accuracy
        /// Unweighted mean of the classes' F1.
        case macroF1 = "macro_f1"
    }

    /// Weights of the classes in the loss.
    public enum ClassWeights: Sendable, Hashable {
        /// All alike.
        case equal
        /// count / (classes · count of the class).
        case balanced
        /// One for each label, in the labels' order.
        case given([Double])
    }

    /// What is trained.
    public var method = Method.lora
    /// The highest learning rate; nil means 5e-5 (full), 1e-3 (lora), 1e-2 (head).
    public var learningRate: Double?
    /// Passes over the training examples.
    public var epochs = 3.0
    /// Optimiser steps; above 0 it overrides ``epochs``.
    public var maxSteps = -1
    /// Examples in a batch.
    public var batchSize = 32
    /// Batches whose gradients are added before a step; the same as a batch that many times larger.
    public var accumulationSteps = 1
    /// How the learning rate goes.
    public var schedule = Schedule.linear
    /// Steps from 0 to the highest rate; nil means ``warmupRatio``.
    public var warmupSteps: Int?
    /// Share of the steps that is warm-up, rounded up.
    public var warmupRatio = 0.1
    /// Weight decay; never on biases and norm weights.
    public var weightDecay = 0.01
    /// AdamW's β₁.
    public var beta1 = 0.9
    /// AdamW's β₂.
    public var beta2 = 0.999
    /// AdamW's ε.
    public var epsilon = 1e-8
    /// Gradients are scaled down to this norm; 0 means never.
    public var maxGradientNorm = 1.0
    /// When validation examples are evaluated.
    public var evaluationStrategy = EvaluationStrategy.epoch
    /// Steps between evaluations.
    public var evaluationSteps = 100
    /// Steps between `step` events.
    public var loggingSteps = 10
    /// Whether the best evaluated weights are restored at the end.
    public var loadsBestModel = true
    /// What is best.
    public var metric = Metric.macroF1
    /// Evaluations without improvement after which training stops; 0 means never.
    public var earlyStoppingPatience = 0
    /// Seeds the head, the adapters and dropout.
    public var seed: UInt64 = 42
    /// Seeds the order of the examples; nil means ``seed``.
    public var dataSeed: UInt64?
    /// Label smoothing ε.
    public var labelSmoothing = 0.0
    /// Weights of the classes.
    public var classWeights = ClassWeights.equal
    /// Whether batches are of similar length: less work, since longest first is no longer needed.
    public var groupsByLength = true
    /// Layers, from the first, that stay as they are; above 0 the embeddings do so too.
    public var frozenLayers = 0
    /// Whether the embeddings stay as they are.
    public var freezesEmbeddings = false
    /// Dropout after dense layers.
    public var hiddenDropout = 0.0
    /// Dropout of attention probabilities.
    public var attentionDropout = 0.0
    /// Dropout before the classifier; nil means ``hiddenDropout``.
    public var classifierDropout: Double?
    /// Tokens at which an example is cut.
    public var maxLength = 128
    /// Threads; 0 means one for each processor.
    public var threads = 0
    /// Tokens that go through the model at once; larger batches are cut, without changing the step.
    public var tokensPerPass = 8192
    /// Examples evaluated at once.
    public var evaluationBatchSize = 64
    /// LoRA's rank r.
    public var rank = 8
    /// LoRA's α.
    public var alpha = 16.0
    /// Dropout on the adapters' input.
    public var adapterDropout = 0.0
    /// Ends of the names of the layers that get an adapter: query, key, value, dense.
    public var targetModules = ["query", "value"]
    /// Layers that get adapters; nil for all.
    public var adapterLayers: [Int]?
    /// rsLoRA: scale α/√r.
    public var usesRankStabilization = false

    /// The defaults.
    public init() {}

    /// The learning rate, with its default.
    public var effectiveLearningRate: Double {
        learningRate ?? [.full: 5e-5, .lora: 1e-3, .head: 1e-2][method] ?? 1e-3
    }

    /// The factor of B·A.
    public var adapterScale: Double {
        usesRankStabilization ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
    }
}
