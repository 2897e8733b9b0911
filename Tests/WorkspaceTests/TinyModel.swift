import Foundation
import ModelFiles
import Records

@testable import Workspace

/// Base models of a few numbers, written as real ones are.
enum TinyModel {
    static let wide = 8

    /// A BERT of one layer with a WordPiece vocabulary.
    ///
    /// - Parameter change: may change the configuration or the tensors before they are written.
    static func encoder(
        words: [String] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"], in folder: String,
        change: (inout [String: JSONValue], inout [NamedTensor]) -> Void = { _, _ in }
    ) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var config: [String: JSONValue] = [
            "model_type": "bert", "hidden_size": .integer(wide), "num_hidden_layers": 1,
            "num_attention_heads": 2, "intermediate_size": .integer(2 * wide),
            "vocab_size": .integer(words.count), "max_position_embeddings": 64,
            "type_vocab_size": 2, "hidden_act": "gelu",
        ]
        let layer = "encoder.layer.0."
        var tensors = [
            tensor("embeddings.word_embeddings.weight", [words.count, wide]),
            tensor("embeddings.position_embeddings.weight", [64, wide]),
            tensor(layer + "attention.self.query.weight", [wide, wide]),
            tensor(layer + "intermediate.dense.weight", [2 * wide, wide]),
        ]
        change(&config, &tensors)
        try write(CanonicalJSON.encode(.object(config)), folder + "/config.json")
        try write(SafetensorsWriter.encode(tensors), folder + "/model.safetensors")
        try write(Array(words.joined(separator: "\n").utf8), folder + "/vocab.txt")
    }

    /// A Llama of one layer whose tokenizer spells bytes.
    static func decoderConfig(vocabulary: Int) throws -> DecoderConfig {
        try DecoderConfig(
            bytes: CanonicalJSON.encode([
                "model_type": "llama", "hidden_size": .integer(wide), "num_hidden_layers": 1,
                "num_attention_heads": 2, "num_key_value_heads": 1,
                "intermediate_size": .integer(2 * wide), "vocab_size": .integer(vocabulary),
                "max_position_embeddings": 64, "hidden_act": "silu", "tie_word_embeddings": true,
            ]))
    }

    /// The bytes of a GGUF file of such a model.
    static func gguf() throws -> [UInt8] {
        let tokens = (0..<256).map { byte -> GGUFValue in
            // GPT-2's alphabet: printable bytes stand for themselves, others for letters above.
            .text(String(Character(Unicode.Scalar(UInt32(byte) + 0x100) ?? " ")))
        }
        let config = try decoderConfig(vocabulary: tokens.count)
        return try GGUFWriter.encode(
            config: config, tensors: config.tensors.map { tensor($0.name, $0.shape) },
            format: .f16,
            metadata: [
                "tokenizer.ggml.model": .text("gpt2"), "tokenizer.ggml.pre": .text("gpt-2"),
                "tokenizer.ggml.tokens": .array(tokens, of: .string),
                "tokenizer.ggml.merges": .array([], of: .string),
                "general.license": .text("apache-2.0"),
            ])
    }

    static func tensor(_ name: String, _ shape: [Int]) -> NamedTensor {
        NamedTensor(
            name: name, shape: shape,
            values: (0..<shape.reduce(1, *)).map { Float($0 % 7) / 8 })
    }

    static func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }
}
