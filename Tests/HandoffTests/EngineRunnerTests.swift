import EngineProtocol
import Foundation
import Records
import Synchronization
import Testing

@testable import Handoff

@Suite("Runs of a scripted engine")
struct EngineRunnerTests {
    /// A folder for one test, its engine, and a request.
    final class Bench {
        let folder: String
        let engine: EngineExecutable
        var limits = EngineRunner.Limits()

        init() throws {
            folder = NSTemporaryDirectory() + "tundish-handoff-" + UUID().uuidString
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            engine = try ScriptedEngine.make(in: folder)
            limits.graceSeconds = 1
            limits.silenceSeconds = 30
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func request(_ verb: EngineVerb = .train) -> RunRequest {
            RunRequest(
                verb: verb,
                dataset: .init(
                    name: "reviews@1", version: String(repeating: "0", count: 64),
                    splits: [.train: 3, .validation: 2, .test: 1]),
                baseModel: .init(
                    name: "tiny",
                    files: [.init(name: "config.json", sha256: "00", size: 2)]),
                engine: engine, purpose: "test")
        }

        func runner() -> EngineRunner {
            EngineRunner(engine: engine, runFolder: folder + "/run", limits: limits)
        }
    }

    static func record(_ split: Split, _ index: Int) -> Record {
        Record(
            rid: RecordID(prefixOf: [UInt8](repeating: UInt8(index), count: 16)), kind: .labelled,
            fields: ["text": .string("\(split.rawValue) \(index)"), "label": "a"], split: split,
            subjects: [])
    }

    static func data(_ artifacts: MemoryArtifacts = .init()) -> EngineData {
        EngineData(
            records: { query, emit in
                let count = [Split.train: 3, .validation: 2, .test: 1][query.split] ?? 0
                for index in 0..<count {
                    let record = record(query.split, index)
                    try emit(record.rid.bytes, record.canonicalBytes())
                }
            },
            readModelFile: { origin, name, emit in
                #expect(origin == .base && name == "config.json")
                try emit(Array("{".utf8))
                try emit([])
                try emit(Array("}".utf8))
            }, artifactSink: artifacts.sink)
    }

    @Test("A good engine's run comes back whole, and sees nothing of ours")
    func good() throws {
        let bench = try Bench()
        let artifacts = MemoryArtifacts()
        let events = Mutex<[EngineEvent]>([])
        let outcome = try bench.runner().run(
            bench.request(), runID: "good", texts: ["hello"], data: Self.data(artifacts)
        ) { event in events.withLock { $0.append(event) } }
        #expect(outcome.started?.labels == ["a", "b"])
        #expect(outcome.artifacts.map(\.name) == ["model.bin", "empty.bin"])
        #expect(artifacts.files["model.bin"]?.count == 5120)
        #expect(artifacts.files["empty.bin"] == [])
        #expect(outcome.recordsServed == [.train: 3, .validation: 2])
        #expect(outcome.recordDigests.count == 2)
        #expect(outcome.evaluations.first?.metrics["accuracy"] == 0.5)
        #expect(outcome.predictions.first?.probabilities == [0.75, 0.25])
        #expect(outcome.finishedAt >= outcome.startedAt)
        #expect(events.withLock { $0.count } == 7)
        let summary = outcome.summary
        #expect(summary["texts"]?["train"] == ["train 0", "train 1", "train 2"])
        #expect(summary["config"] == "{}")
        #expect(summary["echo"] == ["hello"])
        #expect(summary["splits"] == ["train": 3, "validation": 2])
        #expect(summary["mode"] == "0o700")
        #expect(summary["files"] == ["engine.sock"])
        // Standard input, output, error, the socket; and the listing's own.
        #expect(summary["descriptors"] == 4)
        let allowed: Set<String> = [
            "PATH", "LANG", "HOME", "TMPDIR", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE",
            "OMP_NUM_THREADS", "LC_CTYPE", "PWD", "SHLVL", "_",
        ]
        let seen = Set(try #require(summary["environment"]?.objectValue).keys)
        #expect(seen.subtracting(allowed).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: bench.folder + "/run"))
    }

    @Test(
        "Each way to go wrong ends in its own error",
        arguments: [
            ("no-finish", .noFinish), ("status-3", .killed), ("killed", .killed),
            ("not-json", .badFrame), ("long-line", .badFrame), ("failed", .engineFailed),
            ("no-hello", .badFrame), ("wrong-token", .wrongToken), ("wrong-world", .wrongToken),
            ("token-twice", .wrongToken), ("garbage", .badFrame), ("test-split", .forbidden),
            ("unlisted-file", .forbidden), ("escape", .badFrame),
            ("false-digest", .artifactMismatch), ("false-size", .artifactMismatch),
            ("huge", .forbidden), ("twice", .forbidden), ("secret-put", .artifactMismatch),
            ("claims-put", .artifactMismatch), ("dies-in-put", .killed), ("goes-on", .badFrame),
        ] as [(String, HandoffError.Code)])
    func wrong(mode: String, code: HandoffError.Code) throws {
        let bench = try Bench()
        let artifacts = MemoryArtifacts()
        let error = #expect(throws: HandoffError.self) {
            try bench.runner().run(bench.request(), runID: mode, data: Self.data(artifacts))
        }
        #expect(error?.code == code, "\(mode): \(error.map(String.init(describing:)) ?? "")")
        if mode == "status-3" { #expect(error?.lastWords == "out of memory\n") }
        if mode == "failed" { #expect(error?.hint == "add some") }
        if code == .artifactMismatch, mode != "secret-put" { #expect(artifacts.files.isEmpty) }
        #expect(!FileManager.default.fileExists(atPath: bench.folder + "/run"))
    }

    @Test("Only evaluate is offered the test split")
    func testSplit() throws {
        let bench = try Bench()
        #expect(bench.request(.train).readableSplits == [.train: 3, .validation: 2])
        #expect(bench.request(.predict).readableSplits == [.train: 3, .validation: 2])
        let outcome = try bench.runner().run(
            bench.request(.evaluate), runID: "good", data: Self.data())
        #expect(outcome.summary["texts"]?["test"] == ["test 0"])
    }

    @Test("An engine that hangs is stopped after its silence")
    func silence() throws {
        let bench = try Bench()
        bench.limits.silenceSeconds = 1
        let error = #expect(throws: HandoffError.self) {
            try bench.runner().run(bench.request(), runID: "silent", data: Self.data())
        }
        #expect(error?.code == .timedOut)
    }

    @Test("Revocation kills an engine that ignores SIGTERM, and its children")
    func revocation() throws {
        let bench = try Bench()
        var data = Self.data()
        let child = Mutex<Int32>(0)
        data.stillAllowed = { child.withLock { $0 } == 0 }
        let error = #expect(throws: HandoffError.self) {
            try bench.runner().run(bench.request(), runID: "stubborn", data: data) { event in
                if case .warning(_, let message) = event {
                    child.withLock { $0 = Int32(message) ?? 0 }
                }
            }
        }
        #expect(error?.code == .cancelled)
        let pid = child.withLock { $0 }
        #expect(pid > 0)
        // Gone, or a zombie that nobody has collected yet. The signal was sent; on a busy machine
        // the kernel may take its time to deliver it.
        var state: Substring?
        for _ in 0..<400 {
            state =
                (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?
                .split(separator: " ").dropFirst(2).first
            if state == nil || state == "Z" { break }
            usleep(50_000)
        }
        #expect(state == nil || state == "Z")
    }

    @Test("A run can be cancelled from another thread")
    func cancelling() throws {
        let bench = try Bench()
        let runner = bench.runner()
        let error = #expect(throws: HandoffError.self) {
            try runner.run(bench.request(), runID: "stubborn", data: Self.data()) { _ in
                runner.cancel()
            }
        }
        #expect(error?.code == .cancelled)
    }

    @Test("What a closure throws is kept as the cause")
    func closureFails() throws {
        struct Refused: Error {}
        let bench = try Bench()
        var data = Self.data()
        data.records = { _, _ in throw Refused() }
        let error = #expect(throws: HandoffError.self) {
            try bench.runner().run(bench.request(), runID: "good", data: data)
        }
        #expect(error?.code == .dataFailed)
        #expect(error?.underlying is Refused)
    }

