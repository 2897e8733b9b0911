/// What an engine can be asked to do.
public enum EngineVerb: String, Sendable, Hashable, CaseIterable {
    /// Say what it can do; needs no data.
    case describe
    /// Learn from the train split, judge on validation, hand back a model or an adapter.
    case train
    /// Score a model on a split. The only verb that may read the test split.
    case evaluate
    /// Label texts.
    case predict
}

/// How the weights are tuned.
public enum TuningMethod: String, Sendable, Hashable, CaseIterable {
    /// All weights.
    case full
    /// Low-rank adapters beside frozen weights (Hu et al. 2021), and the head.
    case lora
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
}

/// Which model a file belongs to.
public enum ModelOrigin: String, Sendable, Hashable, CaseIterable {
    /// The base model, or a fully tuned one.
    case base
    /// The adapter on top of it.
    case adapter
}
