import ModelFiles

/// What Hugging Face calls the weights of each family of decoders.
struct DecoderNames {
    /// The modules of one layer.
    struct Layer {
        let inputNorm: String, middleNorm: String
        /// Query, key and value, or the one module that GPT-2 joins them in
        let projections: [String]
        let attentionOutput: String
        /// Gate and up, or up alone
        let wide: [String]
        let output: String
    }

    let family: DecoderConfig.Family

    /// What stands before the names of a model without a head.
    var prefix: String { family == .gpt2 ? "transformer." : "model." }
    var words: String { family == .gpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight" }
    /// GPT-2's learned positions
    var positions: String { "transformer.wpe.weight" }
    var norm: String { family == .gpt2 ? "transformer.ln_f" : "model.norm" }
    let head = "lm_head"

    /// The modules that LoRA adapts if nothing else is said: all of attention's.
    var defaultTargets: [String] {
        family == .gpt2 ? ["c_attn"] : ["k_proj", "o_proj", "q_proj", "v_proj"]
    }

    /// What `all-linear` stands for.
    var allLinear: [String] {
        family == .gpt2
            ? ["c_attn", "c_fc", "c_proj"]
            : ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
    }

    func layer(_ index: Int) -> Layer {
        guard family == .gpt2 else {
            let name = "model.layers.\(index)"
            return Layer(
                inputNorm: "\(name).input_layernorm",
                middleNorm: "\(name).post_attention_layernorm",
                projections: ["q_proj", "k_proj", "v_proj"].map { "\(name).self_attn.\($0)" },
                attentionOutput: "\(name).self_attn.o_proj",
                wide: ["\(name).mlp.gate_proj", "\(name).mlp.up_proj"],
                output: "\(name).mlp.down_proj")
        }
        let name = "transformer.h.\(index)"
        return Layer(
            inputNorm: "\(name).ln_1", middleNorm: "\(name).ln_2",
            projections: ["\(name).attn.c_attn"], attentionOutput: "\(name).attn.c_proj",
            wide: ["\(name).mlp.c_fc"], output: "\(name).mlp.c_proj")
    }
}
