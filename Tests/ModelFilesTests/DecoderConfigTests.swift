import Foundation
import ModelFiles
import Records
import Testing

struct DecoderConfigTests {
    static let llama: [String: JSONValue] = [
        "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 96, "vocab_size": 300,
        "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "rope_theta": 100000.0,
        "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": [2, 3],
        "pad_token_id": nil, "hidden_act": "silu", "torch_dtype": "bfloat16",
        "_name_or_path": "somewhere/secret",
    ]
    static let gpt2: [String: JSONValue] = [
        "model_type": "gpt2", "n_embd": 32, "n_layer": 2, "n_head": 4, "vocab_size": 100,
        "n_positions": 64, "eos_token_id": 99, "bos_token_id": 99, "n_inner": nil,
    ]

    static func config(_ members: [String: JSONValue]) throws -> DecoderConfig {
        try DecoderConfig(bytes: CanonicalJSON.encode(.object(members)))
    }

    static func with(_ members: [String: JSONValue]) -> [String: JSONValue] {
        llama.merging(members) { _, new in new }
    }

    @Test func readsALlama() throws {
        let config = try Self.config(Self.llama)
        #expect(config.family == .llama && config.hiddenSize == 64 && config.layerCount == 3)
        #expect(config.headCount == 4 && config.keyHeadCount == 2 && config.headWidth == 16)
        #expect(config.intermediateSize == 96 && config.vocabularySize == 300)
        #expect(config.maxPositions == 256 && config.normEpsilon == 1e-5)
        #expect(config.rotaryBase == 100_000 && config.rotaryScaling == nil)
        #expect(config.tiesEmbeddings && !config.hasProjectionBias && !config.hasOutputBias)
        #expect(config.bosID == 1 && config.eosIDs == [2, 3] && config.padID == nil)
        let plain = try Self.config([
            "model_type": "llama", "hidden_size": 8, "num_hidden_layers": 1,
            "num_attention_heads": 2, "intermediate_size": 8, "vocab_size": 8,
        ])
        #expect(plain.keyHeadCount == 2 && plain.headWidth == 4 && plain.rotaryBase == 10_000)
        #expect(plain.normEpsilon == 1e-6 && !plain.tiesEmbeddings && plain.eosIDs.isEmpty)
    }

    @Test func readsTheOthers() throws {
        let qwen = try Self.config(
            Self.with(["model_type": "qwen2", "rope_parameters": ["rope_theta": 1e6]]))
        #expect(qwen.family == .qwen2 && qwen.hasProjectionBias && !qwen.hasOutputBias)
        #expect(qwen.rotaryBase == 1e6)
        let biased = try Self.config(Self.with(["attention_bias": true, "head_dim": 32]))
        #expect(biased.hasProjectionBias && biased.hasOutputBias && biased.headWidth == 32)
        let gpt2 = try Self.config(Self.gpt2)
        #expect(gpt2.family == .gpt2 && gpt2.headWidth == 8 && gpt2.intermediateSize == 128)
        #expect(gpt2.tiesEmbeddings && gpt2.hasProjectionBias && gpt2.normEpsilon == 1e-5)
        #expect(gpt2.maxPositions == 64 && gpt2.eosIDs == [99])
    }

