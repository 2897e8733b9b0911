import Foundation
import Records

@testable import Handoff

/// A BERT of random weights, small enough to train in a second, and reviews that it can learn.
enum TinyModel {
    static let good = ["great", "love", "fine", "happy"]
    static let bad = ["awful", "broke", "waste", "sad"]
    static let plain = ["the", "case", "phone", "it", "was", "and", "my", "very"]
    static let vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + good + bad + plain
    static let hidden = 32

    /// config.json, vocab.txt and model.safetensors.
    static func files() -> [String: [UInt8]] {
        let config = """
            {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": \(hidden),
             "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
             "vocab_size": \(vocabulary.count), "max_position_embeddings": 32,
             "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
             "initializer_range": 0.02, "pad_token_id": 0}
            """
        return [
            "config.json": Array(config.utf8),
            "vocab.txt": Array((vocabulary.joined(separator: "\n") + "\n").utf8),
            "model.safetensors": weights(),
        ]
    }

    static func references(_ files: [String: [UInt8]]) -> [RunRequest.File] {
        files.map { .init(name: $0.key, sha256: "", size: $0.value.count) }
    }

    /// Records of a split: even ones are good, odd ones bad.
    static func records(_ split: Split, count: Int) -> [Record] {
        var random = SeededRandom(seed: split == .train ? 1 : 2)
        return (0..<count).map { index in
            let isGood = index % 2 == 0
            var words = (0..<5).map { _ in plain.randomElement(using: &random) ?? "" }
            words.insert((isGood ? good : bad).randomElement(using: &random) ?? "", at: 2)
            let name = Array("\(split.rawValue) \(index)".utf8)
            return Record(
                rid: RecordID(prefixOf: name + [UInt8](repeating: 0, count: 16)), kind: .labelled,
                fields: [
                    "text": .string(words.joined(separator: " ")),
                    "label": .string(isGood ? "positive" : "negative"),
                ], split: split, subjects: [])
        }
    }

    /// A safetensors file: u64 little-endian header length ‖ JSON header ‖ floats.
    private static func weights() -> [UInt8] {
        var shapes: [(String, [Int])] = [
            ("embeddings.word_embeddings.weight", [vocabulary.count, hidden]),
            ("embeddings.position_embeddings.weight", [32, hidden]),
            ("embeddings.token_type_embeddings.weight", [2, hidden]),
            ("embeddings.LayerNorm.weight", [hidden]), ("embeddings.LayerNorm.bias", [hidden]),
            ("pooler.dense.weight", [hidden, hidden]), ("pooler.dense.bias", [hidden]),
        ]
        for layer in 0..<2 {
            let prefix = "encoder.layer.\(layer)."
            for name in ["self.query", "self.key", "self.value", "output.dense"] {
                shapes.append((prefix + "attention.\(name).weight", [hidden, hidden]))
                shapes.append((prefix + "attention.\(name).bias", [hidden]))
            }
            shapes.append((prefix + "intermediate.dense.weight", [64, hidden]))
            shapes.append((prefix + "intermediate.dense.bias", [64]))
            shapes.append((prefix + "output.dense.weight", [hidden, 64]))
            shapes.append((prefix + "output.dense.bias", [hidden]))
            for norm in ["attention.output.LayerNorm", "output.LayerNorm"] {
                shapes.append((prefix + norm + ".weight", [hidden]))
                shapes.append((prefix + norm + ".bias", [hidden]))
            }
        }
        return safetensors(shapes, seed: 42)
    }

    /// A file of random weights; norms are 1, biases 0.
    static func safetensors(_ shapes: [(String, [Int])], seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        var header: [String: JSONValue] = [:]
        var body: [UInt8] = []
        for (name, shape) in shapes {
            let start = body.count
            for _ in 0..<shape.reduce(1, *) {
                let value: Float =
                    name.lowercased().hasSuffix("norm.weight")
                    ? 1 : name.hasSuffix("bias") ? 0 : Float.random(in: -0.2...0.2, using: &random)
                withUnsafeBytes(of: value.bitPattern.littleEndian) { body += $0 }
            }
            header[name] = [
                "dtype": "F32", "shape": .array(shape.map { .integer($0) }),
                "data_offsets": [.integer(start), .integer(body.count)],
            ]
        }
        let json = CanonicalJSON.encode(.object(header))
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json + body
    }
}
