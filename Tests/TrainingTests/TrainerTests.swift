import Kernels
import ModelFiles
import Records
import Testing

@testable import Training

struct TrainerTests {
    static func run(
        _ configuration: TrainingConfiguration, train: [EncodedExample],
        validation: [EncodedExample] = [], shouldStop: () -> Bool = { false }
    ) throws -> (TunableModel, TrainingResult, [TrainingEvent]) {
        let classifier = try TinyModel.classifier(configuration)
        let trainer = try Trainer(model: classifier, configuration: configuration)
        var events: [TrainingEvent] = []
        let result = try withoutActuallyEscaping(shouldStop) { shouldStop in
            try trainer.run(
                train: train, validation: validation,
                hooks: RunHooks(onEvent: { events.append($0) }, shouldStop: shouldStop))
        }
        return (classifier, result, events)
    }

    static let methods: [TrainingConfiguration.Method] = [.full, .lora, .head]

    @Test(arguments: methods)
    func learnsAndRepeatsBitForBit(_ method: TrainingConfiguration.Method) throws {
        let configuration = TinyModel.configuration(method) {
            $0.learningRate = 2e-2
            $0.epochs = 12
            $0.hiddenDropout = 0.1
            $0.attentionDropout = 0.1
            $0.adapterDropout = 0.1
        }
        let train = TinyModel.examples(14)
        let (_, first, _) = try Self.run(configuration, train: train)
        let (_, second, _) = try Self.run(configuration, train: train)
        #expect(first.weightsDigest == second.weightsDigest)
        #expect(first.losses == second.losses)
        #expect(first.gradientNorms == second.gradientNorms)
        let head = first.losses.prefix(4).reduce(0, +), tail = first.losses.suffix(4).reduce(0, +)
        #expect(tail < head * 0.95)
        let (_, other, _) = try Self.run(
            TinyModel.configuration(method) {
                $0.learningRate = 2e-2
                $0.epochs = 12
                $0.hiddenDropout = 0.1
                $0.seed = 43
            }, train: train)
        #expect(other.weightsDigest != first.weightsDigest)
    }

