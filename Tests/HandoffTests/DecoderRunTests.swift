import EngineProtocol
import Foundation
import Records
import Synchronization
import Testing

@testable import Handoff

/// Language models under the bundled engine: chats learned, answered, stopped, resumed, exported.
@Suite("Language models under the bundled engine")
struct DecoderRunTests {
    /// The checkpoints of a run, as a parent keeps them.
    final class Checkpoints: Sendable {
        struct State {
            var files: [String: [UInt8]] = [:]
            var steps: [Int] = []
        }
        let state = Mutex(State())
    }

    struct Bench {
        let engine: EngineExecutable
        let base = TinyChatModel.files()
        var train = TinyChatModel.records(.train, count: 16)
        var validation = TinyChatModel.records(.validation, count: 4)

        init?() {
            guard let engine = TrainerRunTests.engine else {
                print("skipped: the bundled engine was not built beside the tests")
                return nil
            }
            self.engine = engine
        }

        func request(
            _ verb: EngineVerb, _ method: TuningMethod = .full, task: EngineTask = .causalLM,
            adapter: [String: [UInt8]]? = nil, pairs: [(String, String)] = [],
            outputs: Set<RunOutput> = []
        ) throws -> RunRequest {
            let usual = [
                ("num_train_epochs", "30"), ("per_device_train_batch_size", "8"),
                ("learning_rate", "1e-2"), ("logging_steps", "10"), ("warmup_steps", "1"),
                ("eval_strategy", "no"),
            ]
            let isTraining = verb == .train || verb == .plan
            var request = RunRequest(
                verb: verb, method: method,
                hyperParameters: try HyperParameters(pairs: isTraining ? usual + pairs : pairs),
                dataset: .init(
                    name: "chats@1", version: "00",
                    splits: [.train: train.count, .validation: validation.count]),
                baseModel: .init(name: "tiny-llama", files: TinyModel.references(base)),
                adapter: adapter.map { .init(name: "tuned", files: TinyModel.references($0)) },
                engine: engine, purpose: "test", threads: 1, outputs: outputs)
            request.task = task
            return request
        }

        func run(
            _ request: RunRequest, adapter: [String: [UInt8]] = [:],
            messages: [[EngineMessage]] = [], generation: GenerationOptions? = nil,
            checkpoints: Checkpoints = Checkpoints(), resume: Int? = nil,
            shouldStop: @escaping @Sendable () -> Bool = { false },
            onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
        ) throws -> (RunOutcome, [String: [UInt8]]) {
            let artifacts = MemoryArtifacts()
            let kept = MemoryArtifacts()
            let base = base
            let records = [Split.train: train, .validation: validation]
            let old = resume.map { step in
                checkpoints.state.withLock { $0.files.filter { $0.key.hasPrefix("\(step)/") } }
            }
            let data = EngineData(
                records: { query, emit in
                    for record in records[query.split] ?? [] {
                        try emit(record.rid.bytes, record.canonicalBytes())
                    }
                },
                readModelFile: { origin, name, emit in
                    switch origin {
                    case .base: try emit(base[name] ?? [])
                    case .adapter: try emit(adapter[name] ?? [])
                    case .checkpoint: try emit(old?["\(resume ?? 0)/\(name)"] ?? [])
                    }
                }, artifactSink: artifacts.sink,
                checkpointSink: { name, size, sha256 in
                    kept.sink(name: "\(name.step)/\(name.file)", size: size, sha256: sha256)
                },
                keepCheckpoint: { event in
                    checkpoints.state.withLock { state in
                        state.steps.append(event.step)
                        state.files.merge(kept.files) { $1 }
                    }
                }, shouldStop: shouldStop)
            let runner = EngineRunner(
                engine: engine,
                runFolder: NSTemporaryDirectory() + "tundish-run-" + UUID().uuidString)
            let reference = resume.map { step in
                RunRequest.ModelReference(
                    name: "\(step)",
                    files: (old ?? [:]).map {
                        .init(
                            name: String($0.key.split(separator: "/")[1]), sha256: "",
                            size: $0.value.count)
                    })
            }
            let outcome = try runner.run(
                request, runID: "r-1", messages: messages, generation: generation,
                checkpoint: reference, data: data, onEvent: onEvent)
            return (outcome, artifacts.files)
        }
    }

