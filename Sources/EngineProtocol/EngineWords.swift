/// What an engine can be asked to do.
public enum EngineVerb: String, Sendable, Hashable, CaseIterable {
    /// Say what it can do; needs no data.
    case describe
    /// Say what a training run would take, and whether it fits, before anything is trained.
    case plan
    /// Learn from the train split, judge on validation, hand back a model or an adapter.
    case train
    /// Score a model on a split. The only verb that may read the test split.
    case evaluate
    /// Label texts.
    case predict
    /// Answer chats, or go on with texts.
    case generate
    /// Tag each word of texts.
    case tag
    /// Say how a model sees texts: a vector, or scores.
    case probe

    /// Whether a long-lived worker can be asked for it, job after job.
    public var isForWorkers: Bool {
        switch self {
        case .predict, .generate, .tag, .probe: true
        case .describe, .plan, .train, .evaluate: false
        }
    }
}

/// What a model learns to do.
public enum EngineTask: String, Sendable, Hashable, CaseIterable {
    /// One label for each text.
    case sequenceClassification = "sequence-classification"
    /// One tag for each word.
    case tokenClassification = "token-classification"
    /// The next token: chats, instructions, plain text.
    case causalLM = "causal-lm"
    /// To prefer chosen answers to rejected ones (DPO, Rafailov et al. 2023).
    case preference
}

/// How the weights are tuned.
public enum TuningMethod: String, Sendable, Hashable, CaseIterable {
    /// All weights.
    case full
    /// All weights but those of the first layers and the embeddings.
    case freeze
    /// Low-rank adapters beside frozen weights (Hu et al. 2021), and the head.
    case lora
    /// Low-rank adapters beside frozen weights that stay quantised (Dettmers et al. 2023).
    case qlora
    /// Bottleneck adapters between frozen layers (Houlsby et al. 2019, Pfeiffer et al. 2021).
    case adapter
    /// The classifier's head alone.
    case head
}

/// Extra artifacts that a run may be asked for.
public enum RunOutput: String, Sendable, Hashable, CaseIterable {
    /// `batch_order.json`: the rows of every batch, to repeat a run in another framework.
    case batchOrder = "batch-order"
    /// `predictions.jsonl`: what the model says on each record of the validation split.
    case predictions
    /// The trained tensors before the first step: `initial_adapter_model.safetensors` or
    /// `initial_model.safetensors`.
    case initialWeights = "initial-weights"
    /// `model.safetensors` and `config.json`: the whole model, adapters merged into their base; for
    /// `predict` without texts.
    case mergedModel = "merged-model"
    /// `model.gguf`: the same as one GGUF file.
    case gguf
}

/// Which model a file belongs to.
public enum ModelOrigin: String, Sendable, Hashable, CaseIterable {
    /// The base model, or a fully tuned one.
    case base
    /// The adapter on top of it.
    case adapter
    /// The checkpoint that a run goes on from.
    case checkpoint
}
