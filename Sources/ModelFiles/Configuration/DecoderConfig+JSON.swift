public import Records

extension DecoderConfig {
    /// A `config.json`, loadable by `AutoModelForCausalLM`: what the model's own said, without its
    /// path and the type of its weights, and what this value says.
    public func json() -> JSONValue {
        var members = source
        for name in ["_name_or_path", "dtype", "torch_dtype", "rope_parameters", "rope_scaling"] {
            members[name] = nil
        }
        members["model_type"] = .string(family.rawValue)
        members["vocab_size"] = .integer(vocabularySize)
        members["initializer_range"] = .double(initializerRange)
        members["tie_word_embeddings"] = .bool(tiesEmbeddings)
        members["bos_token_id"] = bosID.map { .integer(Int($0)) } ?? nil
        members["pad_token_id"] = padID.map { .integer(Int($0)) } ?? nil
        let ends = eosIDs.map { JSONValue.integer(Int($0)) }
        members["eos_token_id"] = ends.isEmpty ? .null : ends.count == 1 ? ends[0] : .array(ends)
        if family == .gpt2 {
            addGPT2Members(&members)
        } else {
            addLlamaMembers(&members)
        }
        return .object(members)
    }

    private func addGPT2Members(_ members: inout [String: JSONValue]) {
        members["architectures"] = ["GPT2LMHeadModel"]
        members["n_embd"] = .integer(hiddenSize)
        members["n_layer"] = .integer(layerCount)
        members["n_head"] = .integer(headCount)
        members["n_inner"] = .integer(intermediateSize)
        members["n_positions"] = .integer(maxPositions)
        members["layer_norm_epsilon"] = .double(normEpsilon)
        members["activation_function"] = members["activation_function"] ?? "gelu_new"
    }

    private func addLlamaMembers(_ members: inout [String: JSONValue]) {
        members["architectures"] = [
            family == .qwen2 ? "Qwen2ForCausalLM" : "LlamaForCausalLM"
        ]
        members["hidden_act"] = "silu"
        members["hidden_size"] = .integer(hiddenSize)
        members["num_hidden_layers"] = .integer(layerCount)
        members["num_attention_heads"] = .integer(headCount)
        members["num_key_value_heads"] = .integer(keyHeadCount)
        members["head_dim"] = .integer(headWidth)
        members["intermediate_size"] = .integer(intermediateSize)
        members["max_position_embeddings"] = .integer(maxPositions)
        members["rms_norm_eps"] = .double(normEpsilon)
        // The older pair of members, which every version of Transformers reads.
        members["rope_theta"] = .double(rotaryBase)
        if let rotaryScaling { members["rope_scaling"] = rotaryScaling.json }
        if family == .llama { members["attention_bias"] = .bool(hasOutputBias) }
    }
}
