import Kernels
import ModelFiles
import Records
import Testing

@testable import Training

/// SmolLM2 beside transformers and peft: same weights (dequantised), same four chats, no dropout.
@Suite(.serialized, .enabled(if: ReferenceFiles.ofDecoderAreThere))
struct DecoderReferenceTests {
    static func configuration(_ method: TrainingConfiguration.Method) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.method = method
        configuration.learningRate = method == .full ? 5e-5 : 1e-3
        configuration.batchSize = 4
        configuration.maxSteps = 20
        configuration.warmupSteps = 2
        configuration.threads = 2
        configuration.groupsByLength = false
        configuration.bootstrapSamples = 0
        return configuration
    }

    static func model(
        _ method: TrainingConfiguration.Method, _ reference: SafetensorsFile
    ) throws -> TunableModel {
        let file = try GGUFFile(mapping: "\(ReferenceFiles.models)/smollm2/model.gguf")
        let model = try TunableModel(
            base: file, config: .decoder(DecoderConfig(gguf: file)), task: .causalLanguageModel,
            configuration: configuration(method))
        for parameter in model.network.store.parameters where parameter.isAdapter {
            let name = "init.base_model.model.\(parameter.name)"
                .replacing(".weight", with: ".default.weight")
            parameter.values.copy(from: try reference.floats(name))
        }
        model.network.merge()
        return model
    }

    /// The four chats, without their padding.
    static func examples(_ reference: JSONValue) throws -> [EncodedExample] {
        func rows(_ name: String) throws -> [[Int32]] {
            try #require(reference["batch"]?[name]?.arrayValue).map { row in
                try #require(row.arrayValue).map { Int32(try #require($0.intValue)) }
            }
        }
        let masks = try rows("attention_mask")
        return zip(zip(try rows("input_ids"), try rows("labels")), masks).map { pair, mask in
            let count = mask.count { $0 == 1 }
            return EncodedExample(
                ids: Array(pair.0[..<count]), targets: Array(pair.1[..<count]))
        }
    }

    static func referenceName(_ name: String, _ method: TrainingConfiguration.Method) -> String {
        method == .full
            ? name : "base_model.model." + name.replacing(".weight", with: ".default.weight")
    }

    @Test(arguments: [TrainingConfiguration.Method.full, .lora])
    func gradientsAndTwentySteps(_ method: TrainingConfiguration.Method) throws {
        let json = try ReferenceFiles.json("smollm2_\(method.rawValue)")
        let tensors = try ReferenceFiles.tensors("smollm2_\(method.rawValue)")
        let examples = try Self.examples(json)
        let model = try Self.model(method, tensors)
        let trainer = try Trainer(model: model, configuration: Self.configuration(method))

        let loss = trainer.gradients(
            examples, rows: Array(examples.indices), step: 0,
            objective: .nextToken(smoothing: 0), storage: trainer.activationStorage(examples),
            cache: nil)
        #expect(abs(loss - (try #require(json["loss0"]?.doubleValue))) < 1e-4)
        let norms = try #require(json["grad_norm"]?.objectValue)
        let trained = model.network.store.trainedParameters
        #expect(trained.count == norms.count)
        for parameter in trained {
            let name = Self.referenceName(parameter.name, method)
            let gradient = try #require(parameter.gradient)
            let norm = ReferenceRunTests.norm(gradient)
            let wanted = try #require(norms[name]?.doubleValue, "\(name)")
            #expect(abs(norm - wanted) <= 1e-3 * wanted + 2e-7, "\(name): \(norm), not \(wanted)")
            let whole = "grad.\(name)", head = "grad_head.\(name)"
            guard tensors.tensor(whole) != nil || tensors.tensor(head) != nil else { continue }
            let elements = try tensors.floats(tensors.tensor(whole) != nil ? whole : head)
            let tolerance = Float(max(1e-6, 1e-3 * wanted))
            let worst = elements.indices.map { abs(elements[$0] - gradient[$0]) }.max() ?? 0
            #expect(worst <= tolerance, "\(name): off by \(worst)")
        }

        let result = try trainer.run(train: examples, validation: [])
        for (found, wanted) in zip(result.learningRates, try ReferenceFiles.numbers(json["lrs"])) {
            #expect(abs(found - wanted) < 1e-12)
        }
        let losses = try ReferenceFiles.numbers(json["losses"])
        #expect(result.losses.count == losses.count)
        for (found, wanted) in zip(result.losses, losses) { #expect(abs(found - wanted) < 1e-3) }
        let totals = try ReferenceFiles.numbers(json["grad_norms_total"])
        for (found, wanted) in zip(result.gradientNorms, totals) {
            #expect(abs(found - wanted) < 5e-3 * wanted)
        }
        let after = try model.evaluate(examples).loss
        #expect(abs(after - (try #require(json["loss_after"]?.doubleValue))) < 1e-3)
    }

    @Test func adapterFromPEFTLoads() throws {
        let json = try ReferenceFiles.json("smollm2_lora")
        let folder = "\(ReferenceFiles.shared)/reference/smollm2_lora_adapter"
        let file = try GGUFFile(mapping: "\(ReferenceFiles.models)/smollm2/model.gguf")
        let model = try TunableModel(
            base: file, config: .decoder(DecoderConfig(gguf: file)),
            adapter: SafetensorsFile(mapping: "\(folder)/adapter_model.safetensors"),
            adapterConfig: AdapterConfig(
                bytes: ReferenceFiles.bytes("\(folder)/adapter_config.json")),
            task: .causalLanguageModel)
        let loss = try model.evaluate(try Self.examples(json)).loss
        #expect(abs(loss - (try #require(json["loss_after"]?.doubleValue))) < 1e-3)
    }
}