    /// Accumulated batches, and batches cut into passes, are the full batch, dropout included.
    @Test(arguments: methods)
    func accumulationEqualsTheFullBatch(_ method: TrainingConfiguration.Method) throws {
        let change: (inout TrainingConfiguration) -> Void = {
            $0.batchSize = 12
            $0.maxSteps = 6
            $0.hiddenDropout = 0.2
            $0.attentionDropout = 0.1
            $0.adapterDropout = 0.2
            $0.classWeights = .given([1, 2, 0.5])
            $0.labelSmoothing = 0.1
            $0.groupsByLength = false
        }
        let train = TinyModel.examples(20)
        let (_, whole, _) = try Self.run(TinyModel.configuration(method, change), train: train)
        let accumulated = TinyModel.configuration(method) {
            change(&$0)
            $0.batchSize = 3
            $0.accumulationSteps = 4
        }
        let cut = TinyModel.configuration(method) {
            change(&$0)
            $0.tokensPerPass = 10
        }
        for configuration in [accumulated, cut] {
            let (_, parts, _) = try Self.run(configuration, train: train)
            #expect(parts.losses.count == whole.losses.count)
            for (a, b) in zip(whole.losses, parts.losses) { #expect(abs(a - b) < 2e-5) }
            for (a, b) in zip(whole.gradientNorms, parts.gradientNorms) {
                #expect(abs(a - b) < 1e-4 * max(1, a))
            }
        }
    }

    /// An example's logits are the same alone and among others: no contamination.
    @Test func packingDoesNotContaminate() throws {
        let classifier = try TinyModel.classifier(TinyModel.configuration(.lora))
        let examples = TinyModel.examples(9)
        let together = try classifier.predict(examples)
        for (example, prediction) in zip(examples, together) {
            let alone = try classifier.predict([example])[0]
            for (a, b) in zip(alone.logits, prediction.logits) { #expect(abs(a - b) < 1e-5) }
            #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-6)
        }
        #expect(try classifier.predict([[Int32]]()).isEmpty)
    }

    /// Kept outputs of frozen layers change nothing.
    @Test(arguments: [(TrainingConfiguration.Method.full, 2), (.head, 0), (.lora, 1), (.full, 3)])
    func prefixCacheIsExact(_ method: TrainingConfiguration.Method, _ frozen: Int) throws {
        let configuration = TinyModel.configuration(method) { $0.frozenLayers = frozen }
        let classifier = try TinyModel.classifier(configuration)
        let trainer = try Trainer(model: classifier, configuration: configuration)
        let examples = TinyModel.examples(8)
        let storage = trainer.activationStorage(examples)
        let loss = CrossEntropy(smoothing: 0, weights: [1, 1, 1])
        #expect(
            (classifier.network as! EncoderNetwork).lowestTrainedLayer
                == (method == .head ? 3 : frozen))
        let cache = try #require(
            PrefixCache(
                examples: examples, width: 8,
                firstOnly: (classifier.network as! EncoderNetwork).lowestTrainedLayer == 3,
                weightsDigest: classifier.frozenWeightsDigest()))
        func gradients(_ rows: [Int], _ cache: PrefixCache?) -> (Double, [Float]) {
            let value = trainer.gradients(
                examples, rows: rows, step: 0, objective: .classes(loss), storage: storage,
                cache: cache)
            return (value, classifier.network.store.gradients.array)
        }
        for rows in [[0, 1, 2, 3], [4, 5, 6, 7], [7, 0, 5, 2], [1, 6, 3, 4]] {
            let fresh = gradients(rows, nil), kept = gradients(rows, cache)
            #expect(abs(fresh.0 - kept.0) < 1e-6)
            for (a, b) in zip(fresh.1, kept.1) { #expect(abs(a - b) < 1e-5) }
        }
        let other = PrefixCache.key(
            examples: examples.reversed(), firstOnly: false,
            weightsDigest: classifier.frozenWeightsDigest())
        #expect(other != cache.key)
    }

    @Test func frozenWeightsStayAsTheyAre() throws {
        let configuration = TinyModel.configuration(.full) {
            $0.frozenLayers = 1
            $0.maxSteps = 3
            $0.learningRate = 0.1
        }
        let before = try TinyModel.classifier(configuration).network.store
        let (classifier, _, _) = try Self.run(configuration, train: TinyModel.examples(8))
        for (old, new) in zip(before.parameters, classifier.network.store.parameters) {
            let isFrozen = old.name.contains("embeddings") || old.name.contains("layer.0.")
            #expect((old.values.array == new.values.array) == isFrozen, "\(old.name)")
            #expect(new.isTrained == !isFrozen)
        }
    }

    @Test func eventsBestWeightsAndEarlyStopping() throws {
        let configuration = TinyModel.configuration(.full) {
            $0.learningRate = 0.3
            $0.epochs = 30
            $0.warmupRatio = 0
            $0.earlyStoppingPatience = 2
            $0.metric = .loss
            $0.loggingSteps = 3
        }
        let validation = TinyModel.examples(9, seed: 5)
        let (classifier, result, events) = try Self.run(
            configuration, train: TinyModel.examples(8), validation: validation)
        #expect(result.stoppedEarly && !result.stopped)
        guard case .started(let plan) = try #require(events.first) else {
            Issue.record("no start")
            return
        }
        #expect(plan.totalSteps == 60 && plan.stepsPerEpoch == 2 && plan.validationExamples == 9)
        var losses: [Double] = []
        var steps: [Int] = []
        for event in events {
            switch event {
            case .evaluation(let step, _, let evaluation, let isBest):
                #expect(isBest == (evaluation.loss < (losses.min() ?? .infinity)))
                losses.append(evaluation.loss)
                #expect(step == 2 * losses.count)
            case .step(let report):
                steps.append(report.step)
                #expect(report.residentBytes > 0 && report.secondsLeft >= 0)
            case .started: break
            }
        }
        #expect(steps.first == 1 && steps.dropFirst().allSatisfy { $0 % 3 == 0 })
        #expect(result.finalEvaluation?.loss == losses.min())
        #expect(result.bestStep == 2 * ((losses.firstIndex(of: losses.min() ?? 0) ?? 0) + 1))
        #expect(try classifier.evaluate(validation).loss == losses.min())
        #expect(result.weightsDigest.count == 32)
    }

    @Test func aCallerCanStop() throws {
        var asked = 0
        let (_, result, _) = try Self.run(
            TinyModel.configuration(.lora) { $0.epochs = 50 }, train: TinyModel.examples(8),
            validation: TinyModel.examples(4),
            shouldStop: {
                asked += 1
                return asked > 3
            })
        #expect(result.stopped && result.steps == 3 && !result.stoppedEarly)
        #expect(result.finalEvaluation != nil)
    }

    @Test func notANumberIsCaught() throws {
        let configuration = TinyModel.configuration(.full) {
            $0.learningRate = 9
            $0.warmupRatio = 0
            $0.maxSteps = 3
        }
        let classifier = try TinyModel.classifier(configuration)
        classifier.network.store["bert.pooler.dense.bias"].values[0] = .nan
        let trainer = try Trainer(model: classifier, configuration: configuration)
        let error = #expect(throws: TrainingError.self) {
            try trainer.run(train: TinyModel.examples(4), validation: [])
        }
        #expect(error?.code == .notFinite)
    }

    @Test func badExamplesAreRefused() throws {
        let configuration = TinyModel.configuration(.lora)
        for bad in [
            EncodedExample(ids: [], label: 0), EncodedExample(ids: [30], label: 0),
            EncodedExample(ids: [-1], label: 0), EncodedExample(ids: [1], label: 3),
            EncodedExample(ids: [1], label: -1),
            EncodedExample(ids: [1, 2], label: 0, typeIDs: [0]),
            EncodedExample(ids: [1], label: 0, typeIDs: [2]),
            EncodedExample(ids: [Int32](repeating: 1, count: 21), label: 0),
        ] {
            let error = #expect(throws: TrainingError.self) {
                try Self.run(configuration, train: [bad])
            }
            #expect(error?.code == .data)
        }
        #expect(throws: TrainingError.self) { try Self.run(configuration, train: []) }
    }
}
