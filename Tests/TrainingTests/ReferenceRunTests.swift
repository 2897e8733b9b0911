import Kernels
import ModelFiles
import Records
import Testing

@testable import Training

/// Twenty steps beside transformers and peft: same weights, same batch, no dropout.
@Suite(.serialized, .enabled(if: ReferenceFiles.areThere))
struct ReferenceRunTests {
    static func configuration(_ method: TrainingConfiguration.Method) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.method = method
        configuration.learningRate = method == .full ? 5e-5 : 1e-3
        configuration.batchSize = 8
        configuration.maxSteps = 20
        configuration.warmupSteps = 2
        configuration.threads = 2
        configuration.groupsByLength = false
        return configuration
    }

    static func classifier(
        _ method: TrainingConfiguration.Method, _ reference: SafetensorsFile
    ) throws -> TunableModel {
        let (base, config) = try ReferenceFiles.model()
        let classifier = try TunableModel(
            base: base, config: .encoder(config),
            task: .sequenceClassification(labels: ["negative", "positive"]),
            configuration: configuration(method),
            headWeight: reference.floats("classifier_init_weight"))
        for parameter in classifier.network.store.parameters
        where parameter.name.contains(".lora_") {
            let name = "init.base_model.model.\(parameter.name)"
                .replacing(".weight", with: ".default.weight")
            parameter.values.copy(from: try reference.floats(name))
        }
        classifier.network.merge()
        return classifier
    }

    /// The reference's name of a weight: peft puts the adapter's name in.
    static func referenceName(_ name: String, _ method: TrainingConfiguration.Method) -> String {
        guard method == .lora else { return name }
        return "base_model.model."
            + (name.hasPrefix("classifier")
                ? name.replacing("classifier.", with: "classifier.modules_to_save.default.")
                : name.replacing(".weight", with: ".default.weight"))
    }

    static func norm(_ floats: Floats) -> Double {
        WorkerPool(threadCount: 1).sumOfSquares(
            floats, scratch: FloatStorage(count: 1024).floats
        ).squareRoot()
    }

    @Test(arguments: [TrainingConfiguration.Method.full, .lora])
    func logitsLossAndGradients(_ method: TrainingConfiguration.Method) throws {
        let json = try ReferenceFiles.json("minilm_\(method.rawValue)")
        let tensors = try ReferenceFiles.tensors("minilm_\(method.rawValue)")
        let examples = try ReferenceFiles.examples(json)
        let classifier = try Self.classifier(method, tensors)

        let logits = try classifier.predict(examples).flatMap(\.logits)
        for (found, wanted) in zip(logits, try tensors.floats("logits")) {
            #expect(abs(found - wanted) < 1e-4)
        }

        let trainer = try Trainer(
            model: classifier, configuration: Self.configuration(method))
        let loss = trainer.gradients(
            examples, rows: Array(examples.indices), step: 0,
            objective: .classes(CrossEntropy(smoothing: 0, weights: [1, 1])),
            storage: trainer.activationStorage(examples), cache: nil)
        #expect(abs(loss - (try #require(json["loss0"]?.doubleValue))) < 1e-4)

        let norms = try #require(json["grad_norm"]?.objectValue)
        let trained = classifier.network.store.trainedParameters
        #expect(trained.count == norms.count)
        for parameter in trained {
            let name = Self.referenceName(parameter.name, method)
            let gradient = try #require(parameter.gradient)
            let norm = Self.norm(gradient)
            let wanted = try #require(norms[name]?.doubleValue, "\(name)")
            // Softmax does not see the bias of the keys: its gradient is rounding alone.
            #expect(abs(norm - wanted) <= 1e-3 * wanted + 2e-7, "\(name): \(norm), not \(wanted)")
            let whole = tensors.tensor("grad.\(name)") != nil
            let elements = try tensors.floats(whole ? "grad.\(name)" : "grad_head.\(name)")
            let tolerance = Float(max(1e-6, 1e-3 * wanted))
            let worst = elements.indices.map { abs(elements[$0] - gradient[$0]) }.max() ?? 0
            #expect(worst <= tolerance, "\(name): off by \(worst)")
        }
    }

    @Test(arguments: [TrainingConfiguration.Method.full, .lora])
    func twentySteps(_ method: TrainingConfiguration.Method) throws {
        let json = try ReferenceFiles.json("minilm_\(method.rawValue)")
        let tensors = try ReferenceFiles.tensors("minilm_\(method.rawValue)")
        let examples = try ReferenceFiles.examples(json)
        let classifier = try Self.classifier(method, tensors)
        let trainer = try Trainer(
            model: classifier, configuration: Self.configuration(method))
        let result = try trainer.run(train: examples, validation: [])

        for (found, wanted) in zip(result.learningRates, try ReferenceFiles.numbers(json["lrs"])) {
            #expect(abs(found - wanted) < 1e-12)
        }
        let losses = try ReferenceFiles.numbers(json["losses"])
        #expect(result.losses.count == losses.count)
        for (found, wanted) in zip(result.losses, losses) { #expect(abs(found - wanted) < 1e-3) }
        let norms = try ReferenceFiles.numbers(json["grad_norms_total"])
        for (found, wanted) in zip(result.gradientNorms, norms) {
            #expect(abs(found - wanted) < 2e-3 * wanted)
        }
        let after = try classifier.evaluate(examples).loss
        #expect(abs(after - (try #require(json["loss_after"]?.doubleValue))) < 1e-3)
        let finals = try #require(json["final_param_norm"]?.objectValue)
        for parameter in classifier.network.store.trainedParameters {
            let norm = Self.norm(parameter.values)
            let name = Self.referenceName(parameter.name, method)
            let wanted = try #require(finals[name]?.doubleValue)
            #expect(abs(norm - wanted) < 1e-3 * wanted + 1e-4, "\(name)")
        }
    }

    @Test func adapterFromPEFTLoads() throws {
        let json = try ReferenceFiles.json("minilm_lora")
        let examples = try ReferenceFiles.examples(json)
        let (base, config) = try ReferenceFiles.model()
        let folder = "\(ReferenceFiles.shared)/reference/minilm_lora_adapter"
        let classifier = try TunableModel(
            base: base, config: .encoder(config),
            adapter: SafetensorsFile(mapping: "\(folder)/adapter_model.safetensors"),
            adapterConfig: AdapterConfig(
                bytes: ReferenceFiles.bytes("\(folder)/adapter_config.json")),
            task: .sequenceClassification(labels: ["negative", "positive"]))
        let loss = try classifier.evaluate(examples).loss
        #expect(abs(loss - (try #require(json["loss_after"]?.doubleValue))) < 1e-4)
    }
}