    @Test func everyConfigSurvivesItsOwnFile() throws {
        let scaling: JSONValue = [
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        ]
        for members in [
            Self.llama, Self.gpt2, Self.with(["model_type": "qwen2"]),
            Self.with(["rope_scaling": scaling]), Self.with(["attention_bias": true]),
            Self.with([
                "rope_scaling": ["type": "linear", "factor": 2.5], "eos_token_id": nil,
                "pad_token_id": 7,
            ]),
        ] {
            var config = try Self.config(members)
            let json = config.json()
            for name in ["_name_or_path", "torch_dtype", "rope_parameters"] {
                #expect(json[name] == nil)
            }
            var again = try DecoderConfig(bytes: CanonicalJSON.encode(json))
            (config.source, again.source) = ([:], [:])
            #expect(again == config)
        }
        #expect(
            try Self.config(Self.gpt2).json()["architectures"] == ["GPT2LMHeadModel"])
    }

    @Test(
        arguments: [
            ["model_type": "bert"], ["model_type": "mistral"], ["hidden_size": 0],
            ["hidden_size": "x"], ["num_attention_heads": 3], ["num_key_value_heads": 3],
            ["head_dim": 15], ["vocab_size": 1e300], ["eos_token_id": 300], ["bos_token_id": "a"],
            ["hidden_act": "gelu"], ["mlp_bias": true], ["use_sliding_window": true],
            ["rms_norm_eps": -1], ["rope_theta": 0], ["rope_scaling": ["rope_type": "yarn"]],
            ["rope_scaling": ["rope_type": "linear"]],
            ["rope_scaling": ["rope_type": "linear", "factor": -2]],
            [
                "rope_scaling": [
                    "rope_type": "llama3", "factor": 8, "low_freq_factor": 4,
                    "high_freq_factor": 1, "original_max_position_embeddings": 8192,
                ]
            ],
            ["quantization_config": ["quant_method": "gptq"]],
        ] as [[String: JSONValue]])
    func unusableConfigsAreRefused(_ members: [String: JSONValue]) {
        #expect(throws: ModelFilesError.self) { try Self.config(Self.with(members)) }
    }

    @Test(
        arguments: [
            ["n_embd": 33], ["activation_function": "relu"], ["scale_attn_weights": false],
            ["scale_attn_by_inverse_layer_idx": true], ["add_cross_attention": true],
        ] as [[String: JSONValue]])
    func unusableGPT2sAreRefused(_ members: [String: JSONValue]) {
        #expect(throws: ModelFilesError.self) {
            try Self.config(Self.gpt2.merging(members) { _, new in new })
        }
    }

    /// Values of Transformers 5.23 (`_compute_llama3_parameters`) for heads of 16 and base 500,000,
    /// in singles.
    @Test func rotaryScalingIsTransformers() {
        let llama3 = RotaryScaling.llama3(
            factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192)
        // Pairs 0 to 3 turn more than 4 times in the original context, pairs 5 to 7 less than once.
        let expected = [
            1.0, 0.193922758102417, 0.03760603070259094, 0.00729266507551074,
            0.0005248460220173001, 3.428102354519069e-05, 6.647869668086059e-06,
            1.289173155782919e-06,
        ]
        for (pair, value) in expected.enumerated() {
            let scaled = llama3.scaled(pow(500_000, -Double(pair) / 8))
            #expect(abs(scaled - value) <= 3e-7 * value)
        }
        #expect(RotaryScaling.linear(factor: 4).scaled(1) == 0.25)
    }

    @Test func modelTypeDecides() throws {
        func read(_ members: [String: JSONValue]) throws -> ModelConfig {
            try ModelConfig(bytes: CanonicalJSON.encode(.object(members)))
        }
        guard case .decoder(let llama) = try read(Self.llama),
            case .encoder(let bert) = try read(ModelConfigTests.members)
        else {
            Issue.record("wrong kinds")
            return
        }
        #expect(llama.family == .llama && bert.family == .bert)
        var members = Self.llama
        members["model_type"] = "t5"
        #expect(throws: ModelFilesError.self) { try read(members) }
        #expect(throws: ModelFilesError.self) { try ModelConfig(bytes: [0x5B, 0x5D]) }
    }

    @Test func readsTheMetadataOfAGGUFFile() throws {
        var builder = GGUFBuilder.llama
        builder.add("tokenizer.ggml.bos_token_id", 1 as UInt32)
        builder.add("tokenizer.ggml.eos_token_id", 2 as UInt32)
        builder.add("tokenizer.ggml.eot_token_id", 3 as UInt32)
        builder.add("llama.rope.freq_base", 1e5 as Float)
        builder.add("llama.rope.scaling.type", "linear")
        builder.add("llama.rope.scaling.factor", 2 as Float)
        let config = try DecoderConfig(gguf: GGUFFile(bytes: builder.bytes))
        #expect(config.family == .llama && config.hiddenSize == 8 && config.layerCount == 1)
        #expect(config.headCount == 2 && config.keyHeadCount == 1 && config.headWidth == 4)
        #expect(config.vocabularySize == 5 && config.maxPositions == 64)
        #expect(config.normEpsilon == 1e-5 && config.rotaryBase == 1e5)
        #expect(config.rotaryScaling == .linear(factor: 2) && config.tiesEmbeddings)
        #expect(config.bosID == 1 && config.padID == nil && config.eosIDs == [2, 3])
        var again = try DecoderConfig(bytes: CanonicalJSON.encode(config.json()))
        again.source = [:]
        #expect(again == config)
    }

    static let damages: [@Sendable (inout GGUFBuilder) -> Void] = [
        { $0.values.removeFirst() }, { $0.values[0].2 = GGUFBuilder.string("mamba") },
        { $0.tensors = [] }, { $0.values.remove(at: 1) },
        { $0.add("llama.rope.scaling.type", "yarn") },
        { $0.add("llama.rope.dimension_count", 2 as UInt32) },
        { $0.add("llama.expert_count", 8 as UInt32) },
        { $0.add("llama.attention.key_length", 5 as UInt32) },
        { $0.add("llama.rope.freq_base", -1 as Float) },
        { $0.add("tokenizer.ggml.bos_token_id", 5 as UInt32) },
        { $0.add("tokenizer.ggml.bos_token_id", "one") },
        { $0.add("rope_freqs.weight", [2], [1, 5]) },
    ]

    @Test(arguments: damages.indices)
    func unusableMetadataIsRefused(_ index: Int) throws {
        var builder = GGUFBuilder.llama
        Self.damages[index](&builder)
        #expect(throws: ModelFilesError.self) {
            try DecoderConfig(gguf: GGUFFile(bytes: builder.bytes))
        }
    }
}
