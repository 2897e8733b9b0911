import ModelFiles
import Records
import Testing

@testable import Training

struct ExportTests {
    static let targets: [[String]] = [
        ["query", "value"], ["dense"], ["dense", "key", "query", "value"],
        ["attention.output.dense", "intermediate.dense"],
    ]

    @Test(arguments: targets)
    func adapterComesBackWithEqualLogits(_ targets: [String]) throws {
        let configuration = TinyModel.configuration(.lora) {
            $0.targetModules = targets
            $0.maxSteps = 4
            $0.learningRate = 1e-2
            $0.usesRankStabilization = targets.count == 1
        }
        let (classifier, _, _) = try TrainerTests.run(
            configuration, train: TinyModel.examples(8))
        let examples = TinyModel.examples(6, seed: 8)
        let files = try classifier.exportAdapter(baseName: "/home/someone/models/tiny")
        let config = try AdapterConfig(bytes: try #require(files["adapter_config.json"]))
        #expect(config.baseModelName == "tiny")
        let adapter = try SafetensorsFile(
            bytes: try #require(files["adapter_model.safetensors"]))
        #expect(adapter.names.allSatisfy { $0.hasPrefix("base_model.model.") })
        #expect(!adapter.names.contains { $0.contains("embeddings") })
        let again = try TunableModel(
            base: TinyModel.base(), config: .encoder(TinyModel.config), adapter: adapter,
            adapterConfig: config, task: .sequenceClassification(labels: TinyModel.labels))
        #expect(try again.predict(examples) == classifier.predict(examples))

        let whole = try classifier.exportModel()
        let merged = try TunableModel(
            trained: SafetensorsFile(bytes: try #require(whole["model.safetensors"])),
            config: ModelConfig(bytes: try #require(whole["config.json"])))
        #expect(merged.labels == TinyModel.labels)
        for (a, b) in zip(try merged.predict(examples), try classifier.predict(examples)) {
            for (x, y) in zip(a.logits, b.logits) { #expect(abs(x - y) < 1e-5) }
        }
    }

    @Test func namesAreThoseOfPEFT() throws {
        let classifier = try TinyModel.classifier(
            TinyModel.configuration(.lora) { $0.adapterLayers = [1] })
        let files = try classifier.exportAdapter(baseName: "tiny")
        let file = try SafetensorsFile(bytes: try #require(files["adapter_model.safetensors"]))
        let layer = "base_model.model.bert.encoder.layer.1.attention.self"
        #expect(
            file.names == [
                "\(layer).query.lora_A.weight", "\(layer).query.lora_B.weight",
                "\(layer).value.lora_A.weight", "\(layer).value.lora_B.weight",
                "base_model.model.classifier.bias", "base_model.model.classifier.weight",
            ])
        #expect(file.tensor("\(layer).query.lora_A.weight")?.shape == [2, 8])
        #expect(file.tensor("\(layer).query.lora_B.weight")?.shape == [8, 2])
    }

    @Test(arguments: [TrainingConfiguration.Method.full, .head])
    func wholeModelComesBack(_ method: TrainingConfiguration.Method) throws {
        let (classifier, _, _) = try TrainerTests.run(
            TinyModel.configuration(method) { $0.maxSteps = 3 }, train: TinyModel.examples(8))
        #expect(throws: TrainingError.self) { try classifier.exportAdapter(baseName: "x") }
        let files = try classifier.exportModel()
        let again = try TunableModel(
            trained: SafetensorsFile(bytes: try #require(files["model.safetensors"])),
            config: ModelConfig(bytes: try #require(files["config.json"])))
        let examples = TinyModel.examples(6, seed: 8)
        #expect(try again.predict(examples) == classifier.predict(examples))
        #expect(again.trainableParameterCount == 0)
    }

    @Test func oldNamesAreTheSameModel() throws {
        let configuration = TinyModel.configuration(.full)
        let examples = TinyModel.examples(4)
        let new = try TinyModel.classifier(configuration).predict(examples)
        let base = TinyModel.base(oldNames: true)
        #expect(base.names.contains("embeddings.LayerNorm.gamma"))
        #expect(try TinyModel.classifier(configuration, base: base).predict(examples) == new)
    }

    @Test func missingAndUnfittingWeightsAreRefused() throws {
        let lora = TinyModel.configuration(.lora)
        for (configuration, missing) in [(lora, "pooler"), (lora, "layer.1.output.dense.bias")] {
            let error = #expect(throws: TrainingError.self) {
                try TinyModel.classifier(configuration, base: TinyModel.base(without: [missing]))
            }
            #expect(error?.code == .model)
        }
        // A full run makes a pooler of its own.
        _ = try TinyModel.classifier(
            TinyModel.configuration(.full), base: TinyModel.base(without: ["pooler"]))
        var wide = TinyModel.config
        wide.intermediateSize = 16
        #expect(throws: TrainingError.self) {
            try TunableModel(
                base: TinyModel.base(), config: .encoder(wide),
                task: .sequenceClassification(labels: ["a", "b"]), configuration: lora)
        }
        for change: (inout TrainingConfiguration) -> Void in [
            { $0.targetModules = ["query", "gate_proj"] }, { $0.frozenLayers = 4 },
            { $0.adapterLayers = [3] }, { $0.maxLength = 21 },
            { $0.classWeights = .given([1, 2]) },
        ] {
            let error = #expect(throws: TrainingError.self) {
                try TinyModel.classifier(TinyModel.configuration(.lora, change))
            }
            #expect(error?.code == .configuration)
        }
        #expect(throws: TrainingError.self) {
            try TunableModel(
                base: TinyModel.base(), config: .encoder(TinyModel.config),
                task: .sequenceClassification(labels: ["a", "a"]), configuration: lora)
        }
    }

    @Test func anAdapterWithoutItsHeadIsRefused() throws {
        let classifier = try TinyModel.classifier(TinyModel.configuration(.lora))
        let files = try classifier.exportAdapter(baseName: "tiny")
        let file = try SafetensorsFile(bytes: try #require(files["adapter_model.safetensors"]))
        let config = try AdapterConfig(bytes: try #require(files["adapter_config.json"]))
        func load(_ names: [String], extra: [NamedTensor] = []) throws {
            let tensors = try names.map {
                NamedTensor(
                    name: $0, shape: file.tensor($0)?.shape ?? [], values: try file.floats($0))
            }
            _ = try TunableModel(
                base: TinyModel.base(), config: .encoder(TinyModel.config),
                adapter: SafetensorsFile(bytes: SafetensorsWriter.encode(tensors + extra)),
                adapterConfig: config, task: .sequenceClassification(labels: TinyModel.labels))
        }
        try load(file.names)
        for name in file.names {
            let error = #expect(throws: TrainingError.self) {
                try load(file.names.filter { $0 != name })
            }
            #expect(error?.code == .adapter)
        }
        let stranger = NamedTensor(
            name: "base_model.model.x.lora_A.weight", shape: [1], values: [0])
        #expect(throws: TrainingError.self) { try load(file.names, extra: [stranger]) }
    }
}
