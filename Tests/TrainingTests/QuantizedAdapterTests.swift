import Kernels
import ModelFiles
import Testing

@testable import Training

/// Adapters on weights that stay quantised, beside the same model with plain numbers.
struct QuantizedAdapterTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var family: DecoderConfig.Family?
        let targets: [String]
        var testDescription: String { "\(family.map(\.rawValue) ?? "bert") \(targets)" }
    }

    static let cases: [Case] = [
        Case(targets: ["query", "value"]), Case(targets: ["all-linear"]),
        Case(family: .llama, targets: ["q_proj", "v_proj"]),
        Case(family: .qwen2, targets: ["all-linear"]), Case(family: .gpt2, targets: ["c_attn"]),
    ]

    static func model(_ item: Case) throws -> TunableModel {
        let change: (inout TrainingConfiguration) -> Void = {
            $0.targetModules = item.targets
            $0.maxSteps = 5
            $0.learningRate = 2e-2
        }
        guard let family = item.family else {
            return try TinyModel.classifier(TinyModel.configuration(.qlora, change))
        }
        return try TinyDecoder.model(family, TinyDecoder.configuration(.qlora, change))
    }

    /// The adapters count while answers are given, not only while they are learned.
    @Test(arguments: cases)
    func answersAreThoseOfTheMergedModel(_ item: Case) throws {
        let model = try Self.model(item)
        let examples = item.family == nil ? TinyModel.examples(6) : TinyDecoder.examples(6)
        _ = try Trainer(model: model, configuration: model.configuration)
            .run(train: examples, validation: [])
        let files = try model.exportModel()
        let merged = try TunableModel(
            trained: SafetensorsFile(bytes: try #require(files["model.safetensors"])),
            config: ModelConfig(bytes: try #require(files["config.json"])))
        for (a, b) in zip(try model.losses(examples), try merged.losses(examples)) {
            #expect(abs(a - b) < 1e-4 * max(1, abs(b)))
        }
        let adapters = model.network.store.parameters.filter(\.isAdapter)
        for adapter in adapters { adapter.values.fill(0) }
        let without = try model.losses(examples)
        #expect(zip(without, try merged.losses(examples)).contains { abs($0 - $1) > 1e-3 })
    }

    /// Any cut of a tensor gives the same numbers as the whole.
    @Test(arguments: cases)
    func piecesAreThoseOfTheWhole(_ item: Case) throws {
        let model = try Self.model(item)
        let whole = try model.mergedTensors()
        #expect(whole.map(\.name) == (try model.mergedOutlines()).map(\.name))
        for tensor in whole {
            let count = tensor.values.count
            for step in [1, 7, 13, count] where step <= 13 || count > 13 {
                var values: [Float] = []
                for start in stride(from: 0, to: count, by: step) {
                    values += try model.mergedValues(
                        tensor.name, start..<min(count, start + step))
                }
                #expect(values == tensor.values, "\(tensor.name) by \(step)")
            }
        }
        #expect(throws: ModelFilesError.self) { try model.mergedValues("x", 0..<1) }
    }
}
