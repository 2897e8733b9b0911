import Kernels
import ModelFiles
import Testing

@testable import Training

/// Every gradient of small decoders against central differences.
struct DecoderGradientTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var family = DecoderConfig.Family.llama
        let method: TrainingConfiguration.Method
        var ties = true
        var pairs = false
        var change: @Sendable (inout TrainingConfiguration) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "llama full", method: .full),
        Case(name: "llama full, own head", method: .full, ties: false),
        Case(name: "qwen2 full", family: .qwen2, method: .full),
        Case(name: "gpt2 full", family: .gpt2, method: .full),
        Case(name: "llama, first layer frozen", method: .freeze) { $0.frozenLayers = 1 },
        Case(name: "llama, smoothing and dropout", method: .full) {
            $0.labelSmoothing = 0.1
            $0.attentionDropout = 0.2
        },
        Case(name: "llama lora", method: .lora),
        Case(name: "llama lora everywhere, dropout", method: .lora) {
            $0.targetModules = ["all-linear"]
            $0.adapterDropout = 0.3
        },
        Case(name: "gpt2 lora everywhere", family: .gpt2, method: .lora) {
            $0.targetModules = ["all-linear"]
        },
        Case(name: "qwen2 lora in the last layer", family: .qwen2, method: .lora) {
            $0.adapterLayers = [1]
        },
        Case(name: "llama houlsby", method: .adapter) {
            $0.adapterStyle = .houlsby
            $0.adapterActivation = .gelu
        },
        Case(name: "gpt2 pfeiffer, gelu", family: .gpt2, method: .adapter) {
            $0.adapterActivation = .gelu
        },
        Case(name: "llama preference", method: .full, pairs: true) { $0.preferenceBeta = 0.5 },
        Case(name: "llama preference, lora", method: .lora, pairs: true),
    ]

    @Test(arguments: cases)
    func matchesFiniteDifferences(_ item: Case) throws {
        let configuration = TinyDecoder.configuration(item.method, item.change)
        let model = try TinyDecoder.model(item.family, configuration, ties: item.ties)
        let trainer = try Trainer(model: model, configuration: configuration)
        let examples = TinyDecoder.examples(5, pairs: item.pairs)
        let storage = trainer.activationStorage(examples)
        let objective = try trainer.objective(examples)
        // A pair's loss is flat at the reference: move away from it first.
        if item.pairs { TinyDecoder.shake(model) }
        func loss() -> Double {
            TinyModel.merge(model)
            return trainer.gradients(
                examples, rows: [3, 0, 4, 1, 2], step: 5, objective: objective, storage: storage,
                cache: nil)
        }
        try GradientTests.compare(model, loss: loss)
    }
}

extension TinyDecoder {
    /// Changes every trained weight a little.
    static func shake(_ model: TunableModel) {
        let trained = model.network.store.trained
        for index in 0..<trained.count { trained[index] += index % 2 == 0 ? 0.02 : -0.03 }
        model.network.merge()
    }
}
