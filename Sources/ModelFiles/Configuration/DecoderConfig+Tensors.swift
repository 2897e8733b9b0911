extension DecoderConfig {
    /// Every weight that a model of this configuration has, by Hugging Face's names, with its shape.
    public var tensors: [TensorOutline] {
        var list: [TensorOutline] = []
        func add(_ name: String, _ shape: Int...) {
            list.append(TensorOutline(name: name, shape: shape))
        }
        let (wide, inner) = (hiddenSize, intermediateSize)
        guard family != .gpt2 else {
            func addBoth(_ name: String, _ shape: Int...) {
                list.append(TensorOutline(name: "\(name).weight", shape: shape))
                add("\(name).bias", shape[shape.count - 1])
            }
            add("transformer.wte.weight", vocabularySize, wide)
            add("transformer.wpe.weight", maxPositions, wide)
            for layer in 0..<layerCount {
                let prefix = "transformer.h.\(layer)."
                addBoth(prefix + "ln_1", wide)
                addBoth(prefix + "attn.c_attn", wide, 3 * wide)
                addBoth(prefix + "attn.c_proj", wide, wide)
                addBoth(prefix + "ln_2", wide)
                addBoth(prefix + "mlp.c_fc", wide, inner)
                addBoth(prefix + "mlp.c_proj", inner, wide)
            }
            addBoth("transformer.ln_f", wide)
            if !tiesEmbeddings { add("lm_head.weight", vocabularySize, wide) }
            return list
        }
        let (queries, keys) = (headCount * headWidth, keyHeadCount * headWidth)
        add("model.embed_tokens.weight", vocabularySize, wide)
        for layer in 0..<layerCount {
            let prefix = "model.layers.\(layer)."
            add(prefix + "input_layernorm.weight", wide)
            for (name, width) in [("q", queries), ("k", keys), ("v", keys)] {
                add(prefix + "self_attn.\(name)_proj.weight", width, wide)
                if hasProjectionBias { add(prefix + "self_attn.\(name)_proj.bias", width) }
            }
            add(prefix + "self_attn.o_proj.weight", wide, queries)
            if hasOutputBias { add(prefix + "self_attn.o_proj.bias", wide) }
            add(prefix + "post_attention_layernorm.weight", wide)
            add(prefix + "mlp.gate_proj.weight", inner, wide)
            add(prefix + "mlp.up_proj.weight", inner, wide)
            add(prefix + "mlp.down_proj.weight", wide, inner)
        }
        add("model.norm.weight", wide)
        if !tiesEmbeddings { add("lm_head.weight", vocabularySize, wide) }
        return list
    }
}
