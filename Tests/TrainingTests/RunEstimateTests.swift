import Kernels
import ModelFiles
import Testing

@testable import Training

/// The estimate beside what a network really holds.
struct RunEstimateTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var family: DecoderConfig.Family?
        let method: TrainingConfiguration.Method
        var change: @Sendable (inout TrainingConfiguration) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "full", method: .full), Case(name: "head", method: .head),
        Case(name: "lora", method: .lora),
        Case(name: "dora everywhere, dropout", method: .lora) {
            $0.usesDoRA = true
            $0.targetModules = ["all-linear"]
        },
        Case(name: "lora in the last layer, dropout", method: .lora) {
            $0.adapterLayers = [2]
            $0.adapterDropout = 0.1
        },
        Case(name: "freeze", method: .freeze), Case(name: "qlora", method: .qlora),
        Case(name: "houlsby", method: .adapter) { $0.adapterStyle = .houlsby },
        Case(name: "decoder full", family: .llama, method: .full),
        Case(name: "decoder freeze", family: .gpt2, method: .freeze),
        Case(name: "decoder lora", family: .qwen2, method: .lora),
        Case(name: "decoder qlora", family: .llama, method: .qlora),
        Case(name: "decoder pfeiffer", family: .llama, method: .adapter),
    ]

    @Test(arguments: cases)
    func countsWhatTheNetworkHolds(_ item: Case) throws {
        let configuration = TinyModel.configuration(item.method, item.change)
        let config: ModelConfig, task: ModelTask, base: SafetensorsFile
        let train: [EncodedExample], held: [EncodedExample]
        if let family = item.family {
            config = .decoder(TinyDecoder.config(family))
            base = TinyDecoder.base(TinyDecoder.config(family))
            task = .causalLanguageModel
            (train, held) = (TinyDecoder.examples(20), TinyDecoder.examples(6, seed: 4))
        } else {
            config = .encoder(TinyModel.config)
            base = TinyModel.base()
            task = .sequenceClassification(labels: TinyModel.labels)
            (train, held) = (TinyModel.examples(20), TinyModel.examples(6, seed: 4))
        }
        let estimate = RunEstimate(
            config: config, task: task, configuration: configuration, base: base,
            trainLengths: train.map(\.tokenCount), validationLengths: held.map(\.tokenCount))
        let model = try TunableModel(
            base: base, config: config, task: task, configuration: configuration)
        let network = model.network, store = network.store
        #expect(estimate.trainableParameters == model.trainableParameterCount)
        #expect(estimate.totalParameters == model.parameterCount)
        #expect(estimate.parts.values.reduce(0, +) == estimate.peakBytes)

        let dense = store.parameters.reduce(0) { $0 + $1.values.count }
        let blocks = store.parameters.reduce(0) { $0 + (store.quantized($1.name)?.byteCount ?? 0) }
        #expect((blocks > 0) == (item.method == .qlora))
        #expect(estimate.parts["weights"] == 4 * dense + blocks)
        let merged = network.linears.filter(\.isMerged).reduce(0) { $0 + $1.inputs * $1.outputs }
        #expect(estimate.parts["merged"] ?? 0 == 4 * merged)
        #expect(estimate.parts["gradients"] == 4 * store.gradients.count)
        #expect(estimate.parts["moments"] == 8 * store.trained.count)

        // Every pass of a first epoch fits, and one needs exactly this much.
        let trainer = try Trainer(model: model, configuration: configuration)
        var largest = 0
        for rows in Trainer.batchOrder(
            lengths: train.map(\.tokenCount), epoch: 0, configuration: configuration)
        {
            trainer.forEachPass(train, rows: rows, step: 0) { batch in
                var size = PassSize(batch)
                if network.reading == .nextTokens { size.targets = size.tokens }
                largest = max(
                    largest,
                    network.floatCount(
                        size, isTraining: true,
                        adapterDropsOut: configuration.adapterDropout > 0))
            }
        }
        #expect(estimate.parts["activations"] == 4 * largest)
        #expect(4 * trainer.activationStorage(train).count >= 4 * largest)
        _ = try model.evaluate(held)
        let evaluation = try #require(estimate.parts["evaluation"])
        #expect(evaluation >= 4 * model.predictionStorage.count)
        let prefix = network.cachedPrefix.map { prefix in
            4 * prefix.width
                * (prefix.firstOnly ? train.count : train.reduce(0) { $0 + $1.tokenCount })
        }
        #expect(estimate.parts["prefix"] == prefix)
    }

    @Test func whatIsAskedForIsCounted() {
        func parts(
            _ fileBytes: Int = 0, validation: [Int] = [8, 9],
            _ change: (inout TrainingConfiguration) -> Void = { _ in }
        ) -> [String: Int] {
            RunEstimate(
                config: .encoder(TinyModel.config),
                task: .sequenceClassification(labels: TinyModel.labels),
                configuration: TinyModel.configuration(.full, change), base: TinyModel.base(),
                trainLengths: [3, 9, 16], validationLengths: validation, fileBytes: fileBytes
            ).parts
        }
        let plain = parts()
        #expect(plain["best"] == plain["gradients"] && plain["checkpoint"] == nil)
        #expect(parts(validation: [])["best"] == nil)
        #expect(parts { $0.loadsBestModel = false }["best"] == nil)
        #expect(parts(77)["file"] == 77 && plain["file"] == nil)
        #expect(parts { $0.saveStrategy = .epoch }["checkpoint"] == 4 * (plain["gradients"] ?? 0))
        #expect(
            parts { $0.privacy = Privacy(noiseMultiplier: 1) }["gradients"]
                == 2 * (plain["gradients"] ?? 0))
    }

    /// Nothing is allocated: a model that no machine could hold is measured too.
    @Test func aModelThatDoesNotFitIsMeasured() {
        var config = TinyDecoder.config(.llama)
        config.hiddenSize = 16384
        config.intermediateSize = 65536
        config.layerCount = 120
        config.headCount = 128
        config.keyHeadCount = 16
        config.headWidth = 128
        config.vocabularySize = 128_256
        config.maxPositions = 4096
        var configuration = TrainingConfiguration()
        configuration.method = .qlora
        let base = TinyDecoder.base(TinyDecoder.config(.llama))
        let estimate = { (configuration: TrainingConfiguration) in
            RunEstimate(
                config: .decoder(config), task: .causalLanguageModel,
                configuration: configuration, base: base,
                trainLengths: [Int](repeating: 300, count: 50_000), validationLengths: [2000])
        }
        let small = estimate(configuration)
        configuration.method = .full
        let large = estimate(configuration)
        #expect(large.totalParameters > 400_000_000_000)
        #expect(large.peakBytes > 16 * large.totalParameters)
        #expect(small.peakBytes < large.peakBytes / 8)
        #expect(small.trainableParameters < 1_000_000_000)
    }

    @Test func measuresPace() throws {
        for method in [TrainingConfiguration.Method.full, .head, .lora] {
            let configuration = TinyModel.configuration(method)
            let trainer = try Trainer(
                model: TinyModel.classifier(configuration), configuration: configuration)
            #expect(throws: TrainingError.self) { try trainer.measurePace(train: []) }
            let pace = try trainer.measurePace(train: TinyModel.examples(30), tokens: 20)
            #expect(pace.secondsPerToken > 0 && pace.secondsPerStep > 0)
            #expect(
                pace.seconds(tokens: 10, steps: 2)
                    == 10 * pace.secondsPerToken + 2 * pace.secondsPerStep)
        }
    }
}
