import EngineProtocol
import Foundation
import Records
import Synchronization
import Testing

@testable import Handoff

@Suite("Runs of the bundled engine")
struct TrainerRunTests {
    /// The engine beside the test program, as the build leaves it.
    static var engine: EngineExecutable? {
        guard
            let program = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")
        else { return nil }
        let path = URL(filePath: program).deletingLastPathComponent().path() + "tundish-trainer"
        return try? EngineExecutable(name: "tundish-trainer", path: path)
    }

    /// One model and its data, and the runs on it.
    struct Bench {
        let engine: EngineExecutable
        let base = TinyModel.files()
        var train = TinyModel.records(.train, count: 64)
        var validation = TinyModel.records(.validation, count: 20)

        init?() {
            guard let engine = TrainerRunTests.engine else {
                print("skipped: the bundled engine was not built beside the tests")
                return nil
            }
            self.engine = engine
        }

        func request(
            _ verb: EngineVerb, _ method: TuningMethod = .lora,
            adapter: [String: [UInt8]]? = nil, pairs: [(String, String)] = []
        ) throws -> RunRequest {
            let usual = [
                ("num_train_epochs", method == .lora ? "12" : "6"),
                ("per_device_train_batch_size", "8"),
                ("learning_rate", method == .full ? "3e-3" : "1e-2"), ("logging_steps", "4"),
            ]
            return RunRequest(
                verb: verb, method: method,
                hyperParameters: try HyperParameters(pairs: verb == .train ? usual + pairs : pairs),
                dataset: .init(
                    name: "tiny@1", version: "00",
                    splits: [.train: train.count, .validation: validation.count]),
                baseModel: .init(name: "tiny-bert", files: TinyModel.references(base)),
                adapter: adapter.map {
                    .init(name: "tuned", files: TinyModel.references($0))
                }, engine: engine, purpose: "test", threads: 1,
                outputs: [.batchOrder, .predictions, .initialWeights])
        }

        func run(
            _ request: RunRequest, base: [String: [UInt8]]? = nil,
            adapter: [String: [UInt8]] = [:], texts: [String] = [],
            onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
        ) throws -> (RunOutcome, [String: [UInt8]]) {
            let artifacts = MemoryArtifacts()
            let base = base ?? self.base
            let records = [Split.train: train, .validation: validation]
            let data = EngineData(
                records: { query, emit in
                    for record in records[query.split] ?? [] {
                        try emit(record.rid.bytes, record.canonicalBytes())
                    }
                },
                readModelFile: { origin, name, emit in
                    try emit((origin == .base ? base : adapter)[name] ?? [])
                }, artifactSink: artifacts.sink)
            let runner = EngineRunner(
                engine: engine,
                runFolder: NSTemporaryDirectory() + "tundish-run-" + UUID().uuidString)
            let outcome = try runner.run(
                request, runID: "r-1", texts: texts, data: data, onEvent: onEvent)
            return (outcome, artifacts.files)
        }
    }

