import Foundation
import Kernels
import Testing

@testable import Training

struct PrivacyTests {
    static func noise(_ multiplier: Double, clip: Double = 1, seed: UInt64 = 5) -> PrivacyNoise {
        PrivacyNoise(
            multiplier: multiplier, clippingNorm: clip, expectedBatch: 4, seed: seed)
    }

    @Test func noiseIsGaussianAndSeeded() {
        let count = 20_000, deviation = 0.7 * 3
        func draw(_ noise: PrivacyNoise, step: Int) -> [Float] {
            let floats = FloatStorage(count: count).floats
            noise.add(to: floats, step: step)
            return floats.array
        }
        let numbers = draw(Self.noise(0.7, clip: 3), step: 1)
        let mean = numbers.reduce(0.0) { $0 + Double($1) } / Double(count)
        let variance = numbers.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)
        let fourth = numbers.reduce(0.0) { $0 + pow(Double($1), 4) } / Double(count)
        #expect(abs(mean) < 4 * deviation / Double(count).squareRoot())
        #expect(abs(variance.squareRoot() / deviation - 1) < 0.02)
        #expect(abs(fourth / (variance * variance) - 3) < 0.15)
        let inside = numbers.count { abs(Double($0)) < deviation }
        #expect(abs(Double(inside) / Double(count) - 0.6827) < 0.014)
        // Neighbours know nothing of each other.
        let pairs = zip(numbers, numbers.dropFirst()).reduce(0.0) {
            $0 + Double($1.0) * Double($1.1)
        }
        #expect(abs(pairs / Double(count) / variance) < 0.03)

