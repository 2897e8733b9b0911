import Records
import Testing

@testable import EngineProtocol

@Suite("Events and requests")
struct EngineEventTests {
    static let metrics = ClassificationMetrics(
        labels: ["negative", "positive"], confusion: [[3, 1], [2, 4]], loss: 0.5)

    static let events: [EngineEvent] = [
        .started(
            .init(
                engine: "e", version: "1", labels: ["a", "b"], configuration: ["seed": 42],
                details: ["threads": 2])),
        .progress(.init(step: 10, steps: 225, epoch: 0.133, loss: 0.6, learningRate: 1e-3)),
        .progress(
            .init(
                step: 1, steps: 2, epoch: 0.5, loss: 0.25, learningRate: 0, gradientNorm: 0.42,
                tokensPerSecond: 1000, secondsRemaining: 12.5)),
        .evaluation(.init(split: .validation, step: 75, epoch: 1, isBest: true, metrics: metrics)),
        .prediction(.init(index: 0, label: "positive", probabilities: [0.25, 0.75])),
        .prediction(
            .init(index: 7, rid: "00ff", label: "a", probabilities: [1, 0], truth: "b")),
        .artifact(.init(name: "metrics.json", size: 3, sha256: "ab")),
        .capabilities(["verbs": ["train"]]),
        .warning(code: "texts-cut", message: "3 of 4 \"texts\"\n were cut"),
        .finished(["steps": 225]),
        .failed(code: "data", message: "no", hint: "do"),
    ]

    @Test("Each event is one line and comes back", arguments: events)
    func roundTrip(event: EngineEvent) throws {
        let line = event.line()
        #expect(line.last == 0x0A)
        #expect(line.filter { $0 == 0x0A }.count == 1)
        #expect(try EngineEvent(line: line) == event)
        #expect(try EngineEvent(line: Array(line.dropLast())) == event)
    }

    @Test(
        "Lines that are no event are refused",
        arguments: [
            "", "hello", "[]", "{}", #"{"event":"nothing"}"#, #"{"event":"progress"}"#,
            #"{"event":"progress","step":"1","steps":2,"epoch":0,"loss":0,"learningRate":0}"#,
            #"{"event":"artifact","name":"x","size":1}"#,
            #"{"event":"evaluation","split":"dev","step":1,"epoch":1,"metrics":{}}"#,
            #"{"event":"failed","code":1}"#, #"{"event":"warning","event":"finished"}"#,
        ])
    func refused(line: String) throws {
        let error = #expect(throws: EngineProtocolError.self) {
            try EngineEvent(line: Array(line.utf8))
        }
        #expect(error?.code == .malformed)
    }

    @Test("Scores follow from the confusion matrix")
    func scores() throws {
        let metrics = Self.metrics
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
        var json = try #require(Self.metrics.json.objectValue)
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

    @Test("A request comes back whole")
    func request() throws {
        var parameters = HyperParameters()
        try parameters.set("learning_rate", "5e-5")
        let request = EngineRequest(
            verb: .train, run: "r-1", socket: "engine.sock", token: "t", threads: 2, method: .full,
            hyperParameters: parameters, baseModel: .init(name: "m", files: ["config.json"]),
            adapter: .init(name: "a", files: []), splits: [.train: 3, .validation: 1],
            textField: "body", labelField: "stars", texts: ["ok"],
            outputs: [.batchOrder, .predictions])
        #expect(try EngineRequest(jsonBytes: request.jsonBytes()) == request)
        let small = #"{"protocol":1,"verb":"describe","run":"x","later":"ignored"}"#
        #expect(
            try EngineRequest(jsonBytes: Array(small.utf8)) == .init(verb: .describe, run: "x"))
    }

    @Test(
        "Bad requests are refused",
        arguments: [
            "", "{}", #"{"protocol":2,"verb":"train","run":"x"}"#,
            #"{"protocol":1,"verb":"fly","run":"x"}"#, #"{"protocol":1,"verb":"train"}"#,
            #"{"protocol":1,"verb":"train","run":"x","splits":{"dev":1}}"#,
            #"{"protocol":1,"verb":"train","run":"x","hyperParameters":{"lr":1}}"#,
            #"{"protocol":1,"verb":"train","run":"x","task":"causal"}"#,
        ])
    func badRequest(text: String) {
        #expect(throws: EngineProtocolError.self) {
            try EngineRequest(jsonBytes: Array(text.utf8))
        }
    }
}
