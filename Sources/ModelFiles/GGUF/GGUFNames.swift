/// What llama.cpp and Hugging Face call the same tensor, and how the two store it.
///
/// (llama.cpp: gguf-py's `tensor_mapping`, `convert_hf_to_gguf`.)
struct GGUFNames: Sendable {
    let family: DecoderConfig.Family?
    private let headCount: Int
    private let keyHeadCount: Int

    init(metadata: [String: GGUFValue]) {
        let architecture = metadata["general.architecture"]?.stringValue ?? ""
        family = DecoderConfig.Family(rawValue: architecture)
        let prefix = "\(architecture).attention."
        headCount = metadata[prefix + "head_count"]?.uniformInteger ?? 0
        keyHeadCount =
            metadata[prefix + "head_count_kv"].map { $0.uniformInteger ?? 0 } ?? headCount
    }

    init(_ config: DecoderConfig) {
        family = config.family
        headCount = config.headCount
        keyHeadCount = config.keyHeadCount
    }

    /// The factors of a Llama 3's rotary frequencies: no weight of the model.
    static let rotaryFactors = "rope_freqs.weight"

    private static let llamaOuter = [
        ("token_embd", "model.embed_tokens"), ("output_norm", "model.norm"), ("output", "lm_head"),
    ]
    private static let llamaInner = [
        ("attn_norm", "input_layernorm"), ("attn_q", "self_attn.q_proj"),
        ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"),
        ("attn_output", "self_attn.o_proj"), ("ffn_norm", "post_attention_layernorm"),
        ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
    ]
    private static let gpt2Outer = [
        ("token_embd", "transformer.wte"), ("position_embd", "transformer.wpe"),
        ("output_norm", "transformer.ln_f"), ("output", "lm_head"),
    ]
    private static let gpt2Inner = [
        ("attn_norm", "ln_1"), ("attn_qkv", "attn.c_attn"), ("attn_output", "attn.c_proj"),
        ("ffn_norm", "ln_2"), ("ffn_up", "mlp.c_fc"), ("ffn_down", "mlp.c_proj"),
    ]

    private var isGPT2: Bool { family == .gpt2 }
    private var outer: [(file: String, model: String)] {
        isGPT2 ? Self.gpt2Outer : Self.llamaOuter
    }
    private var inner: [(file: String, model: String)] {
        isGPT2 ? Self.gpt2Inner : Self.llamaInner
    }
    private var layers: String { isGPT2 ? "transformer.h." : "model.layers." }

    /// The model's name of the file's tensor `name`, and how it lies there. Tensors that the model
    /// does not know keep their names.
    func model(
        _ name: String, _ shape: [Int]
    ) throws(ModelFilesError) -> (name: String, layout: GGUFTensor.Layout) {
        guard family != nil,
            let modelName = translated(name, from: \.file, to: \.model, "blk.", layers)
        else { return (name, .rows(.stored)) }
        return (modelName, try layout(modelName, shape))
    }

    /// The file's name of the model's tensor `name`; nil if the format has none.
    func file(_ name: String) -> String? {
        translated(name, from: \.model, to: \.file, layers, "blk.")
    }

    private func translated(
        _ name: String, from: KeyPath<(file: String, model: String), String>,
        to: KeyPath<(file: String, model: String), String>, _ prefix: String, _ newPrefix: String
    ) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let (stem, ending) = (name[..<dot], name[dot...])
        guard ending == ".weight" || ending == ".bias" else { return nil }
        guard stem.hasPrefix(prefix) else {
            return outer.first { $0[keyPath: from] == stem }.map { $0[keyPath: to] + ending }
        }
        let rest = stem.dropFirst(prefix.count)
        guard let end = rest.firstIndex(of: "."), let layer = Int(rest[..<end]), layer >= 0,
            String(layer) == rest[..<end]
        else { return nil }
        let part = rest[rest.index(after: end)...]
        return inner.first { $0[keyPath: from] == part }
            .map { "\(newPrefix)\(layer).\($0[keyPath: to])\(ending)" }
    }

    /// How the model's tensor `name` lies in the file, where it has the shape `shape`.
    func layout(_ name: String, _ shape: [Int]) throws(ModelFilesError) -> GGUFTensor.Layout {
        if isGPT2, shape.count == 2, name.contains(".h."), name.hasSuffix(".weight") {
            return .transposed
        }
        let isQuery = name.contains("self_attn.q_proj.")
        guard family == .llama, isQuery || name.contains("self_attn.k_proj.") else {
            return .rows(.stored)
        }
        let heads = isQuery ? headCount : keyHeadCount
        guard heads > 0, shape[0] % heads == 0, shape[0] / heads % 2 == 0, shape.count <= 2 else {
            throw .gguf("gives \(name) the shape \(shape), not \(heads) heads of even width")
        }
        return .rows(.interleaved(headWidth: shape[0] / heads))
    }
}