        #expect(draw(Self.noise(0.7, clip: 3), step: 1) == numbers)
        #expect(draw(Self.noise(0.7, clip: 3), step: 2) != numbers)
        #expect(draw(Self.noise(0.7, clip: 3, seed: 6), step: 1) != numbers)
        #expect(draw(Self.noise(0), step: 1) == [Float](repeating: 0, count: count))
    }

    static let methods: [TrainingConfiguration.Method] = [.full, .lora, .head]

    /// Each example's gradient alone, clipped, and summed: by hand beside the trainer's.
    @Test(arguments: methods)
    func clipsEachExample(_ method: TrainingConfiguration.Method) throws {
        let clip = 0.05
        let configuration = TinyModel.configuration(method) {
            $0.privacy = Privacy(noiseMultiplier: 1, clippingNorm: clip)
            $0.hiddenDropout = 0.1
        }
        let model = try TinyModel.classifier(configuration)
        let trainer = try Trainer(model: model, configuration: configuration)
        let examples = TinyModel.examples(6), rows = [4, 0, 5, 2]
        let storage = trainer.activationStorage(examples)
        let objective = try trainer.objective(examples)
        let store = model.network.store
        var sum = [Double](repeating: 0, count: store.gradients.count)
        var losses = 0.0, clipped = 0
        for (ordinal, row) in rows.enumerated() {
            let batch = model.network.newBatch()
            batch.append(
                examples[row], row: row, ordinal: ordinal, step: 3, seed: configuration.seed)
            model.network.workers.zero(store.gradients)
            losses += model.network.learn(
                batch, objective: objective, normalizer: 1, pass: trainer.pass, storage: storage,
                cache: nil)
            let gradient = store.gradients.array.map(Double.init)
            let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let factor = min(1, clip / norm)
            clipped += factor < 1 ? 1 : 0
            for index in gradient.indices { sum[index] += factor * gradient[index] }
        }
        #expect(clipped > 0)
        let value = trainer.privateGradients(
            examples, rows: rows, step: 3, objective: objective, storage: storage, cache: nil,
            noise: Self.noise(0, clip: clip))
        #expect(abs(value - losses / 4) < 1e-6)
        // The sum is divided by the expected number of examples, 4.
        for (found, wanted) in zip(store.gradients.array, sum) {
            #expect(abs(Double(found) - wanted / 4) < 1e-6)
        }
        // One example moves the mean by C / 4 at most, whatever it is.
        _ = trainer.privateGradients(
            examples, rows: [0], step: 3, objective: objective, storage: storage, cache: nil,
            noise: Self.noise(0, clip: clip))
        let norm = store.gradients.array.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(norm <= clip / 4 * 1.0001)
    }

    static func run(
        _ privacy: Privacy, method: TrainingConfiguration.Method = .lora, seed: UInt64 = 42
    ) throws -> TrainingResult {
        let configuration = TinyModel.configuration(method) {
            $0.privacy = privacy
            $0.maxSteps = 9
            $0.seed = seed
            $0.batchSize = 4
        }
        return try TrainerTests.run(configuration, train: TinyModel.examples(20)).1
    }

    @Test(arguments: methods)
    func aRunIsTheSameBitForBitAndSaysWhatItSpent(
        _ method: TrainingConfiguration.Method
    ) throws {
        let privacy = Privacy(targetEpsilon: 4, delta: 1e-3)
        let first = try Self.run(privacy, method: method)
        let second = try Self.run(privacy, method: method)
        #expect(first.weightsDigest == second.weightsDigest && first.losses == second.losses)
        #expect(
            first.weightsDigest != (try Self.run(privacy, method: method, seed: 1)).weightsDigest)
        let spent = try #require(first.privacy)
        #expect(spent.epsilon <= 4 && spent.epsilon > 3.9)
        #expect(spent.delta == 1e-3 && spent.samplingRate == 0.2 && spent.clippingNorm == 1)
        let accountant = PrivacyAccountant(samplingRate: 0.2, steps: 9)
        #expect(
            spent.epsilon
                == accountant.epsilon(noiseMultiplier: spent.noiseMultiplier, delta: 1e-3))
    }

    @Test func givenNoiseIsKeptAndDeltaHasADefault() throws {
        let spent = try #require(try Self.run(Privacy(noiseMultiplier: 2.5)).privacy)
        #expect(spent.noiseMultiplier == 2.5 && spent.delta == 1.0 / 200)
        let public_ = try TrainerTests.run(
            TinyModel.configuration(.lora) { $0.maxSteps = 2 }, train: TinyModel.examples(8)
        ).1
        #expect(public_.privacy == nil)
    }

    @Test func promisesThatCannotBeKeptAreRefused() {
        for privacy in [
            Privacy(targetEpsilon: 1e-9, delta: 1e-9),
            Privacy(targetEpsilon: 0.5, delta: 1e-5, noiseMultiplier: 0.5), Privacy(),
        ] {
            let error = #expect(throws: TrainingError.self) { try Self.run(privacy) }
            #expect(error?.code == .configuration)
        }
    }

    /// Poisson sampling: each row in each step with the same probability.
    @Test func rowsAreDrawnApart() {
        let steps = 400, count = 50
        var hits = [Int](repeating: 0, count: count)
        var sizes: [Int] = []
        for step in 0..<steps {
            let rows = BatchOrder.sampled(count: count, step: step, seed: 3, probability: 0.3)
            #expect(rows == BatchOrder.sampled(count: count, step: step, seed: 3, probability: 0.3))
            sizes.append(rows.count)
            for row in rows { hits[row] += 1 }
        }
        let share = Double(hits.reduce(0, +)) / Double(steps * count)
        #expect(abs(share - 0.3) < 0.015)
        #expect(hits.allSatisfy { abs(Double($0) / Double(steps) - 0.3) < 0.1 })
        let mean = Double(sizes.reduce(0, +)) / Double(steps)
        let variance = sizes.reduce(0.0) { $0 + pow(Double($1) - mean, 2) } / Double(steps)
        #expect(abs(variance / (50 * 0.3 * 0.7) - 1) < 0.3)
        #expect(BatchOrder.sampled(count: 9, step: 1, seed: 3, probability: 0).isEmpty)
        #expect(BatchOrder.sampled(count: 9, step: 1, seed: 3, probability: 1).count == 9)
    }
}
