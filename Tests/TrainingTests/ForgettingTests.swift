import Foundation
import ModelFiles
import Records
import Testing

@testable import Training

struct ForgettingTests {
    @Test func theGeneralSetIsWhole() {
        let texts = GeneralSet.texts
        #expect(texts.count >= 60 && Set(texts).count == texts.count)
        #expect(texts.allSatisfy { $0.utf8.count > 40 && $0.utf8.count < 400 })
        let pairs = GeneralSet.pairs
        #expect(pairs.count == 60)
        let sentences = pairs.map(\.0) + pairs.map(\.1)
        #expect(Set(sentences).count == sentences.count)
        for grade in 0...5 { #expect(pairs.count { $0.2 == Double(grade) } == 10) }
    }

    /// scipy.stats.spearmanr's numbers
    @Test func spearman() {
        #expect(RankCorrelation.spearman([1, 2, 3, 4], [10, 20, 30, 40]) == 1)
        #expect(RankCorrelation.spearman([1, 2, 3, 4], [4, 3, 2, 1]) == -1)
        #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == 0)
        #expect(RankCorrelation.spearman([], []) == 0)
        let ties = RankCorrelation.spearman([1, 2, 2, 3, 5], [2, 1, 4, 4, 9])
        #expect(abs(ties - 0.763157894736842) < 1e-12)
        let few = RankCorrelation.spearman([0.1, 0.9, 0.3, 0.7, 0.5], [3, 1, 5, 2, 4])
        #expect(abs(few + 0.7) < 1e-12)
    }

    @Test func reportsSayWhatWasLost() {
        let decoder = ForgettingReport(measure: .perplexity, before: 16, after: 20)
        #expect(decoder.loss == 0.25 && decoder.json["measure"]?.stringValue == "perplexity")
        let encoder = ForgettingReport(measure: .similarity, before: 0.8, after: 0.7)
        #expect(abs(encoder.loss - 0.1) < 1e-12)
        #expect(encoder.json["after"]?.doubleValue == 0.7)
    }

    /// The score is the perplexity of the texts, cut to what the model takes.
    @Test func theScoreOfADecoderIsAPerplexity() throws {
        let model = try TinyDecoder.model(.llama, TinyDecoder.configuration(.full))
        func encode(_ text: String) -> [Int32] { text.utf8.map { Int32($0 % 30) } }
        let examples = GeneralSet.texts.map { text in
            let ids = Array(encode(text).prefix(24))
            return EncodedExample(ids: ids, targets: ids)
        }
        let score = try model.generalScore(encode: encode)
        #expect(abs(score - exp(try model.evaluate(examples).loss)) < 1e-9 * score)
        #expect(model.generalMeasure == .perplexity)
    }

    @Test(.enabled(if: ReferenceFiles.areThere))
    func miniLMKnowsWhatIsSimilar() throws {
        let (base, config) = try ReferenceFiles.model()
        var configuration = TrainingConfiguration()
        configuration.threads = 2
        let model = try TunableModel(
            base: base, config: .encoder(config),
            task: .sequenceClassification(labels: ["a", "b"]), configuration: configuration)
        let tokenizer = try TokenizerFiles.load([
            "vocab.txt": ReferenceFiles.bytes("\(ReferenceFiles.models)/minilm/vocab.txt"),
            "tokenizer_config.json": ReferenceFiles.bytes(
                "\(ReferenceFiles.models)/minilm/tokenizer_config.json"),
        ])
        let score = try model.generalScore {
            tokenizer.encode(Array($0.utf8), addsSpecialTokens: true)
        }
        print("MiniLM's general score: \(score)")
        #expect(score > 0.8 && score <= 1)
        #expect(model.generalMeasure == .similarity)
    }

    @Test(.enabled(if: ReferenceFiles.ofDecoderAreThere))
    func smolLMForeseesGeneralText() throws {
        let file = try GGUFFile(mapping: "\(ReferenceFiles.models)/smollm2/model.gguf")
        let model = try TunableModel(
            trained: file, config: .decoder(DecoderConfig(gguf: file)), threads: 2)
        let tokenizer = try TokenizerFiles.load(gguf: file)
        let score = try model.generalScore {
            tokenizer.encode(Array($0.utf8), addsSpecialTokens: true)
        }
        print("SmolLM2's general score: \(score)")
        #expect(score > 8 && score < 40)
    }
}