    @Test("Standard error is kept at both ends, within its limit")
    func noise() throws {
        let bench = try Bench()
        let outcome = try bench.runner().run(bench.request(), runID: "noise", data: Self.data())
        #expect(outcome.standardError.utf8.count <= bench.limits.errorByteCount)
        #expect(outcome.standardError.hasPrefix("beginyyy"))
        #expect(outcome.standardError.hasSuffix("yyyend"))
    }

    @Test("An engine that was changed, or is gone, or is another, is not started")
    func pinning() throws {
        let bench = try Bench()
        let request = bench.request()
        #expect(try bench.runner().describe()["verbs"] == ["train"])
        let other = EngineExecutable(
            name: "x", path: bench.engine.path, pinnedSHA256: String(repeating: "0", count: 64))
        let mismatch = #expect(throws: HandoffError.self) {
            try EngineRunner(engine: other, runFolder: bench.folder + "/run")
                .run(request, runID: "good", data: Self.data())
        }
        #expect(mismatch?.code == .invalidRequest)
        let file = try #require(FileHandle(forWritingAtPath: bench.engine.path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("\n".utf8))
        try file.close()
        let changed = #expect(throws: HandoffError.self) {
            try bench.runner().run(request, runID: "good", data: Self.data())
        }
        #expect(changed?.code == .engineChanged)
        try FileManager.default.removeItem(atPath: bench.engine.path)
        let gone = #expect(throws: HandoffError.self) { try bench.runner().describe() }
        #expect(gone?.code == .engineNotFound)
    }

    @Test("A deep run folder is no obstacle to the socket")
    func deepFolder() throws {
        let bench = try Bench()
        var deep = bench.folder
        for _ in 0..<6 { deep += "/" + String(repeating: "d", count: 40) }
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        let runner = EngineRunner(
            engine: bench.engine, runFolder: deep + "/run", limits: bench.limits)
        #expect(
            try runner.run(bench.request(), runID: "good", data: Self.data()).artifacts.count == 2)
    }

    @Test("A run folder that is a link, or relative, is refused")
    func badFolder() throws {
        let bench = try Bench()
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder + "/run", withDestinationPath: "/tmp")
        for path in [bench.folder + "/run", "run", bench.folder + "/none/run"] {
            let error = #expect(throws: HandoffError.self) {
                try EngineRunner(engine: bench.engine, runFolder: path)
                    .run(bench.request(), runID: "good", data: Self.data())
            }
            #expect(error?.code == .startFailed)
        }
    }
}
