import Kernels
import ModelFiles
import Records

@testable import Training

/// Decoders small enough for finite differences, with seeded weights: no file needed.
enum TinyDecoder {
    static let families: [DecoderConfig.Family] = [.llama, .qwen2, .gpt2]

    static func config(_ family: DecoderConfig.Family, ties: Bool = true) -> DecoderConfig {
        let json: JSONValue =
            family == .gpt2
            ? [
                "model_type": "gpt2", "n_embd": 8, "n_layer": 2, "n_head": 2, "n_inner": 12,
                "vocab_size": 30, "n_positions": 24, "layer_norm_epsilon": 1e-5,
            ]
            : [
                "model_type": .string(family.rawValue), "hidden_size": 8,
                "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                "intermediate_size": 12, "vocab_size": 30, "max_position_embeddings": 24,
                "rms_norm_eps": 1e-5, "rope_theta": 10000, "tie_word_embeddings": .bool(ties),
            ]
        return try! DecoderConfig(bytes: CanonicalJSON.encode(json))
    }

    static func base(
        _ config: DecoderConfig, seed: UInt64 = 7, deviation: Double = 0.3
    ) -> SafetensorsFile {
        var random = SeededRandom(seed: seed)
        let tensors = DecoderNetwork.declarations(
            config, plan: TuningPlan(), quantizesWords: false
        )
        .map { item in
            let isGamma = item.shape.count == 1 && item.name.hasSuffix(".weight")
            let values = (0..<item.count).map { _ in
                Float((isGamma ? 1 : 0) + deviation * gaussian(using: &random))
            }
            return NamedTensor(
                name: item.name,
                shape: item.isTransposedInFiles ? item.shape.reversed() : item.shape,
                values: values)
        }
        return try! SafetensorsFile(bytes: SafetensorsWriter.encode(tensors))
    }

    /// `count` texts of 3 to 9 tokens, of which the second half is learned.
    static func examples(_ count: Int, seed: UInt64 = 3, pairs: Bool = false) -> [EncodedExample] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let prompt = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                Int32.random(in: 0..<30, using: &random)
            }
            func answer() -> (ids: [Int32], targets: [Int32]) {
                let own = (0..<Int.random(in: 2...5, using: &random)).map { _ in
                    Int32.random(in: 0..<30, using: &random)
                }
                return (
                    prompt + own,
                    [Int32](repeating: EncodedExample.ignored, count: prompt.count) + own
                )
            }
            let chosen = answer()
            guard pairs else { return EncodedExample(ids: chosen.ids, targets: chosen.targets) }
            let other = answer()
            return EncodedExample(
                ids: chosen.ids, targets: chosen.targets,
                rejected: .init(ids: other.ids, targets: other.targets))
        }
    }

    static func configuration(
        _ method: TrainingConfiguration.Method,
        _ change: (inout TrainingConfiguration) -> Void = { _ in }
    ) -> TrainingConfiguration {
        TinyModel.configuration(method) {
            $0.groupsByLength = false
            $0.reductionFactor = 2
            change(&$0)
        }
    }

    static func model(
        _ family: DecoderConfig.Family, _ configuration: TrainingConfiguration, ties: Bool = true
    ) throws -> TunableModel {
        let config = config(family, ties: ties)
        let model = try TunableModel(
            base: base(config), config: .decoder(config), task: .causalLanguageModel,
            configuration: configuration)
        TinyModel.unhideAdapters(model)
        return model
    }
}
