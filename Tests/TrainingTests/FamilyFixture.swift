import Foundation
import Kernels
import ModelFiles
import Records
import Testing

@testable import Training

/// A tiny random model and what transformers and peft compute with it: one folder of
/// `Fixtures/Families`, which `scripts/reference/make_families.py` makes and describes.
struct FamilyFixture {
    static let names = [
        "bert-sequence", "bert-token", "distilbert-sequence", "distilbert-token",
        "roberta-sequence", "roberta-token", "llama-tied", "llama-untied", "llama3", "llama-wide",
        "qwen2", "gpt2",
    ]
    static let methods = ["full", "lora", "rslora", "dora"]

    let name: String
    let config: ModelConfig
    let base: SafetensorsFile
    let reference: JSONValue
    let tensors: SafetensorsFile

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Families").path

    static func path(_ name: String, _ file: String) -> String { "\(root)/\(name)/\(file)" }

    static func bytes(_ name: String, _ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name, file))))
    }

    init(_ name: String) throws {
        self.name = name
        config = try ModelConfig(bytes: Self.bytes(name, "config.json"))
        base = try SafetensorsFile(bytes: Self.bytes(name, "model.safetensors"))
        reference = try JSONParser.parse(Self.bytes(name, "reference.json"))
        tensors = try SafetensorsFile(bytes: Self.bytes(name, "reference.safetensors"))
    }

    var task: ModelTask {
        switch reference["task"]?.stringValue {
        case "SEQ_CLS": .sequenceClassification(labels: ["a", "b", "c"])
        case "TOKEN_CLS": .tokenClassification(labels: ["a", "b", "c"])
        default: .causalLanguageModel
        }
    }

    func run(_ method: String) throws -> JSONValue {
        try #require(reference["methods"]?[method])
    }

    func configuration(_ method: String) throws -> TrainingConfiguration {
        let run = try run(method)
        var configuration = TrainingConfiguration()
        configuration.method = method == "full" ? .full : .lora
        configuration.usesRankStabilization = method == "rslora"
        configuration.usesDoRA = method == "dora"
        configuration.rank = try #require(reference["rank"]?.intValue)
        configuration.alpha = try #require(reference["alpha"]?.doubleValue)
        configuration.targetModules =
            run["targets"]?.stringArray ?? run["targets"]?.stringValue.map { [$0] }
        configuration.learningRate = try #require(run["learning_rate"]?.doubleValue)
        configuration.maxSteps = try #require(reference["steps"]?.intValue)
        configuration.warmupSteps = try #require(reference["warmup"]?.intValue)
        configuration.weightDecay = try #require(reference["decay"]?.doubleValue)
        configuration.maxGradientNorm = try #require(reference["clip"]?.doubleValue)
        configuration.batchSize = try examples().count
        configuration.maxLength = 16
        configuration.threads = 2
        configuration.groupsByLength = false
        configuration.bootstrapSamples = 0
        return configuration
    }

    /// The model with the head and the adapters that the reference began with.
    func model(_ method: String) throws -> TunableModel {
        let model = try TunableModel(
            base: base, config: config, task: task, configuration: configuration(method))
        let store = model.network.store
        for parameter in store.parameters {
            let start = "\(method).start.\(parameter.name)"
            if parameter.isAdapter {
                try store.assign(parameter, from: tensors, start)
            } else if model.isOfHead(parameter.name) {
                try store.assign(parameter, from: base, parameter.name)
            }
        }
        model.network.merge(all: true)
        return model
    }

    /// The rows of the batch, without their padding.
    func examples() throws -> [EncodedExample] {
        let batch = try #require(reference["batch"])
        func rows(_ name: String) throws -> [[Int32]]? {
            try batch[name]?.arrayValue?.map { row in
                try #require(row.arrayValue).map { Int32(try #require($0.intValue)) }
            }
        }
        let ids = try #require(try rows("input_ids"))
        let lengths = try #require(try rows("attention_mask")).map { $0.count { $0 == 1 } }
        let types = try rows("token_type_ids")
        let labels = try #require(batch["labels"]?.arrayValue)
        return try ids.indices.map { row in
            let tokens = Array(ids[row][..<lengths[row]])
            let own = types.map { Array($0[row][..<lengths[row]]) }
            if let label = labels[row].intValue {
                return EncodedExample(ids: tokens, label: label, typeIDs: own)
            }
            let targets = try #require(labels[row].arrayValue).prefix(lengths[row])
            return EncodedExample(
                ids: tokens, targets: try targets.map { Int32(try #require($0.intValue)) },
                typeIDs: own)
        }
    }

    /// Our logits of the rows that have a target, in the order of the examples.
    static func logits(_ model: TunableModel, _ examples: [EncodedExample]) -> [Float] {
        var found = [[Float]](repeating: [], count: examples.count)
        model.forEachPass(examples) { batch, storage in
            model.network.logits(batch, storage: storage) { rows, logits in
                for index in rows {
                    let sequence = batch.targetStarts.lastIndex { $0 <= index } ?? 0
                    found[batch.rows[sequence]] +=
                        logits.rows(index - rows.lowerBound, 1).floats
                        .slice(0, logits.columns).array
                }
            }
        }
        return found.flatMap(\.self)
    }
}
