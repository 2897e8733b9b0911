extension DecoderConfig {
    /// Reads the metadata of a GGUF file with the architecture `llama`, `qwen2` or `gpt2`.
    public init(gguf file: GGUFFile) throws(ModelFilesError) {
        guard let architecture = file.architecture else {
            throw ModelFilesError(
                .missing, "the GGUF file does not name its architecture",
                hint: "Convert the model again: general.architecture is required.")
        }
        guard let family = Family(rawValue: architecture) else {
            throw ModelFilesError(
                .unsupported, "the GGUF file's architecture is \(architecture)",
                hint: "llama, qwen2 and gpt2 are built in.")
        }
        let keys = GGUFKeys(file: file, architecture: architecture)
        let isGPT2 = family == .gpt2
        self.family = family
        hiddenSize = try keys.count("embedding_length")
        layerCount = try keys.count("block_count")
        headCount = try keys.count("attention.head_count")
        keyHeadCount = try keys.count("attention.head_count_kv", default: headCount)
        headWidth = try keys.count("attention.key_length", default: max(1, hiddenSize / headCount))
        intermediateSize = try keys.count("feed_forward_length")
        maxPositions = try keys.count("context_length")
        normEpsilon = try keys.number(
            isGPT2 ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon",
            default: 1e-5)
        rotaryBase = try keys.number("rope.freq_base", default: 10_000)
        initializerRange = 0.02
        let embedding = isGPT2 ? "transformer.wte.weight" : "model.embed_tokens.weight"
        guard let shape = file.shape(embedding), shape.count == 2, shape[0] <= 1 << 24 else {
            throw .missing(tensor: embedding)
        }
        vocabularySize = shape[0]
        tiesEmbeddings = file.shape("lm_head.weight") == nil
        let layer = isGPT2 ? "transformer.h.0.attn." : "model.layers.0.self_attn."
        hasProjectionBias = file.shape(layer + (isGPT2 ? "c_attn.bias" : "q_proj.bias")) != nil
        hasOutputBias = file.shape(layer + (isGPT2 ? "c_proj.bias" : "o_proj.bias")) != nil
        bosID = try keys.token("bos_token_id")
        padID = try keys.token("padding_token_id")
        eosIDs = []
        for key in ["eos_token_id", "eot_token_id"] {
            if let id = try keys.token(key), !eosIDs.contains(id) { eosIDs.append(id) }
        }
        source = [:]
        rotaryScaling = nil
        if !isGPT2 {
            rotaryScaling = try keys.rotaryScaling(base: rotaryBase, headWidth: headWidth)
            try keys.require("rope.dimension_count", headWidth)
            try keys.require("attention.value_length", headWidth)
        }
        try keys.require("expert_count", 0)
        try check("the GGUF file's metadata")
    }
}

extension DecoderConfig {
    /// The keys that llama.cpp needs to know the model.
    var ggufMetadata: [String: GGUFValue] {
        var values: [String: GGUFValue] = [:]
        func add(_ key: String, _ value: Int) {
            values["\(family.rawValue).\(key)"] = .uint32(UInt32(clamping: value))
        }
        values["general.architecture"] = .text(family.rawValue)
        values["general.type"] = .text("model")
        add("context_length", maxPositions)
        add("embedding_length", hiddenSize)
        add("block_count", layerCount)
        add("feed_forward_length", intermediateSize)
        add("attention.head_count", headCount)
        if family == .gpt2 {
            values["gpt2.attention.layer_norm_epsilon"] = .float32(Float(normEpsilon))
        } else {
            let prefix = family.rawValue
            add("vocab_size", vocabularySize)
            add("attention.head_count_kv", keyHeadCount)
            add("rope.dimension_count", headWidth)
            values["\(prefix).attention.layer_norm_rms_epsilon"] = .float32(Float(normEpsilon))
            values["\(prefix).rope.freq_base"] = .float32(Float(rotaryBase))
            if headWidth * headCount != hiddenSize {
                add("attention.key_length", headWidth)
                add("attention.value_length", headWidth)
            }
            if case .linear(let factor) = rotaryScaling {
                values["\(prefix).rope.scaling.type"] = .text("linear")
                values["\(prefix).rope.scaling.factor"] = .float32(Float(factor))
            }
        }
        for (key, id) in [
            ("bos_token_id", bosID), ("eos_token_id", eosIDs.first), ("padding_token_id", padID),
        ] {
            if let id { values["tokenizer.ggml.\(key)"] = .uint32(UInt32(clamping: id)) }
        }
        return values
    }
}

/// The metadata of one architecture, read with errors that name the key.
private struct GGUFKeys {
    let file: GGUFFile
    let architecture: String

    private func value(_ key: String) -> GGUFValue? { file.metadata["\(architecture).\(key)"] }

    private func malformed(_ key: String) -> ModelFilesError {
        ModelFilesError(
            .malformed, "the GGUF file has no usable \(key)", hint: "Convert the model again.")
    }

    /// A whole number above 0. Some keys hold one for each layer, which must then all be equal.
    func count(_ key: String, default standard: Int? = nil) throws(ModelFilesError) -> Int {
        guard let number = value(key).map(\.uniformInteger) ?? standard, number > 0,
            number <= 1 << 24
        else {
            throw malformed("\(architecture).\(key)")
        }
        return number
    }

    func number(_ key: String, default standard: Double) throws(ModelFilesError) -> Double {
        guard let given = value(key) else { return standard }
        // A single's shortest decimal: 1e-05 stays 1e-05.
        let number =
            if case .float32(let single) = given { Double(single.description) } else {
                given.doubleValue
            }
        guard let number, number.isFinite, number > 0 else {
            throw malformed("\(architecture).\(key)")
        }
        return number
    }

    func token(_ key: String) throws(ModelFilesError) -> Int32? {
        guard let given = file.metadata["tokenizer.ggml.\(key)"] else { return nil }
        guard let id = given.intValue.flatMap(Int32.init(exactly:)), id >= 0 else {
            throw malformed("tokenizer.ggml.\(key)")
        }
        return id
    }

    /// Refuses a size that changes the arithmetic.
    func require(_ key: String, _ wanted: Int) throws(ModelFilesError) {
        guard let given = value(key), given.intValue != wanted else { return }
        throw ModelFilesError(
            .unsupported, "the GGUF file has another \(architecture).\(key) than \(wanted)",
            hint: "Use a model of the plain architecture.")
    }

    /// `rope.scaling.*`; or, for Llama 3, what its tensor of factors says.
    func rotaryScaling(base: Double, headWidth: Int) throws(ModelFilesError) -> RotaryScaling? {
        if let factors = try file.rotaryFactors() {
            return try .llama3(factors: factors, base: base, headWidth: headWidth)
        }
        switch value("rope.scaling.type")?.stringValue ?? "none" {
        case "none": return nil
        case "linear": return .linear(factor: try number("rope.scaling.factor", default: 1))
        case let other:
            throw ModelFilesError(
                .unsupported, "the model scales its rotary embeddings by the method \(other)",
                hint: "linear and llama3 are built in.")
        }
    }
}
