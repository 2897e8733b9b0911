import Foundation
import ModelFiles
import Records
import Testing

@testable import Training

struct MemorisationTests {
    @Test func canariesAreSeededAndApart() {
        let canaries = Canaries(count: 12, seed: 7)
        #expect(canaries == Canaries(count: 12, seed: 7))
        #expect(canaries.inserted != Canaries(count: 12, seed: 8).inserted)
        #expect(canaries.inserted.count == 12)
        #expect(canaries.alternatives.count == 1023)
        let all = canaries.inserted + canaries.alternatives
        #expect(Set(all).count == all.count)
        // One sentence, six digits, a full stop.
        let sentence = try? /^([A-Z][a-z ]+?)((?: \d){6})\.$/.wholeMatch(in: all[0])?.output.1
        for text in all {
            #expect(text.wholeMatch(of: /[A-Z][a-z ]+?(?: \d){6}\./) != nil, "\(text)")
            #expect(text.hasPrefix(sentence ?? "?"))
        }
        #expect(Canaries(count: 0, seed: 7).inserted.isEmpty)
        let sentences = Set(
            (0..<25).map { seed in
                Canaries(count: 1, seed: seed).inserted[0].prefix { !$0.isNumber }
            })
        #expect(sentences.count > 5)
    }

    @Test func labelsAreSeededAndSpread() {
        let canaries = Canaries(count: 40, seed: 1)
        let labels = canaries.labels(count: 3)
        #expect(labels.inserted.count == 40 && labels.alternatives.count == 1023)
        #expect(labels == canaries.labels(count: 3))
        for label in 0..<3 {
            let share = labels.alternatives.count { $0 == label }
            #expect(share > 280 && share < 400)
        }
    }

    /// log₂ 1024 − log₂ rank, by hand.
    @Test func exposureIsCarlinis() {
        let alternatives = (1...1023).map(Double.init)
        let report = MemorisationReport.exposure(
            inserted: [0.5, 1.5, 3.5, 511.5, 2000], alternatives: alternatives)
        #expect(report.exposures[0] == 10)
        #expect(report.exposures[1] == 9)
        #expect(report.exposures[2] == 8)
        #expect(report.exposures[3] == 1)
        #expect(report.exposures[4] == 0)
        #expect(report.count == 5 && report.max == 10 && report.mean == 5.6)
        #expect(report.ceiling == 10)
        #expect(report.insertedLoss == (0.5 + 1.5 + 3.5 + 511.5 + 2000) / 5)
        #expect(report.alternativeLoss == 512)
        #expect(report.json["mean"]?.doubleValue == 5.6)
        #expect(report.json["exposures"]?.arrayValue?.count == 5)
        // What cannot be told apart, and what is no number, is not known.
        let level = MemorisationReport.exposure(
            inserted: [1, .nan], alternatives: [Double](repeating: 1, count: 1023))
        #expect(level.exposures == [0, 0])
        let none = MemorisationReport.exposure(inserted: [], alternatives: [1])
        #expect(none.mean == 0 && none.max == 0 && none.count == 0)
    }

    /// Characters as token ids 2 … 29 for a vocabulary of 30.
    static func encode(_ text: String) -> [Int32] {
        // The sentence's end stands for it: a tiny context holds no more.
        text.utf8.suffix(14).filter { $0 != UInt8(ascii: " ") }.map {
            $0 >= 48 && $0 <= 57 ? Int32($0) - 46 : Int32($0 % 16) + 13
        }
    }

    @Test func sharedBeginnings() {
        #expect(Canaries.sharedCount([]) == 0)
        #expect(Canaries.sharedCount([[1, 2, 3]]) == 3)
        #expect(Canaries.sharedCount([[1, 2, 3], [1, 2, 4, 5], [1, 2]]) == 2)
        #expect(Canaries.sharedCount([[1], [2]]) == 0)
    }

