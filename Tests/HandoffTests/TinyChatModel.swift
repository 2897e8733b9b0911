import Foundation
import Records

@testable import Handoff

/// A Llama of random weights over bytes, small enough to train in seconds, and chats that it can
/// learn by heart.
enum TinyChatModel {
    static let hidden = 32
    static let start = "<|im_start|>", end = "<|im_end|>"

    /// Byte-level BPE's characters: printable bytes stand for themselves, others from U+0100 on.
    static let alphabet: [String] = {
        var next: UInt32 = 0x100
        return (0..<256).map { byte in
            let isPlain =
                (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte)
                || (0xAE...0xFF).contains(byte)
            if isPlain { return String(Character(Unicode.Scalar(UInt8(byte)))) }
            defer { next += 1 }
            return String(Character(Unicode.Scalar(next)!))
        }
    }()

    static var vocabularyCount: Int { alphabet.count + 2 }

    static func files() -> [String: [UInt8]] {
        let config: JSONValue = [
            "model_type": "llama", "architectures": ["LlamaForCausalLM"],
            "hidden_size": .integer(hidden), "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "intermediate_size": 64, "hidden_act": "silu",
            "vocab_size": .integer(vocabularyCount), "max_position_embeddings": 256,
            "rms_norm_eps": 1e-5, "rope_theta": 10000, "tie_word_embeddings": true,
            "eos_token_id": 257,
        ]
        var vocabulary: [String: JSONValue] = [:]
        for (id, token) in alphabet.enumerated() { vocabulary[token] = .integer(id) }
        let added = [start, end].enumerated().map { index, name -> JSONValue in
            [
                "id": .integer(256 + index), "content": .string(name), "single_word": false,
                "lstrip": false, "rstrip": false, "normalized": false, "special": true,
            ]
        }
        let byteLevel: JSONValue = [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
            "use_regex": true,
        ]
        let tokenizer: JSONValue = [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(added),
            "normalizer": nil, "pre_tokenizer": byteLevel, "post_processor": nil,
            "decoder": byteLevel,
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil,
                "continuing_subword_prefix": nil, "end_of_word_suffix": nil, "fuse_unk": false,
                "byte_fallback": false, "vocab": .object(vocabulary), "merges": [],
            ],
        ]
        let template = """
            {% for message in messages %}<|im_start|>{{ message['role'] }}
            {{ message['content'] }}<|im_end|>
            {% endfor %}
            """
        return [
            "config.json": CanonicalJSON.encode(config),
            "tokenizer.json": CanonicalJSON.encode(tokenizer),
            "tokenizer_config.json": CanonicalJSON.encode([
                "eos_token": .string(end), "chat_template": .string(template),
            ]),
            "model.safetensors": TinyModel.safetensors(shapes, seed: 5),
        ]
    }

    private static var shapes: [(String, [Int])] {
        var shapes = [
            ("model.embed_tokens.weight", [vocabularyCount, hidden]),
            ("model.norm.weight", [hidden]),
        ]
        for layer in 0..<2 {
            let name = "model.layers.\(layer)"
            shapes += [
                ("\(name).input_layernorm.weight", [hidden]),
                ("\(name).post_attention_layernorm.weight", [hidden]),
                ("\(name).self_attn.q_proj.weight", [hidden, hidden]),
                ("\(name).self_attn.k_proj.weight", [hidden / 2, hidden]),
                ("\(name).self_attn.v_proj.weight", [hidden / 2, hidden]),
                ("\(name).self_attn.o_proj.weight", [hidden, hidden]),
                ("\(name).mlp.gate_proj.weight", [64, hidden]),
                ("\(name).mlp.up_proj.weight", [64, hidden]),
                ("\(name).mlp.down_proj.weight", [hidden, 64]),
            ]
        }
        return shapes
    }

    static let questions = ["open?", "price?", "size?", "late?"]
    static let answers = ["yes", "five", "big", "no"]

    /// Chats of one question and its answer, again and again.
    static func records(_ split: Split, count: Int, pairs: Bool = false) -> [Record] {
        (0..<count).map { index in
            let which = index % questions.count
            func turn(_ role: String, _ content: String) -> JSONValue {
                ["role": .string(role), "content": .string(content)]
            }
            let answer = turn("assistant", answers[which])
            let wrong = turn("assistant", answers[(which + 1) % answers.count])
            let question = turn("user", questions[which])
            let name = Array("\(split.rawValue) \(index)".utf8)
            return Record(
                rid: RecordID(prefixOf: name + [UInt8](repeating: 0, count: 16)),
                kind: pairs ? .preference : .chat,
                fields: pairs
                    ? ["prompt": [question], "chosen": [answer], "rejected": [wrong]]
                    : ["messages": [question, answer]], split: split, subjects: [])
        }
    }
}
