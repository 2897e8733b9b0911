import Kernels
import ModelFiles
import Records
import Testing

@testable import Training

/// Every family of models and every method beside transformers and peft, on tiny random models.
struct FamilyTests {
    @Test(arguments: FamilyFixture.names, FamilyFixture.methods)
    func logitsAndGradients(_ name: String, _ method: String) throws {
        let fixture = try FamilyFixture(name)
        let run = try fixture.run(method)
        let model = try fixture.model(method)
        let examples = try fixture.examples()

        let logits = FamilyFixture.logits(model, examples)
        let wanted = try fixture.tensors.floats("\(method).logits")
        #expect(logits.count == wanted.count)
        let worst = zip(logits, wanted).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 1e-4, "a logit is off by \(worst)")

        let trainer = try Trainer(model: model, configuration: fixture.configuration(method))
        let loss = trainer.gradients(
            examples, rows: Array(examples.indices), step: 0,
            objective: try trainer.objective(examples),
            storage: trainer.activationStorage(examples), cache: nil)
        let losses = try ReferenceFiles.numbers(run["losses"])
        #expect(abs(loss - losses[0]) < 1e-4)

        let norms = try #require(run["norms"]?.objectValue)
        let trained = model.network.store.trainedParameters
        #expect(Set(trained.map(\.name)) == Set(norms.keys))
        for parameter in trained {
            let norm = ReferenceRunTests.norm(try #require(parameter.gradient))
            let wanted = try #require(norms[parameter.name]?.doubleValue, "\(parameter.name)")
            // Softmax does not see the bias of the keys: its gradient is rounding alone.
            #expect(
                abs(norm - wanted) <= 1e-3 * wanted + 1e-6,
                "\(parameter.name): \(norm), not \(wanted)")
        }
    }

    @Test(arguments: FamilyFixture.names, FamilyFixture.methods)
    func fiveSteps(_ name: String, _ method: String) throws {
        let fixture = try FamilyFixture(name)
        let run = try fixture.run(method)
        let model = try fixture.model(method)
        let examples = try fixture.examples()
        let trainer = try Trainer(model: model, configuration: fixture.configuration(method))
        let result = try trainer.run(train: examples, validation: [])
        let losses = try ReferenceFiles.numbers(run["losses"])
        let norms = try ReferenceFiles.numbers(run["gradient_norms"])
        for (found, wanted) in zip(result.learningRates, try ReferenceFiles.numbers(run["rates"])) {
            #expect(abs(found - wanted) < 1e-12)
        }
        #expect(result.losses.count == losses.count)
        for (found, wanted) in zip(result.losses, losses) { #expect(abs(found - wanted) < 1e-3) }
        for (found, wanted) in zip(result.gradientNorms, norms) {
            #expect(abs(found - wanted) < 2e-3 * wanted)
        }
        let after = try model.evaluate(examples).loss
        #expect(abs(after - (try #require(run["loss_after"]?.doubleValue))) < 1e-3)
    }

    @Test(arguments: FamilyFixture.names)
    func wholeModelsHaveTheNamesOfTransformers(_ name: String) throws {
        let fixture = try FamilyFixture(name)
        let tensors = try fixture.model("full").mergedTensors()
        #expect(tensors.map(\.name).sorted() == fixture.base.names)
        for tensor in tensors {
            #expect(tensor.shape == fixture.base.shape(tensor.name), "\(tensor.name)")
            #expect(tensor.values == (try fixture.base.floats(tensor.name)), "\(tensor.name)")
        }
    }

    @Test(arguments: FamilyFixture.names, FamilyFixture.methods.dropFirst())
    func adaptersHaveTheNamesOfPEFT(_ name: String, _ method: String) throws {
        let fixture = try FamilyFixture(name)
        let files = try fixture.model(method).exportAdapter(baseName: "tiny")
        let adapter = try SafetensorsFile(bytes: try #require(files["adapter_model.safetensors"]))
        #expect(adapter.names == (try #require(try fixture.run(method)["saved"]?.stringArray)))
        let config = try AdapterConfig(bytes: try #require(files["adapter_config.json"]))
        #expect(config.fanInFanOut == (name == "gpt2"))
        #expect(config.taskType.rawValue == fixture.reference["task"]?.stringValue)
        guard method != "rslora" else { return }
        let file = "\(method)_adapter/adapter_model.safetensors"
        let saved = try SafetensorsFile(bytes: FamilyFixture.bytes(name, file))
        for tensor in saved.names {
            #expect(adapter.shape(tensor) == saved.shape(tensor), "\(tensor)")
        }
    }

    @Test(arguments: FamilyFixture.names, ["lora", "dora"])
    func adaptersOfPEFTAreRead(_ name: String, _ method: String) throws {
        let fixture = try FamilyFixture(name)
        let folder = "\(method)_adapter"
        let model = try TunableModel(
            base: fixture.base, config: fixture.config,
            adapter: SafetensorsFile(
                bytes: FamilyFixture.bytes(name, "\(folder)/adapter_model.safetensors")),
            adapterConfig: AdapterConfig(
                bytes: FamilyFixture.bytes(name, "\(folder)/adapter_config.json")),
            task: fixture.task, threads: 2)
        let wanted = try #require(try fixture.run(method)["loss_after"]?.doubleValue)
        #expect(abs(try model.evaluate(fixture.examples()).loss - wanted) < 1e-4)
    }
}
