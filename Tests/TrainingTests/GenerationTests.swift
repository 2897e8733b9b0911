import Foundation
import Kernels
import ModelFiles
import Testing

@testable import Training

/// Writing with a cache of keys and values, beside whole forward passes.
struct GenerationTests {
    static func model(_ family: DecoderConfig.Family, seed: UInt64 = 7) throws -> TunableModel {
        let config = TinyDecoder.config(family)
        return try TunableModel(
            base: TinyDecoder.base(config, seed: seed), config: .decoder(config),
            task: .causalLanguageModel,
            configuration: TinyDecoder.configuration(.full) { $0.threads = 1 })
    }

    /// The logits of the token after each of `ids`, by one pass without a cache.
    static func logits(_ model: TunableModel, _ ids: [Int32]) throws -> [[Float]] {
        let network = try #require(model.network as? DecoderNetwork)
        let batch = network.newBatch()
        // A target for each next token; the last one's does not matter.
        batch.append(
            EncodedExample(ids: ids + [0], targets: ids + [0]), row: 0, ordinal: 0, step: 0,
            seed: 0)
        let storage = FloatStorage(
            count: network.floatCount(PassSize(batch), isTraining: false, adapterDropsOut: false))
        var rows: [[Float]] = []
        network.logits(batch, storage: storage) { range, logits in
            for row in 0..<range.count {
                rows.append(logits.rows(row, 1).floats.slice(0, logits.columns).array)
            }
        }
        return rows
    }

    /// One token at a time from a whole pass each.
    static func naive(
        _ model: TunableModel, _ prompt: [Int32], count: Int, stops: [Int32] = []
    ) throws -> [Int32] {
        var ids = prompt
        while ids.count < prompt.count + count {
            let last = try #require(try logits(model, ids).last)
            let token = Int32(last.indices.max { (last[$0], $1) < (last[$1], $0) } ?? 0)
            if stops.contains(token) { break }
            ids.append(token)
        }
        return Array(ids.dropFirst(prompt.count))
    }

    static let prompt: [Int32] = [3, 14, 15, 9, 2, 6]

    @Test(arguments: TinyDecoder.families)
    func theCacheGivesTheLogitsOfAWholePass(_ family: DecoderConfig.Family) throws {
        let model = try Self.model(family)
        let network = try #require(model.network as? DecoderNetwork)
        let ids = Self.prompt + [1, 20, 28, 4]
        let wanted = try Self.logits(model, ids)
        // Whole, token by token, and in uneven parts
        for parts in [[10], [Int](repeating: 1, count: 10), [4, 1, 3, 2], [7, 3]] {
            let cache = KeyValueCache(network.shape, capacity: 24)
            var storage = FloatStorage(count: 0)
            var start = 0
            for part in parts {
                let found = network.next(
                    after: Array(ids[start..<start + part]), cache: cache, storage: &storage)
                start += part
                for (a, b) in zip(found.array, wanted[start - 1]) {
                    #expect(abs(a - b) < 1e-4 * max(1, abs(b)), "\(parts) at \(start)")
                }
            }
            #expect(cache.ids == ids)
        }
    }

    @Test(arguments: TinyDecoder.families)
    func greedyTakesTheLikeliestToken(_ family: DecoderConfig.Family) throws {
        for seed: UInt64 in [7, 8, 9] {
            let model = try Self.model(family, seed: seed)
            let text = try TextGenerator(model)
                .generate(Self.prompt, settings: GenerationSettings(maxNewTokens: 12))
            #expect(text.ids == (try Self.naive(model, Self.prompt, count: 12)))
            #expect(text.ids.count == 12 && text.finishReason == .length)
        }
    }

    @Test func aSharedBeginningChangesNothing() throws {
        let model = try Self.model(.llama)
        let settings = GenerationSettings(maxNewTokens: 8, temperature: 0.9, topP: 0.95, seed: 3)
        let generator = try TextGenerator(model)
        let prompts: [[Int32]] = [
            Self.prompt, Self.prompt, Self.prompt + [7], Array(Self.prompt.prefix(3)), [5],
            Self.prompt + [7, 7, 8], Array(Self.prompt.prefix(5)) + [29, 1],
        ]
        for prompt in prompts {
            let again = try generator.generate(prompt, settings: settings)
            let fresh = try TextGenerator(model).generate(prompt, settings: settings)
            #expect(again == fresh, "\(prompt)")
        }
    }

