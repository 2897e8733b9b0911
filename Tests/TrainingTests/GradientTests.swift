import Kernels
import Testing

@testable import Training

/// Every gradient against central differences, on a model with three layers of width 8.
struct GradientTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let method: TrainingConfiguration.Method
        var change: @Sendable (inout TrainingConfiguration) -> Void = { _ in }
        var loss = CrossEntropy(smoothing: 0, weights: [1, 1, 1])
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "full", method: .full),
        Case(name: "full with dropout", method: .full) {
            $0.hiddenDropout = 0.2
            $0.attentionDropout = 0.2
            $0.classifierDropout = 0.3
        },
        Case(name: "full, smoothing and weights", method: .full) { _ in
        }.with(CrossEntropy(smoothing: 0.1, weights: [0.5, 2, 1.5])),
        Case(name: "first layer frozen", method: .full) { $0.frozenLayers = 1 },
        Case(name: "all layers frozen", method: .full) { $0.frozenLayers = 3 },
        Case(name: "embeddings frozen", method: .full) { $0.freezesEmbeddings = true },
        Case(name: "lora on query and value", method: .lora),
        Case(name: "lora on everything", method: .lora) {
            $0.targetModules = ["dense", "key", "query", "value"]
        },
        Case(name: "lora on everything with dropout", method: .lora) {
            $0.targetModules = ["dense", "key", "query", "value"]
            $0.adapterDropout = 0.3
            $0.hiddenDropout = 0.1
            $0.attentionDropout = 0.1
        },
        Case(name: "rslora in the last layer", method: .lora) {
            $0.usesRankStabilization = true
            $0.adapterLayers = [2]
        },
        Case(name: "dora on everything", method: .lora) {
            $0.targetModules = ["all-linear"]
            $0.usesDoRA = true
        },
        Case(name: "houlsby adapters with dropout", method: .adapter) {
            $0.adapterStyle = .houlsby
            $0.reductionFactor = 2
            $0.hiddenDropout = 0.2
        },
        Case(name: "pfeiffer adapters, gelu", method: .adapter) {
            $0.reductionFactor = 2
            $0.adapterActivation = .gelu
        },
        Case(name: "head", method: .head) { $0.classifierDropout = 0.25 },
    ]

    @Test(arguments: cases)
    func matchesFiniteDifferences(_ item: Case) throws {
        let configuration = TinyModel.configuration(item.method, item.change)
        let classifier = try TinyModel.classifier(configuration)
        let trainer = try Trainer(model: classifier, configuration: configuration)
        let examples = TinyModel.examples(5)
        let storage = trainer.activationStorage(examples)
        func loss() -> Double {
            TinyModel.merge(classifier)
            return trainer.gradients(
                examples, rows: [3, 0, 4, 1, 2], step: 5, objective: .classes(item.loss),
                storage: storage,
                cache: nil)
        }
        try Self.compare(classifier, loss: loss)
    }

    /// Compares the gradients of a model with differences of its loss, which computes them anew.
    static func compare(_ model: TunableModel, loss: () -> Double) throws {
        _ = loss()
        let trained = model.network.store.trainedParameters
        #expect(!trained.isEmpty)
        let gradients = trained.map { $0.gradient?.array ?? [] }
        var checked = 0
        for (parameter, gradient) in zip(trained, gradients) {
            let step = max(1, gradient.count / 4)
            for index in stride(from: 0, to: gradient.count, by: step) {
                let before = parameter.values[index]
                let delta: Float = 1e-2
                parameter.values[index] = before + delta
                let above = loss()
                parameter.values[index] = before - delta
                let below = loss()
                parameter.values[index] = before
                let difference = Float((above - below) / (2 * Double(delta)))
                #expect(
                    abs(difference - gradient[index]) < 4e-3 + 0.03 * abs(gradient[index]),
                    "\(parameter.name)[\(index)]: \(gradient[index]), not \(difference)")
                checked += 1
            }
        }
        #expect(checked >= trained.count)
    }
}

extension GradientTests.Case {
    func with(_ loss: CrossEntropy) -> Self {
        var copy = self
        copy.loss = loss
        return copy
    }
}