    @Test("describe says what it can do")
    func describe() throws {
        guard let bench = Bench() else { return }
        let capabilities = try EngineRunner(
            engine: bench.engine, runFolder: NSTemporaryDirectory() + "tundish-" + UUID().uuidString
        ).describe()
        #expect(
            capabilities["verbs"]?.stringArray == EngineVerb.allCases.map(\.rawValue))
        #expect(capabilities["architectures"]?.stringArray?.contains("llama") == true)
        #expect(capabilities["protocol"] == 1)
        #expect(capabilities["blasCore"]?.stringValue?.isEmpty == false)
    }

    @Test(
        "Train, evaluate and predict agree, with an adapter and with a whole model",
        arguments: [TuningMethod.lora, .full, .head])
    func wholeLife(method: TuningMethod) throws {
        guard let bench = Bench() else { return }
        let steps = Mutex(0)
        let (trained, files) = try bench.run(bench.request(.train, method)) { event in
            if case .progress = event { steps.withLock { $0 += 1 } }
        }
        #expect(trained.started?.labels == ["negative", "positive"])
        #expect(trained.recordsServed == [.train: 64, .validation: 20])
        #expect(steps.withLock { $0 } >= 12)
        let judged = try #require(
            trained.evaluations.compactMap(\.metrics.classification)
                .max { $0.macroF1 < $1.macroF1 })
        if method != .head { #expect(judged.accuracy >= 0.95) }
        var wanted: Set<String> = [
            "config.json", "vocab.txt", "metrics.json", "batch_order.json", "predictions.jsonl",
        ]
        wanted.formUnion(
            method == .lora
                ? [
                    "adapter_model.safetensors", "adapter_config.json",
                    "initial_adapter_model.safetensors",
                ]
                : ["model.safetensors", "initial_model.safetensors"])
        #expect(Set(files.keys) == wanted)

        let isAdapter = method == .lora
        let base = isAdapter ? nil : files
        let adapter = isAdapter ? files : nil
        let evaluated = try bench.run(
            bench.request(.evaluate, adapter: adapter), base: base, adapter: files)
        let again = try #require(evaluated.0.evaluations.first { $0.split == .validation })
        let final = try #require(trained.summary["validation"])
        #expect(again.metrics["accuracy"] == final["accuracy"]?.doubleValue)
        #expect(abs(again.metrics.loss - (final["loss"]?.doubleValue ?? 0)) < 1e-4)
        #expect(evaluated.1["predictions.jsonl"]?.filter { $0 == 0x0A }.count == 84)

        var plain = try bench.request(.predict, adapter: adapter)
        plain.dataset = nil
        let predicted = try bench.run(
            plain, base: base, adapter: files,
            texts: ["the case great it was my", "the case broke it was my", ""]
        ).0
        #expect(predicted.predictions.map(\.index) == [0, 1, 2])
        if method != .head {
            #expect(predicted.predictions.prefix(2).map(\.label) == ["positive", "negative"])
        }
        for prediction in predicted.predictions {
            #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-5)
        }
    }

    @Test("Same request, same weights, bit for bit")
    func deterministic() throws {
        guard let bench = Bench() else { return }
        let request = try bench.request(.train, .lora, pairs: [("num_train_epochs", "2")])
        let first = try bench.run(request).1
        let second = try bench.run(request).1
        #expect(first == second)
        let other = try bench.run(
            try bench.request(.train, .lora, pairs: [("num_train_epochs", "2"), ("seed", "7")])
        ).1
        #expect(other["adapter_model.safetensors"] != first["adapter_model.safetensors"])
    }

    @Test("Each fault of a request or its data is told by its code")
    func faults() throws {
        guard var bench = Bench() else { return }
        func failure(_ bench: Bench, _ request: RunRequest, base: [String: [UInt8]]? = nil)
            -> String
        {
            let error = #expect(throws: HandoffError.self) {
                try bench.run(request, base: base)
            }
            #expect(error?.code == .engineFailed)
            return error?.message ?? ""
        }
        let request = try bench.request(.train)
        var damaged = bench.base
        damaged["model.safetensors"] = [1, 2, 3]
        #expect(failure(bench, request, base: damaged).contains("(model-file)"))
        damaged["vocab.txt"] = Array("a\nb\n".utf8)
        #expect(failure(bench, request, base: damaged).contains("(tokenizer)"))
        #expect(
            failure(bench, try bench.request(.train, .lora, pairs: [("learning_rate", "-1")]))
                .contains("learning_rate"))
        bench.validation[3].fields["label"] = "unheard of"
        let unknown = failure(bench, request)
        #expect(unknown.contains("(unknown-label)") && !unknown.contains("unheard"))
        bench.validation[3].fields["label"] = nil
        #expect(failure(bench, request).contains("(data)"))
        for index in bench.train.indices { bench.train[index].fields["label"] = "positive" }
        #expect(failure(bench, request).contains("at least two") == false)
    }
}
