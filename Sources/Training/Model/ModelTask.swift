/// What a model is tuned for.
public enum ModelTask: Sendable, Hashable {
    /// One label for a text; the labels by index.
    case sequenceClassification(labels: [String])
    /// One label for each word of a text; the labels by index.
    case tokenClassification(labels: [String])
    /// The next token of a text.
    case causalLanguageModel

    /// The labels by index; none for a language model.
    public var labels: [String] {
        switch self {
        case .sequenceClassification(let labels), .tokenClassification(let labels): labels
        case .causalLanguageModel: []
        }
    }

    /// The name in an adapter's `task_type` and a checkpoint's description.
    public var name: String {
        switch self {
        case .sequenceClassification: "SEQ_CLS"
        case .tokenClassification: "TOKEN_CLS"
        case .causalLanguageModel: "CAUSAL_LM"
        }
    }
}