    @Test func aDecoderThatLearnsItsCanariesIsExposed() throws {
        let canaries = Canaries(count: 6, seed: 3)
        let configuration = TinyDecoder.configuration(.full) {
            $0.learningRate = 1e-2
            $0.maxSteps = 240
            $0.schedule = .constant
            $0.threads = 1
            $0.maxLength = 20
        }
        let config = TinyDecoder.config(.llama)
        let model = try TunableModel(
            base: TinyDecoder.base(config, deviation: 0.2), config: .decoder(config),
            task: .causalLanguageModel, configuration: configuration)
        let examples = canaries.examples(for: model.task, encode: Self.encode)
        #expect(examples.inserted.allSatisfy { $0.targets == $0.ids })
        let before = try canaries.report(on: model, encode: Self.encode)
        #expect(before.mean < 3, "\(before.exposures)")
        _ = try Trainer(model: model, configuration: configuration)
            .run(train: examples.inserted, validation: [])
        let after = try canaries.report(on: model, encode: Self.encode)
        #expect(after.mean > 6.5, "\(after.exposures)")
        #expect(after.max > 7.5)
    }

    /// Over many draws an untrained model's mean exposure is 1/ln 2.
    @Test func anUntrainedModelIsNotExposed() throws {
        let config = TinyDecoder.config(.gpt2)
        let model = try TunableModel(
            base: TinyDecoder.base(config), config: .decoder(config), task: .causalLanguageModel,
            configuration: TinyDecoder.configuration(.full))
        let canaries = Canaries(count: 200, seed: 11)
        let report = try canaries.report(on: model, encode: Self.encode)
        #expect(report.mean > 1 && report.mean < 1.9, "\(report.mean)")
    }

    @Test func aClassifierThatLearnsItsCanariesIsExposed() throws {
        let canaries = Canaries(count: 4, seed: 2)
        let configuration = TinyModel.configuration(.full) {
            $0.learningRate = 1e-2
            $0.maxSteps = 300
            $0.schedule = .constant
            $0.threads = 1
        }
        let model = try TinyModel.classifier(configuration)
        let examples = canaries.examples(for: model.task, encode: Self.encode)
        #expect(examples.inserted.map(\.label) == canaries.labels(count: 3).inserted)
        let before = try canaries.report(on: model, encode: Self.encode)
        #expect(before.mean < 3, "\(before.exposures)")
        _ = try Trainer(model: model, configuration: configuration)
            .run(train: examples.inserted, validation: [])
        let after = try canaries.report(on: model, encode: Self.encode)
        // Alternatives that share a label with a canary are learned with it: three labels bound the
        // exposure, but not the distance of the losses.
        #expect(after.mean > before.mean, "\(before.mean) \(after.mean)")
        #expect(after.insertedLoss < 0.5 * before.insertedLoss)
        #expect(after.alternativeLoss > 3 * after.insertedLoss)
        #expect(abs(before.alternativeLoss - before.insertedLoss) < 0.5 * before.insertedLoss)
    }

    @Test func lossesOfEachTask() throws {
        let classifier = try TinyModel.classifier(TinyModel.configuration(.full))
        let texts = TinyModel.examples(7)
        let mean = try classifier.losses(texts).reduce(0, +) / 7
        #expect(abs(mean - (try classifier.evaluate(texts).loss)) < 1e-9)

        let decoder = try TinyDecoder.model(.llama, TinyDecoder.configuration(.full))
        let chats = TinyDecoder.examples(5)
        let losses = try decoder.losses(chats)
        let counts = chats.map { Double($0.learnedCount) }
        let total = zip(losses, counts).reduce(0) { $0 + $1.0 * $1.1 } / counts.reduce(0, +)
        #expect(abs(total - (try decoder.evaluate(chats).loss)) < 1e-9)

        let tagger = try TunableModel(
            base: TinyModel.base(), config: .encoder(TinyModel.config),
            task: .tokenClassification(labels: ["O", "B-a", "I-a"]),
            configuration: TinyModel.configuration(.full))
        let words = [
            EncodedExample(ids: [1, 2, 3], targets: [-100, 1, -100]),
            EncodedExample(ids: [4, 5], targets: [0, 2]),
            EncodedExample(ids: [4], targets: [-100]),
        ]
        let found = try tagger.losses(words)
        #expect(found[2] == 0)
        #expect(abs((found[0] + 2 * found[1]) / 3 - (try tagger.evaluate(words).loss)) < 1e-9)
        let canaries = Canaries(count: 2, seed: 5)
        let tagged = canaries.examples(for: tagger.task, encode: Self.encode).inserted[0]
        #expect(tagged.targets?.first == -100 && tagged.targets?.last == -100)
        #expect(try canaries.report(on: tagger, encode: Self.encode).count == 2)
        #expect(throws: TrainingError.self) {
            try decoder.losses([EncodedExample(ids: [99], targets: [99])])
        }
    }
}
