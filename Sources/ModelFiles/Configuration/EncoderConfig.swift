public import Records

/// The `config.json` of a BERT-type encoder, as Hugging Face Transformers writes it.
public struct EncoderConfig: Sendable, Hashable {
    /// The kinds of encoder, which differ in their tensors' names and their embeddings.
    public enum Family: String, Sendable, CaseIterable {
        /// Devlin et al. 2018: absolute positions, token types, a pooler.
        case bert
        /// Sanh et al. 2019: no token types, no pooler.
        case distilbert
        /// Liu et al. 2019, and XLM-RoBERTa: positions that start behind the padding's index.
        case roberta
    }

    /// What a head on the encoder is for.
    public enum Task: String, Sendable, CaseIterable {
        /// One label for the whole text.
        case sequenceClassification = "SequenceClassification"
        /// One label for each token.
        case tokenClassification = "TokenClassification"
    }

    /// The kind of encoder.
    public var family: Family
    /// Width of a token's vector.
    public var hiddenSize: Int
    /// Encoder layers.
    public var layerCount: Int
    /// Attention heads; divides ``hiddenSize``.
    public var headCount: Int
    /// Width of the feed-forward part.
    public var intermediateSize: Int
    /// Rows of the word embedding.
    public var vocabularySize: Int
    /// Rows of the position embedding; ``longestInput`` may be less.
    public var maxPositions: Int
    /// Rows of the token type embedding; 0 where the family has none.
    public var typeVocabularySize: Int
    /// The id of the padding token. A RoBERTa's first token is at position `paddingIndex + 1`.
    public var paddingIndex: Int
    /// Added to the variance in layer normalisation.
    public var normEpsilon: Double
    /// Standard deviation of new weights.
    public var initializerRange: Double
    /// The labels by index, if the model is a classifier that names them.
    public var labels: [String]?
    /// Everything the file says.
    public var source: [String: JSONValue]

    /// The position of a text's first token.
    public var firstPosition: Int { family == .roberta ? paddingIndex + 1 : 0 }

    /// The longest input, in tokens.
    public var longestInput: Int { maxPositions - firstPosition }

    /// Reads a `config.json`.
    public init(bytes: [UInt8]) throws(ModelFilesError) {
        try self.init(ConfigMembers(bytes: bytes))
    }

    /// Reads the parsed members of a `config.json`.
    public init(json: JSONValue) throws(ModelFilesError) {
        try self.init(ConfigMembers(json: json))
    }

    init(_ members: ConfigMembers) throws(ModelFilesError) {
        switch members.modelType {
        case "bert": family = .bert
        case "distilbert": family = .distilbert
        case "roberta", "xlm-roberta": family = .roberta
        default:
            throw ModelFilesError(
                .unsupported, "the model is of type \(members.modelType), which is no encoder",
                hint: "Use bert, distilbert, roberta or xlm-roberta, e.g. all-MiniLM-L6-v2.")
        }
        let names = MemberNames(family)
        hiddenSize = try members.count(names.hiddenSize)
        layerCount = try members.count(names.layerCount)
        headCount = try members.count(names.headCount)
        intermediateSize = try members.count(names.intermediateSize)
        vocabularySize = try members.count("vocab_size")
        maxPositions = try members.count("max_position_embeddings", default: 512)
        typeVocabularySize =
            family == .distilbert ? 0 : try members.count("type_vocab_size", default: 2)
        paddingIndex = Int(try members.token("pad_token_id") ?? (family == .roberta ? 1 : 0))
        normEpsilon = try members.number("layer_norm_eps", default: 1e-12)
        initializerRange = try members.number("initializer_range", default: 0.02)
        labels = Self.labels(members["id2label"])
        source = members.values
        guard hiddenSize % headCount == 0 else {
            throw ModelFilesError(
                .malformed, "the width \(hiddenSize) is not a multiple of the \(headCount) heads",
                hint: "Fetch the model again.")
        }
        guard paddingIndex < vocabularySize, firstPosition < maxPositions else {
            throw ModelFilesError(
                .malformed, "config.json has a pad_token_id outside the vocabulary or positions",
                hint: "Fetch the model again.")
        }
        try members.require(names.activation, oneOf: ["gelu"])
        try members.require("position_embedding_type", oneOf: ["absolute"])
        try members.require("is_decoder", is: false)
        try members.requirePlainWeights()
    }

    /// `id2label` is an object from "0", "1", … to names; anything with a gap is no label list.
    private static func labels(_ value: JSONValue?) -> [String]? {
        guard let members = value?.objectValue, !members.isEmpty else { return nil }
        var labels: [String] = []
        for index in 0..<members.count {
            guard let name = members[String(index)]?.stringValue else { return nil }
            labels.append(name)
        }
        return labels
    }

    /// A `config.json` for a classifier with `labels`, loadable by
    /// `AutoModelForSequenceClassification` or `AutoModelForTokenClassification`.
    public func json(
        labels: [String], task: Task = .sequenceClassification
    ) -> JSONValue {
        var members = source
        for name in ["_name_or_path", "dtype", "torch_dtype", "num_labels", "problem_type"] {
            members[name] = nil
        }
        let names = MemberNames(family)
        let isMultilingual = source["model_type"] == "xlm-roberta"
        members["architectures"] = [
            .string("\(isMultilingual ? "XLMRoberta" : names.className)For\(task.rawValue)")
        ]
        members["model_type"] = isMultilingual ? "xlm-roberta" : .string(family.rawValue)
        if task == .sequenceClassification {
            members["problem_type"] = "single_label_classification"
        }
        var byIndex: [String: JSONValue] = [:]
        var byLabel: [String: JSONValue] = [:]
        for (index, label) in labels.enumerated() {
            byIndex[String(index)] = .string(label)
            byLabel[label] = .integer(index)
        }
        members["id2label"] = .object(byIndex)
        members["label2id"] = .object(byLabel)
        return .object(members)
    }
}

/// What a family calls the members that they all have.
private struct MemberNames {
    let className: String
    let hiddenSize: String
    let layerCount: String
    let headCount: String
    let intermediateSize: String
    let activation: String

    init(_ family: EncoderConfig.Family) {
        let isDistilled = family == .distilbert
        className =
            switch family {
            case .bert: "Bert"
            case .distilbert: "DistilBert"
            case .roberta: "Roberta"
            }
        hiddenSize = isDistilled ? "dim" : "hidden_size"
        layerCount = isDistilled ? "n_layers" : "num_hidden_layers"
        headCount = isDistilled ? "n_heads" : "num_attention_heads"
        intermediateSize = isDistilled ? "hidden_dim" : "intermediate_size"
        activation = isDistilled ? "activation" : "hidden_act"
    }
}