    @Test func seedsDecideWhatIsDrawn() throws {
        let generator = try TextGenerator(try Self.model(.qwen2))
        func text(_ seed: UInt64, temperature: Double = 1.5) throws -> [Int32] {
            try generator.generate(
                Self.prompt,
                settings: GenerationSettings(
                    maxNewTokens: 15, temperature: temperature, seed: seed)
            ).ids
        }
        #expect(try text(1) == text(1))
        #expect(Set(try (1...6).map { try text($0) }).count == 6)
        #expect(try text(1, temperature: 0) == text(2, temperature: 0))
    }

    @Test func drawsFollowTheProbabilities() {
        let probabilities = [0.5, 0.3, 0.15, 0.05]
        let logits = probabilities.map { Float(log($0)) }
        func shares(_ topP: Double, temperature: Double = 1) -> [Double] {
            var sampler = Sampler(
                GenerationSettings(temperature: temperature, topP: topP, seed: 9))
            var counts = [Int](repeating: 0, count: 4)
            for _ in 0..<4000 { counts[Int(sampler.next(logits))] += 1 }
            return counts.map { Double($0) / 4000 }
        }
        for (found, wanted) in zip(shares(1), probabilities) { #expect(abs(found - wanted) < 0.03) }
        // The smallest set that reaches top_p is kept: 0.5, 0.5 + 0.3, …
        #expect(shares(0.4) == [1, 0, 0, 0])
        let two = shares(0.75)
        #expect(abs(two[0] - 0.625) < 0.03 && two[2] == 0 && two[3] == 0)
        #expect(shares(0.81)[2] > 0 && shares(0.81)[3] == 0)
        // exp(log p / t), normalised
        let sharp = shares(1, temperature: 0.5)
        let powers = probabilities.map { $0 * $0 }, sum = powers.reduce(0, +)
        for (found, wanted) in zip(sharp, powers) { #expect(abs(found - wanted / sum) < 0.03) }
        // Equal logits: the first
        var greedy = Sampler(GenerationSettings())
        #expect(greedy.next([1, 2, 2, 0]) == 1)
    }

    @Test func stopTokensEndTheText() throws {
        let model = try Self.model(.gpt2)
        let free = try Self.naive(model, Self.prompt, count: 12)
        let stop = free[4], cut = try #require(free.firstIndex(of: stop))
        let text = try TextGenerator(model).generate(
            Self.prompt, settings: GenerationSettings(maxNewTokens: 12, stopTokens: [stop]))
        #expect(text.ids == Array(free[..<cut]) && text.finishReason == .stop)
    }

    @Test func theContextAndTheCallerEndTheText() throws {
        let model = try Self.model(.llama)
        let settings = GenerationSettings(maxNewTokens: 100)
        // 24 positions: the last token that is written needs none.
        let whole = try TextGenerator(model).generate(Self.prompt, settings: settings)
        #expect(whole.finishReason == .context && whole.ids.count == 24 - 6 + 1)
        let small = try TextGenerator(model, capacity: 10)
        #expect(
            try small.generate(Self.prompt, settings: settings).ids == Array(whole.ids.prefix(5)))
        #expect(try small.generate([1], settings: settings).finishReason == .context)
        var seen: [Int32] = []
        let cancelled = try TextGenerator(model).generate(Self.prompt, settings: settings) {
            seen.append($0)
            return seen.count < 3
        }
        #expect(cancelled.finishReason == .cancelled && cancelled.ids == seen && seen.count == 3)
    }

    @Test func badPromptsAndSettingsAreRefused() throws {
        let generator = try TextGenerator(try Self.model(.llama), capacity: 8)
        for prompt: [Int32] in [[], [30], [-1], [Int32](repeating: 1, count: 8)] {
            let error = #expect(throws: TrainingError.self) {
                try generator.generate(prompt, settings: GenerationSettings())
            }
            #expect(error?.code == .data)
        }
        for settings in [
            GenerationSettings(maxNewTokens: 0), GenerationSettings(temperature: -1),
            GenerationSettings(temperature: .nan), GenerationSettings(topP: 0),
            GenerationSettings(topP: 1.1),
        ] {
            let error = #expect(throws: TrainingError.self) {
                try generator.generate([1], settings: settings)
            }
            #expect(error?.code == .configuration)
        }
        let classifier = try TinyModel.classifier(TinyModel.configuration(.full))
        #expect(throws: TrainingError.self) { try TextGenerator(classifier) }
    }
}
