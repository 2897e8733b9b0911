import ModelFiles
import Records

@testable import Training

/// A model small enough for finite differences, with seeded weights: no file needed.
enum TinyModel {
    static let config: EncoderConfig = {
        let json: JSONValue = [
            "model_type": "bert", "hidden_size": 8, "num_hidden_layers": 3,
            "num_attention_heads": 2, "intermediate_size": 12, "vocab_size": 30,
            "max_position_embeddings": 20, "type_vocab_size": 2, "layer_norm_eps": 1e-5,
        ]
        return try! EncoderConfig(json: json)
    }()

    /// The names in a file: as they are, or without `bert.` and with gamma and beta.
    static func base(
        seed: UInt64 = 7, oldNames: Bool = false, deviation: Double = 0.4,
        without: [String] = []
    ) -> SafetensorsFile {
        var random = SeededRandom(seed: seed)
        let tensors = EncoderNetwork.declarations(
            config, task: .sequenceClassification(labels: ["a", "b"]), plan: TuningPlan()
        )
        .filter { item in
            !item.name.hasPrefix("classifier.")
                && !without.contains(where: item.name.contains)
        }
        .map { item in
            let isGamma = item.name.hasSuffix("LayerNorm.weight")
            let values = (0..<item.count).map { _ in
                Float((isGamma ? 1 : 0) + deviation * gaussian(using: &random))
            }
            return NamedTensor(
                name: oldNames ? WeightNames(prefix: "bert.").aliases(item.name).last! : item.name,
                shape: item.shape, values: values)
        }
        return try! SafetensorsFile(bytes: SafetensorsWriter.encode(tensors))
    }

    /// `count` examples of 1 to 9 tokens.
    static func examples(_ count: Int, seed: UInt64 = 3, labels: Int = 3) -> [EncodedExample] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let length = Int.random(in: 1...9, using: &random)
            return EncodedExample(
                ids: (0..<length).map { _ in Int32.random(in: 0..<30, using: &random) },
                label: Int.random(in: 0..<labels, using: &random),
                typeIDs: (0..<length).map { Int32($0 > 4 ? 1 : 0) })
        }
    }

    static let labels = ["a", "b", "c"]

    static func configuration(
        _ method: TrainingConfiguration.Method,
        _ change: (inout TrainingConfiguration) -> Void = { _ in }
    ) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.method = method
        configuration.maxLength = 16
        configuration.batchSize = 4
        configuration.rank = 2
        configuration.alpha = 3
        configuration.threads = 2
        change(&configuration)
        return configuration
    }

    static func classifier(
        _ configuration: TrainingConfiguration, base: SafetensorsFile? = nil
    ) throws -> TunableModel {
        let classifier = try TunableModel(
            base: base ?? self.base(), config: .encoder(config),
            task: .sequenceClassification(labels: labels), configuration: configuration)
        unhideAdapters(classifier)
        return classifier
    }

    /// Adapters whose B (or W₂) is zero would hide half of their gradients.
    static func unhideAdapters(_ model: TunableModel) {
        var random = SeededRandom(seed: 99)
        for parameter in model.network.store.parameters where parameter.isAdapter {
            if parameter.name.hasSuffix(".lora_B.weight") || parameter.name.contains(".adapter.up")
            {
                ParameterStore.fillNormal(parameter.values, deviation: 0.3, using: &random)
            }
        }
        model.network.merge()
    }

    /// Merges adapters again; DoRA's norms stay, since its gradients hold them to be constant.
    static func merge(_ model: TunableModel) {
        for linear in model.network.linears {
            linear.merge(all: false, keepsNorms: true, model.network.workers)
        }
    }
}
