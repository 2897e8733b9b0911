public import Records

/// What a decoder's `config.json`, or the metadata of its GGUF file, says of the model.
public struct DecoderConfig: Sendable, Hashable {
    /// The kinds of decoder.
    public enum Family: String, Sendable, CaseIterable {
        /// Touvron et al. 2023, Llama 3, SmolLM2: RMS norm, rotary positions, SwiGLU.
        case llama
        /// Yang et al. 2024: as Llama, with biases on queries, keys and values.
        case qwen2
        /// Radford et al. 2019: layer norm, learned positions, GELU, biases everywhere.
        case gpt2
    }

    /// The kind of decoder.
    public var family: Family
    /// Width of a token's vector.
    public var hiddenSize: Int
    /// Decoder layers.
    public var layerCount: Int
    /// Attention heads.
    public var headCount: Int
    /// Heads of keys and values; divides ``headCount``, less with grouped-query attention.
    public var keyHeadCount: Int
    /// Width of a head; even for rotary positions.
    public var headWidth: Int
    /// Width of the feed-forward part.
    public var intermediateSize: Int
    /// Rows of the word embedding.
    public var vocabularySize: Int
    /// The longest input, in tokens.
    public var maxPositions: Int
    /// Added to the mean square, or variance, in normalisation.
    public var normEpsilon: Double
    /// The base of the rotary embeddings' wavelengths; without meaning for GPT-2.
    public var rotaryBase: Double
    /// How rotary angles are stretched; nil if they are not.
    public var rotaryScaling: RotaryScaling?
    /// Standard deviation of new weights.
    public var initializerRange: Double
    /// Whether the projections of queries, keys and values have biases.
    public var hasProjectionBias: Bool
    /// Whether the attention's output projection has one (a Llama with `attention_bias`, GPT-2).
    public var hasOutputBias: Bool
    /// Whether the output layer is the word embedding.
    public var tiesEmbeddings: Bool
    /// The token that starts a text.
    public var bosID: Int32?
    /// The token that fills up a batch.
    public var padID: Int32?
    /// The tokens that end a text.
    public var eosIDs: [Int32]
    /// Everything the file says; empty for a GGUF file.
    public var source: [String: JSONValue]

    /// Reads a `config.json`.
    public init(bytes: [UInt8]) throws(ModelFilesError) {
        try self.init(ConfigMembers(bytes: bytes))
    }

    init(_ members: ConfigMembers) throws(ModelFilesError) {
        guard let family = Family(rawValue: members.modelType) else {
            throw ModelFilesError(
                .unsupported, "the model is of type \(members.modelType), which is no decoder",
                hint: "Use llama, qwen2 or gpt2, e.g. SmolLM2.")
        }
        self.family = family
        vocabularySize = try members.count("vocab_size")
        initializerRange = try members.number("initializer_range", default: 0.02)
        tiesEmbeddings = members.flag("tie_word_embeddings", default: family == .gpt2)
        bosID = try members.token("bos_token_id")
        padID = try members.token("pad_token_id")
        eosIDs = try members.tokens("eos_token_id")
        source = members.values
        if family == .gpt2 {
            hiddenSize = try members.count("n_embd")
            layerCount = try members.count("n_layer")
            headCount = try members.count("n_head")
            keyHeadCount = headCount
            headWidth = hiddenSize / headCount
            intermediateSize = try members.count("n_inner", default: 4 * hiddenSize)
            maxPositions = try members.count("n_positions", default: 1024)
            normEpsilon = try members.number("layer_norm_epsilon", default: 1e-5)
            rotaryBase = 10_000
            rotaryScaling = nil
            hasProjectionBias = true
            hasOutputBias = true
            try members.require("activation_function", oneOf: ["gelu_new", "gelu_pytorch_tanh"])
            try members.require("scale_attn_weights", is: true)
            try members.require("scale_attn_by_inverse_layer_idx", is: false)
            try members.require("add_cross_attention", is: false)
        } else {
            hiddenSize = try members.count("hidden_size")
            layerCount = try members.count("num_hidden_layers")
            headCount = try members.count("num_attention_heads")
            keyHeadCount = try members.count("num_key_value_heads", default: headCount)
            headWidth = try members.count("head_dim", default: max(1, hiddenSize / headCount))
            intermediateSize = try members.count("intermediate_size")
            maxPositions = try members.count("max_position_embeddings", default: 2048)
            normEpsilon = try members.number("rms_norm_eps", default: 1e-6)
            let rotary = members["rope_parameters"] ?? members["rope_scaling"]
            rotaryBase = try ConfigMembers(rotary?.objectValue ?? [:]).number(
                "rope_theta", default: members.number("rope_theta", default: 10_000))
            rotaryScaling = try RotaryScaling(json: rotary)
            hasOutputBias = family == .llama && members.flag("attention_bias")
            hasProjectionBias = family == .qwen2 || hasOutputBias
            try members.require("hidden_act", oneOf: ["silu"])
            try members.require("mlp_bias", is: false)
            try members.require("use_sliding_window", is: false)
        }
        try members.requirePlainWeights()
        try check("config.json")
    }

    /// Sizes that do not fit each other are refused.
    func check(_ file: String) throws(ModelFilesError) {
        let problem: String? =
            if headCount % keyHeadCount != 0 {
                "\(headCount) heads are not a multiple of \(keyHeadCount) key heads"
            } else if family == .gpt2, hiddenSize % headCount != 0 {
                "the width \(hiddenSize) is not a multiple of the \(headCount) heads"
            } else if family != .gpt2, headWidth % 2 != 0 {
                "a head is \(headWidth) wide, which rotary embeddings cannot halve"
            } else if !([bosID, padID].compactMap(\.self) + eosIDs).allSatisfy({
                $0 < vocabularySize
            }) {
                "a special token lies outside the vocabulary of \(vocabularySize)"
            } else {
                nil
            }
        guard let problem else { return }
        throw ModelFilesError(.malformed, "\(file): \(problem)", hint: "Fetch the model again.")
    }
}
