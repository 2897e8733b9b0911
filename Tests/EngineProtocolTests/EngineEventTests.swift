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
        .progress(
            .init(
                step: 1, steps: 2, epoch: 0.5, loss: 0.25, learningRate: 0, residentBytes: 1 << 40,
                phase: "evaluating")),
        .plan(
            .init(
                steps: 10, trainableParameters: 2, totalParameters: 9, peakBytes: 1 << 33,
                availableBytes: 1 << 32, secondsPerStep: 0.25, seconds: 2.5, tokens: 100,
                warnings: ["slow"], refusals: ["too large"], details: ["kept": "quantised"])),
        .plan(
            .init(
                steps: 0, trainableParameters: 0, totalParameters: 0, peakBytes: 0, tokens: 0)),
        .example(text: "[user] Hello\n«assistant» Hi ⏎"),
        .evaluation(.init(split: .validation, step: 75, epoch: 1, isBest: true, metrics: metrics)),
        .evaluation(
            .init(split: .test, step: 0, epoch: 0, metrics: .tokens(RunMetricsTests.tokens))),
        .evaluation(
            .init(
                split: .validation, step: 2, epoch: 1, metrics: .language(RunMetricsTests.language))
        ),
        .checkpoint(
            .init(
                step: 50, epoch: 1.5, isBest: true,
                files: [.init(name: "state.json", size: 0, sha256: "00")])),
        .generation(.init(index: 1, text: "Paris.\n", finishReason: .stop, tokens: 2)),
        .generation(
            .init(index: 0, text: "", finishReason: .length, tokens: 0, promptTokens: 7)),
        .tags(.init(index: 0, tags: ["B-PER", "O"])),
        .tags(.init(index: 3, rid: "00ff", tags: [], truth: [])),
        .probe(.init(index: 0, vector: [0.5, -1])),
        .probe(.init(index: 2, scores: ["loss": 2.5])),
        .hint(code: "overfitting", message: "validation rises", parameter: "num_train_epochs"),
        .hint(code: "underfitting", message: "loss stays", parameter: nil),
        .answered, .refused(code: "too-long", message: "no", hint: "cut"),
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
            #"{"event":"checkpoint","step":-1,"files":[]}"#,
            #"{"event":"checkpoint","step":1,"files":["state.json"]}"#,
            #"{"event":"generation","index":0,"text":"x","finishReason":"bored","tokens":1}"#,
            #"{"event":"tags","index":0,"tags":"O"}"#, #"{"event":"plan","steps":1}"#,
            #"{"event":"failed","code":1}"#, #"{"event":"warning","event":"finished"}"#,
        ])
    func refused(line: String) throws {
        let error = #expect(throws: EngineProtocolError.self) {
            try EngineEvent(line: Array(line.utf8))
        }
        #expect(error?.code == .malformed)
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
        let worker = EngineRequest(
            verb: .generate, task: .causalLM, run: "r-2", method: .qlora,
            checkpoint: .init(name: "50", files: ["state.json"]),
            messages: [
                [.init(role: "system", content: ""), .init(role: "user", content: "\u{0}\n\"")],
                [.init(role: "user", content: "second")],
            ],
            generation: GenerationOptions(
                maxNewTokens: 5, temperature: 0.7, topP: 0.9, seed: 1, stop: ["\n"]),
            isWorker: true)
        #expect(try EngineRequest(jsonBytes: worker.jsonBytes()) == worker)
        #expect(!worker.jsonBytes().contains(0x0A), "a worker's request is one line")
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
            #"{"protocol":1,"verb":"generate","run":"x","messages":[[]]}"#,
            #"{"protocol":1,"verb":"generate","run":"x","messages":{"role":"user"}}"#,
            #"{"protocol":1,"verb":"generate","run":"x","messages":[[{"role":"user"}]]}"#,
            #"{"protocol":1,"verb":"generate","run":"x","generation":{"temprature":1}}"#,
            #"{"protocol":1,"verb":"generate","run":"x","generation":{"top_p":0}}"#,
            #"{"protocol":1,"verb":"generate","run":"x","generation":{"max_new_tokens":0}}"#,
            #"{"protocol":1,"verb":"generate","run":"x","generation":{"stop":[""]}}"#,
        ])
    func badRequest(text: String) {
        #expect(throws: EngineProtocolError.self) {
            try EngineRequest(jsonBytes: Array(text.utf8))
        }
    }
}