    static let chats = TinyChatModel.questions.map { [EngineMessage(role: "user", content: $0)] }

    @Test(
        "What is learned of chats is said again",
        arguments: [TuningMethod.full, .lora, .qlora, .adapter])
    func learnsAndAnswers(method: TuningMethod) throws {
        guard let bench = Bench() else { return }
        var pairs = [("lora_alpha", "32"), ("target_modules", "all-linear")]
        if method == .adapter {
            pairs = [("reduction_factor", "2"), ("adapter_config", "houlsby")]
        }
        if method == .full { pairs = [] }
        let example = Mutex("")
        let (trained, files) = try bench.run(
            bench.request(.train, method, pairs: pairs),
            onEvent: { event in
                if case .example(let text) = event { example.withLock { $0 = text } }
            })
        let shown = example.withLock { $0 }
        #expect(shown.contains("<|im_end|>") && shown.contains("chatml"))
        #expect(!TinyChatModel.questions.contains { shown.contains($0) }, "no record is shown")
        let scores = try #require(trained.evaluations.last?.metrics.language)
        let first = try #require(trained.plan)
        #expect(first.steps == 60 && first.refusals.isEmpty && first.peakBytes > 0)
        // The base is random: what was learned is in the adapters, or in everything.
        if method == .full {
            #expect(scores.tokenAccuracy > 0.95)
            let answers = try Self.answers(bench, base: files, adapter: nil)
            #expect(answers == TinyChatModel.answers)
        } else {
            #expect(scores.perplexity < 150)
            let again = try bench.run(
                bench.request(.evaluate, adapter: files), adapter: files
            ).0
            let loss = try #require(again.evaluations.last?.metrics.loss)
            #expect(abs(loss - scores.loss) < 1e-4)
        }
    }

    static func answers(
        _ bench: Bench, base: [String: [UInt8]], adapter: [String: [UInt8]]?
    ) throws -> [String] {
        var request = try bench.request(.generate, adapter: adapter)
        request.dataset = nil
        request.baseModel = .init(name: "whole", files: TinyModel.references(base))
        let artifacts = MemoryArtifacts()
        let data = EngineData(
            readModelFile: { origin, name, emit in
                try emit((origin == .base ? base : adapter ?? [:])[name] ?? [])
            }, artifactSink: artifacts.sink)
        let outcome = try EngineRunner(
            engine: bench.engine,
            runFolder: NSTemporaryDirectory() + "tundish-run-" + UUID().uuidString
        ).run(
            request, runID: "r-2", messages: chats, generation: .init(maxNewTokens: 12), data: data)
        #expect(outcome.generations.map(\.index) == Array(chats.indices))
        #expect(outcome.generations.allSatisfy { $0.finishReason == .stop })
        return outcome.generations.map(\.text)
    }

