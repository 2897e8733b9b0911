import Foundation
import Records
import Testing

@testable import EngineProtocol

@Suite("Metrics")
struct RunMetricsTests {
    static let tokens = TokenMetrics(
        count: 3, loss: 0.25, tokens: 20, correctTokens: 17,
        types: [
            .init(type: "PER", correct: 2, predicted: 3, support: 4),
            .init(type: "LOC", correct: 1, predicted: 1, support: 2),
        ], f1Interval: .init(lower: 0.4, upper: 0.8))
    static let language = LanguageMetrics(
        count: 5, tokens: 100, loss: 2, tokenAccuracy: 0.5,
        lossInterval: .init(lower: 1.5, upper: 2.5))

    @Test("Scores follow from the confusion matrix")
    func scores() throws {
        let metrics = EngineEventTests.metrics
        #expect(metrics.count == 10)
        #expect(metrics.accuracy == 0.7)
        #expect(metrics.majorityBaseline == 0.6)
        #expect(metrics.classes[0].precision == 0.6 && metrics.classes[0].recall == 0.75)
        #expect(metrics.classes[1].precision == 0.8 && metrics.classes[1].support == 6)
        #expect(
            abs(metrics.macroF1 - (2 * 0.45 / 1.35 + 2 * (0.8 * 4 / 6) / (0.8 + 4.0 / 6)) / 2)
                < 1e-12)
        let empty = ClassificationMetrics(
            labels: ["a", "b"], confusion: [[0, 0], [0, 0]], loss: 0)
        #expect(empty.accuracy == 0 && empty.macroF1 == 0)
    }

    @Test("Metrics that contradict themselves are refused")
    func contradiction() throws {
        var json = try #require(EngineEventTests.metrics.json.objectValue)
        json["accuracy"] = .double(0.99)
        #expect(throws: EngineProtocolError.self) {
            try ClassificationMetrics(json: .object(json))
        }
        json["accuracy"] = .double(0.7)
        json["confusion"] = [[3, 1]]
        #expect(throws: EngineProtocolError.self) {
            try ClassificationMetrics(json: .object(json))
        }
    }

    @Test("Counts that would overflow are refused")
    func hostileCounts() throws {
        var json = try #require(EngineEventTests.metrics.json.objectValue)
        json["confusion"] = [[.integer(Int.max), 1], [2, .integer(Int.max)]]
        json["accuracy"] = nil
        #expect(throws: EngineProtocolError.self) {
            try ClassificationMetrics(json: .object(json))
        }
        var tokens = try #require(Self.tokens.json.objectValue)
        tokens["types"] = .array(
            ["A", "B"].map { type in
                ["type": type, "correct": 0, "predicted": .integer(Int.max), "support": 1]
            })
        tokens["f1"] = nil
        #expect(throws: EngineProtocolError.self) { try TokenMetrics(json: .object(tokens)) }
    }

    @Test("Spans are counted as conlleval counts them")
    func spans() {
        let overall = Self.tokens.overall
        #expect(overall.correct == 3 && overall.predicted == 4 && overall.support == 6)
        #expect(overall.precision == 0.75 && overall.recall == 0.5)
        #expect(abs(overall.f1 - 2 * 0.75 * 0.5 / 1.25) < 1e-12)
        #expect(Self.tokens.tokenAccuracy == 0.85)
        #expect(Self.tokens.types.map(\.type) == ["LOC", "PER"])
        let none = TokenMetrics(count: 0, loss: 0, tokens: 0, correctTokens: 0, types: [])
        #expect(none.overall.f1 == 0 && none.tokenAccuracy == 0)
    }

    @Test("Perplexity is e to the loss")
    func perplexity() throws {
        #expect(abs(Self.language.perplexity - 7.38905609893065) < 1e-12)
        let diverged = LanguageMetrics(count: 1, tokens: 1, loss: 1e9, tokenAccuracy: 0)
        #expect(diverged.perplexity == .greatestFiniteMagnitude)
        #expect(try LanguageMetrics(json: diverged.json) == diverged)
    }

    static let all: [RunMetrics] = [
        .classification(EngineEventTests.metrics), .tokens(tokens), .language(language),
    ]

    @Test("Each kind comes back", arguments: all)
    func roundTrip(metrics: RunMetrics) throws {
        #expect(try RunMetrics(json: metrics.json) == metrics)
        #expect(metrics["loss"] == metrics.loss)
        #expect(metrics["no such score"] == nil)
    }

    @Test("Metrics without a kind are a classifier's, as before there were others")
    func withoutKind() throws {
        let metrics = try RunMetrics(json: EngineEventTests.metrics.json)
        #expect(metrics.classification == EngineEventTests.metrics)
        #expect(metrics["accuracy"] == 0.7 && metrics.count == 10)
    }

    @Test("Intervals come back, and do not end before they begin")
    func intervals() throws {
        var metrics = EngineEventTests.metrics
        metrics.accuracyInterval = .init(lower: 0.6, upper: 0.9)
        metrics.macroF1Interval = .init(lower: 0.5, upper: 0.5)
        #expect(try ClassificationMetrics(json: metrics.json) == metrics)
        metrics.accuracyInterval = .init(lower: 0.9, upper: 0.6)
        #expect(throws: EngineProtocolError.self) { try ClassificationMetrics(json: metrics.json) }
    }

    @Test(
        "Scores that the counts contradict are refused",
        arguments: [
            ("tokens", "f1", 0.9), ("tokens", "tokenAccuracy", 0.9),
            ("tokens", "correctTokens", 21),
            ("tokens", "tokens", -1), ("language", "perplexity", 2),
            ("language", "tokenAccuracy", 2),
            ("language", "tokens", 1.5), ("nothing", "loss", 1),
        ] as [(String, String, Double)])
    func lies(kind: String, name: String, value: Double) throws {
        let metrics = kind == "language" ? Self.language.json : Self.tokens.json
        var json = try #require(metrics.objectValue)
        json["kind"] = .string(kind)
        json[name] = .double(value)
        let error = #expect(throws: EngineProtocolError.self) {
            try RunMetrics(json: .object(json))
        }
        #expect(error?.code == .malformed)
    }
}
