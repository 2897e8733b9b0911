public import Records

/// The `config.json` of a BERT-type encoder, as Hugging Face Transformers writes it.
public struct EncoderConfig: Sendable, Hashable {
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
    /// Rows of the position embedding: the longest input in tokens.
    public var maxPositions: Int
    /// Rows of the token type embedding.
    public var typeVocabularySize: Int
    /// Added to the variance in layer normalisation.
    public var normEpsilon: Double
    /// Standard deviation of new weights.
    public var initializerRange: Double
    /// The labels by index, if the model is a classifier that names them.
    public var labels: [String]?
    /// Everything the file says.
    public var source: [String: JSONValue]

    /// Reads a `config.json`.
    public init(bytes: [UInt8]) throws(ModelFilesError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ModelFilesError(
                .malformed, "config.json is not JSON: \(error)", hint: "Fetch the model again.")
        }
        try self.init(json: value)
    }

    /// Reads the parsed members of a `config.json`.
    public init(json: JSONValue) throws(ModelFilesError) {
        guard case .object(let members) = json else {
            throw ModelFilesError(
                .malformed, "config.json is not an object", hint: "Fetch the model again.")
        }
        let type = members["model_type"]?.stringValue ?? "bert"
        guard type == "bert" else {
            throw ModelFilesError(
                .unsupported, "the model is of type \(type)",
                hint: "Use a BERT-type encoder (model_type bert), e.g. all-MiniLM-L6-v2.")
        }
        func count(_ name: String, _ standard: Int? = nil) throws(ModelFilesError) -> Int {
            let value = members[name].map(\.intValue) ?? standard
            guard let value, value > 0, value <= 1 << 24 else {
                throw ModelFilesError(
                    .malformed, "config.json has no usable \(name)",
                    hint: "It must be a whole number above 0.")
            }
            return value
        }
        hiddenSize = try count("hidden_size")
        layerCount = try count("num_hidden_layers")
        headCount = try count("num_attention_heads")
        intermediateSize = try count("intermediate_size")
        vocabularySize = try count("vocab_size")
        maxPositions = try count("max_position_embeddings", 512)
        typeVocabularySize = try count("type_vocab_size", 2)
        normEpsilon = members["layer_norm_eps"]?.doubleValue ?? 1e-12
        initializerRange = members["initializer_range"]?.doubleValue ?? 0.02
        guard hiddenSize % headCount == 0 else {
            throw ModelFilesError(
                .malformed, "hidden_size \(hiddenSize) is not a multiple of the \(headCount) heads",
                hint: "Fetch the model again.")
        }
        for (name, wanted) in [("hidden_act", "gelu"), ("position_embedding_type", "absolute")] {
            if let found = members[name]?.stringValue, found != wanted {
                throw ModelFilesError(
                    .unsupported, "the model has \(name) \(found)",
                    hint: "Only \(wanted) is built in.")
            }
        }
        labels = Self.labels(members["id2label"])
        source = members
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
    /// `AutoModelForSequenceClassification`.
    public func json(labels: [String]) -> JSONValue {
        var members = source
        for name in ["_name_or_path", "num_labels"] { members[name] = nil }
        members["architectures"] = ["BertForSequenceClassification"]
        members["model_type"] = "bert"
        members["problem_type"] = "single_label_classification"
        var names: [String: JSONValue] = [:]
        var indexes: [String: JSONValue] = [:]
        for (index, label) in labels.enumerated() {
            names[String(index)] = .string(label)
            indexes[label] = .integer(index)
        }
        members["id2label"] = .object(names)
        members["label2id"] = .object(indexes)
        return .object(members)
    }
}