    @Test("A stopped run goes on to the same weights")
    func resumes() throws {
        guard let bench = Bench() else { return }
        let request = try bench.request(
            .train, .lora,
            pairs: [
                ("save_strategy", "steps"), ("save_steps", "7"), ("num_train_epochs", "100"),
                ("per_device_train_batch_size", "1"), ("save_total_limit", "1"),
            ])
        let whole = try bench.run(request)
        let checkpoints = Checkpoints()
        let error = #expect(throws: HandoffError.self) {
            try bench.run(
                request, checkpoints: checkpoints,
                shouldStop: { checkpoints.state.withLock { !$0.steps.isEmpty } })
        }
        #expect(error?.code == .stopped)
        let last = try #require(checkpoints.state.withLock { $0.steps.last })
        #expect(last >= 7)
        let resumed = try bench.run(request, checkpoints: checkpoints, resume: last)
        #expect(
            resumed.1["adapter_model.safetensors"] == whole.1["adapter_model.safetensors"])
        #expect(
            resumed.0.summary["weightsDigest"] == whole.0.summary["weightsDigest"])
    }

    @Test("Pairs teach to prefer the chosen answer")
    func preference() throws {
        guard var bench = Bench() else { return }
        bench.train = TinyChatModel.records(.train, count: 16, pairs: true)
        bench.validation = TinyChatModel.records(.validation, count: 4, pairs: true)
        let (trained, _) = try bench.run(
            bench.request(.train, .full, task: .preference, pairs: [("num_train_epochs", "10")]))
        let scores = try #require(trained.evaluations.last?.metrics.language)
        #expect(scores.preferenceAccuracy == 1)
    }

    @Test("A plan says what a run takes and trains nothing")
    func plan() throws {
        guard let bench = Bench() else { return }
        let (outcome, files) = try bench.run(bench.request(.plan))
        let plan = try #require(outcome.plan)
        #expect(plan.steps == 60 && plan.tokens > 0 && plan.trainableParameters > 10_000)
        #expect((plan.seconds ?? 0) > 0 && files.isEmpty)
    }

    @Test("An adapter is merged into one whole model, also as GGUF")
    func merged() throws {
        guard let bench = Bench() else { return }
        let (_, adapter) = try bench.run(
            bench.request(.train, .lora, pairs: [("num_train_epochs", "2")]))
        var request = try bench.request(
            .predict, adapter: adapter, outputs: [.mergedModel])
        request.verb = .generate
        request.dataset = nil
        let whole = try bench.run(request, adapter: adapter).1
        #expect(whole["model.safetensors"] != nil && whole["config.json"] != nil)
        let a = try Self.texts(bench, base: bench.base, adapter: adapter)
        let b = try Self.texts(bench, base: whole, adapter: nil)
        #expect(a == b)
    }

    private static func texts(
        _ bench: Bench, base: [String: [UInt8]], adapter: [String: [UInt8]]?
    ) throws -> [String] {
        var copy = try bench.request(.generate, adapter: adapter)
        copy.dataset = nil
        copy.baseModel = .init(name: "x", files: TinyModel.references(base))
        let artifacts = MemoryArtifacts()
        let data = EngineData(
            readModelFile: { origin, name, emit in
                try emit((origin == .base ? base : adapter ?? [:])[name] ?? [])
            }, artifactSink: artifacts.sink)
        return try EngineRunner(
            engine: bench.engine,
            runFolder: NSTemporaryDirectory() + "tundish-run-" + UUID().uuidString
        ).run(
            copy, runID: "r-3", messages: chats,
            generation: .init(maxNewTokens: 6, temperature: 1, seed: 3), data: data
        ).generations.map(\.text)
    }

    @Test("A worker answers job after job and refuses what it cannot do")
    func worker() throws {
        guard let bench = Bench() else { return }
        let base = bench.base
        var request = try bench.request(.generate)
        request.dataset = nil
        let worker = EngineWorker(
            engine: bench.engine,
            runFolder: NSTemporaryDirectory() + "tundish-run-" + UUID().uuidString)
        _ = try worker.start(
            request, runID: "w-1",
            data: EngineData(readModelFile: { _, name, emit in try emit(base[name] ?? []) }))
        defer { worker.stop() }
        for _ in 0..<2 {
            let events = try worker.ask(
                .generate, messages: [Self.chats[0]], generation: .init(maxNewTokens: 3))
            #expect(events.contains { if case .generation = $0 { true } else { false } })
        }
        #expect(throws: HandoffError.self) { try worker.ask(.predict, texts: ["a"]) }
        let vectors = try worker.ask(.probe, texts: ["open?", "late?"])
        #expect(vectors.count >= 2 && worker.isRunning)
    }

    @Test("A chat without an answer, and a base that is no language model, are refused by name")
    func faults() throws {
        guard var bench = Bench() else { return }
        bench.train[3].fields = ["messages": [["role": "user"]]]
        let error = #expect(throws: HandoffError.self) { try bench.run(bench.request(.train)) }
        #expect(error?.message.contains("(data)") == true)
        #expect(
            throws: HandoffError.self,
            performing: { try bench.run(bench.request(.train, task: .sequenceClassification)) })
    }
}
