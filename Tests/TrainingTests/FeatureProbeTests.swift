import Foundation
import ModelFiles
import Records
import Testing

@testable import Training

struct FeatureProbeTests {
    /// Clouds around one centre for each label.
    static func clouds(
        _ count: Int, labels: Int, width: Int, spread: Double, seed: UInt64
    ) -> [FeatureProbe.Example] {
        var centres = SeededRandom(seed: 1)
        let means = (0..<labels).map { _ in (0..<width).map { _ in gaussian(using: &centres) } }
        var random = SeededRandom(seed: seed)
        return (0..<count).map { index in
            let label = index % labels
            return (means[label].map { Float($0 + spread * gaussian(using: &random)) }, label)
        }
    }

    @Test func separatesWhatCanBeSeparated() throws {
        for labels in [2, 3, 7] {
            let score = try FeatureProbe.run(
                train: Self.clouds(140, labels: labels, width: 12, spread: 0.3, seed: 2),
                validation: Self.clouds(70, labels: labels, width: 12, spread: 0.3, seed: 3),
                labels: labels, seed: 4)
            #expect(score.accuracy > 0.97 && score.macroF1 > 0.97, "\(labels): \(score)")
        }
    }

    @Test func noiseIsNoBetterThanChance() throws {
        var random = SeededRandom(seed: 5)
        let noise = Self.clouds(300, labels: 2, width: 20, spread: 1, seed: 6).map {
            ($0.vector, Int.random(in: 0...1, using: &random))
        }
        let score = try FeatureProbe.run(
            train: Array(noise[..<200]), validation: Array(noise[200...]), labels: 2, seed: 4)
        #expect(score.accuracy > 0.3 && score.accuracy < 0.7)
    }

    @Test func equalInputGivesEqualScores() throws {
        let train = Self.clouds(60, labels: 3, width: 8, spread: 2, seed: 7)
        let held = Self.clouds(60, labels: 3, width: 8, spread: 2, seed: 8)
        let first = try FeatureProbe.run(train: train, validation: held, labels: 3, seed: 1)
        let second = try FeatureProbe.run(train: train, validation: held, labels: 3, seed: 1)
        #expect(first == second)
    }

    /// At the minimum the gradient is zero: compared with differences of the function.
    @Test func theRegressionFindsTheMinimum() {
        let examples = Self.clouds(50, labels: 3, width: 4, spread: 1.5, seed: 9)
        let scale = FeatureScale(examples.map(\.vector))
        let fit = SoftmaxRegression(examples, scale, labels: 3)
        fit.minimize(penalty: 0.1)
        let (value, gradient) = fit.value(fit.weights, penalty: 0.1)
        #expect(gradient.allSatisfy { abs($0) < 2e-3 })
        // Convex: no step from a minimum goes down.
        var random = SeededRandom(seed: 3)
        for _ in 0..<20 {
            let other = fit.weights.map { $0 + 0.05 * gaussian(using: &random) }
            #expect(fit.value(other, penalty: 0.1).value > value - 1e-6)
        }
        let weights = fit.weights.map { $0 + 0.3 }
        let slopes = fit.value(weights, penalty: 0.1).gradient
        for index in weights.indices {
            var above = weights, below = weights
            above[index] += 1e-2
            below[index] -= 1e-2
            let difference =
                (fit.value(above, penalty: 0.1).value - fit.value(below, penalty: 0.1).value) / 2e-2
            #expect(abs(difference - slopes[index]) < 2e-3)
        }
    }

    @Test func badInputIsRefused() {
        let good = Self.clouds(10, labels: 2, width: 3, spread: 1, seed: 1)
        let bad: [([FeatureProbe.Example], [FeatureProbe.Example], Int)] = [
            ([], good, 2), (good, [], 2), (good, good, 1), ([([], 0)], [([], 0)], 2),
            (good + [([1, 2], 0)], good, 2), (good, [([1, 2, 3], 2)], 2),
            (good + [([1, 2, 3], -1)], good, 2), (good + [([1, .nan, 3], 0)], good, 2),
        ]
        for (train, validation, labels) in bad {
            let error = #expect(throws: TrainingError.self) {
                try FeatureProbe.run(
                    train: train, validation: validation, labels: labels, seed: 1)
            }
            #expect(error?.code == .data)
        }
        // Constant vectors and a single label are no reason to stop.
        let flat = [FeatureProbe.Example](repeating: ([1, 1], 1), count: 9)
        let score = try? FeatureProbe.run(train: flat, validation: flat, labels: 2, seed: 1)
        #expect(score?.accuracy == 1)
    }

    static let reviews =
        "\(ReferenceFiles.shared)/shelf/sentiment/amazonReviewSnippets_GroundTruth.txt"

    /// Amazon reviews, split by review: line is `review_sentence`, score, text.
    @Test(
        .enabled(
            if: ReferenceFiles.areThere && FileManager.default.fileExists(atPath: reviews)))
    func miniLMReadsSentiment() throws {
        let (base, config) = try ReferenceFiles.model()
        var configuration = TrainingConfiguration()
        configuration.threads = 2
        let model = try TunableModel(
            base: base, config: .encoder(config),
            task: .sequenceClassification(labels: ["a", "b"]), configuration: configuration)
        let tokenizer = try TokenizerFiles.load([
            "vocab.txt": ReferenceFiles.bytes("\(ReferenceFiles.models)/minilm/vocab.txt")
        ])
        let lines = String(decoding: try ReferenceFiles.bytes(Self.reviews), as: UTF8.self)
            .split(whereSeparator: \.isNewline).prefix(400)
        var ids: [[Int32]] = [], labels: [Int] = [], groups: [Substring] = []
        for line in lines {
            let cells = line.split(separator: "\t")
            guard cells.count == 3, let score = Double(cells[1]), abs(score) > 0.5 else {
                continue
            }
            labels.append(score > 0 ? 1 : 0)
            groups.append(cells[0].split(separator: "_")[0])
            ids.append(
                Array(
                    tokenizer.encode(Array(cells[2].utf8), addsSpecialTokens: true).prefix(128)))
        }
        let vectors = try model.features(ids)
        let held = Set(groups.filter { (Int($0) ?? 0) % 4 == 0 })
        let rows = labels.indices.map { (vector: vectors[$0], label: labels[$0]) }
        let score = try FeatureProbe.run(
            train: rows.indices.filter { !held.contains(groups[$0]) }.map { rows[$0] },
            validation: rows.indices.filter { held.contains(groups[$0]) }.map { rows[$0] },
            labels: 2, seed: 42)
        #expect(score.accuracy > 0.72, "\(score)")
    }
}
