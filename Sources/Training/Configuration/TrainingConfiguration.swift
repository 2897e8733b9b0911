/// Every setting of a fine-tune, under the names that users of Transformers and PEFT know (see
/// ``init(json:)``), with our defaults.
public struct TrainingConfiguration: Sendable, Hashable {
    /// What is trained.
    public enum Method: String, Sendable, CaseIterable {
        /// Every weight that is not frozen.
        case full
        /// The same, with the embeddings and the first layers frozen: two thirds of them, unless
        /// ``frozenLayers`` says how many.
        case freeze
        /// Low-rank adapters (Hu et al. 2021) and the head.
        case lora
        /// The same on a base whose linear layers stay quantised (Dettmers et al. 2023).
        case qlora
        /// Bottleneck adapters (Houlsby et al. 2019) and the head.
        case adapter
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
        /// F1 of whole spans, for token classification.
        case f1
        /// exp of the loss; smaller is better.
        case perplexity

        /// Whether a smaller value is better.
        public var isBetterSmaller: Bool { self == .loss || self == .perplexity }
    }

    /// How frozen weights are kept under ``Method/qlora``.
    public enum Quantization: String, Sendable, CaseIterable {
        /// 4-bit NormalFloat with double quantisation.
        case nf4
        /// The blocks of the GGUF file, as they are.
        case gguf
    }

    /// Where bottleneck adapters stand.
    public enum AdapterStyle: String, Sendable, CaseIterable {
        /// Behind attention and behind the feed-forward part (Houlsby et al. 2019).
        case houlsby
        /// Behind the feed-forward part alone (Pfeiffer et al. 2021).
        case pfeiffer
    }

    /// What is between the two products of a bottleneck adapter.
    public enum AdapterActivation: String, Sendable, CaseIterable {
        /// max(0, x)
        case relu
        /// x Φ(x)
        case gelu
    }

    /// When a checkpoint is made.
    public enum SaveStrategy: String, Sendable, CaseIterable {
        /// Never.
        case no
        /// Every ``saveSteps`` steps.
        case steps
        /// After each epoch.
        case epoch
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
    /// The highest learning rate; nil means 5e-5 (full), 1e-4 (freeze), 1e-3 (lora, qlora,
    /// adapter), 1e-2 (head); for decoders 2e-4 with adapters.
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
    /// What is best; nil means ``Metric/macroF1`` for texts, ``Metric/f1`` for words, and
    /// ``Metric/loss`` for language models.
    public var metric: Metric?
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
    /// Layers, from the first, that stay as they are; above 0 the embeddings do so too. Nil means
    /// none, or what ``Method/freeze`` takes.
    public var frozenLayers: Int?
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
    /// Nil means 8192 for encoders, 512 for decoders, and 256 under ``Method/qlora``.
    public var tokensPerPass: Int?
    /// Examples evaluated at once.
    public var evaluationBatchSize = 64
    /// LoRA's rank r.
    public var rank = 8
    /// LoRA's α.
    public var alpha = 16.0
    /// Dropout on the adapters' input.
    public var adapterDropout = 0.0
    /// Ends of the names of the layers that get a low-rank adapter, or `all-linear` alone; nil means
    /// queries and values of an encoder, and all of attention's layers of a decoder.
    public var targetModules: [String]?
    /// Layers that get adapters; nil for all.
    public var adapterLayers: [Int]?
    /// rsLoRA: scale α/√r.
    public var usesRankStabilization = false
    /// DoRA: the adapted weights' norms are trained apart (Liu et al. 2024).
    public var usesDoRA = false
    /// How ``Method/qlora`` keeps frozen weights; nil means the file's own blocks if it has some,
    /// else NF4.
    public var quantization: Quantization?
    /// Where bottleneck adapters stand.
    public var adapterStyle = AdapterStyle.pfeiffer
    /// The model's width is divided by this to give a bottleneck's.
    public var reductionFactor = 16
    /// What is between the two products of a bottleneck adapter.
    public var adapterActivation = AdapterActivation.relu
    /// When checkpoints are made.
    public var saveStrategy = SaveStrategy.no
    /// Steps between checkpoints.
    public var saveSteps = 100
    /// Checkpoints that are kept; 0 means all.
    public var saveTotalLimit = 1
    /// Differential privacy; nil means none.
    public var privacy: Privacy?
    /// DPO's β.
    public var preferenceBeta = 0.1
    /// Resamplings for confidence intervals; 0 means none.
    public var bootstrapSamples = 1000

    /// The defaults.
    public init() {}

    /// The learning rate, with its default for an encoder.
    public var effectiveLearningRate: Double { learningRate ?? defaultLearningRate(decoder: false) }

    /// The learning rate that the method takes if none is given.
    public func defaultLearningRate(decoder: Bool) -> Double {
        switch method {
        case .full: 5e-5
        case .freeze: 1e-4
        case .lora, .qlora, .adapter: decoder ? 2e-4 : 1e-3
        case .head: 1e-2
        }
    }

    /// The factor of B·A.
    public var adapterScale: Double {
        usesRankStabilization ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
    }
}
