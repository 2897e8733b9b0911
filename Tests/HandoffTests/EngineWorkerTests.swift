import EngineProtocol
import Foundation
import Records
import Synchronization
import Testing

@testable import Handoff

@Suite("Workers")
struct EngineWorkerTests {
    final class Bench {
        let inner: EngineRunnerTests.Bench
        let worker: EngineWorker

        init(silenceSeconds: Int = 30) throws {
            inner = try EngineRunnerTests.Bench()
            var limits = inner.limits
            limits.silenceSeconds = silenceSeconds
            worker = EngineWorker(
                engine: inner.engine, runFolder: inner.folder + "/run", limits: limits)
        }

        func request(_ verb: EngineVerb = .predict) -> RunRequest {
            var request = inner.request(verb)
            request.dataset = nil
            return request
        }

        @discardableResult
        func start(
            _ mode: String = "worker", data: EngineData = EngineRunnerTests.data()
        ) throws -> EngineEvent.Started {
            try worker.start(request(), runID: mode, data: data)
        }

        var folderExists: Bool { FileManager.default.fileExists(atPath: inner.folder + "/run") }
    }

    static func labels(_ events: [EngineEvent]) -> [String] {
        events.compactMap { if case .prediction(let it) = $0 { it.label } else { nil } }
    }

    @Test("One process answers job after job, of every kind") func jobs() throws {
        let bench = try Bench()
        #expect(!bench.worker.isRunning)
        #expect(try bench.start().labels == ["a", "b"])
        #expect(bench.worker.isRunning && bench.folderExists)
        #expect(Self.labels(try bench.worker.ask(.predict, texts: ["xy", "z"])) == ["x", "z"])
        let seen = Mutex<[EngineEvent]>([])
        let answers = try bench.worker.ask(
            .generate, messages: [[.init(role: "user", content: "hello\n\"there\"")]],
            generation: GenerationOptions(maxNewTokens: 7)
        ) { event in seen.withLock { $0.append(event) } }
        #expect(
            answers == [
                .generation(
                    .init(index: 0, text: "HELLO\n\"THERE\"7", finishReason: .length, tokens: 2))
            ])
        #expect(seen.withLock { $0 } == answers)
        #expect(
            try bench.worker.ask(.tag, texts: ["a b c"]) == [
                .tags(.init(index: 0, tags: ["O", "O", "O"]))
            ])
        #expect(
            try bench.worker.ask(.probe, texts: ["four"]) == [
                .probe(.init(index: 0, vector: [4, 0.5]))
            ])
        #expect(try bench.worker.ask(.predict) == [])
        bench.worker.stop()
        #expect(!bench.worker.isRunning && !bench.folderExists)
        let error = #expect(throws: HandoffError.self) { try bench.worker.ask(.predict) }
        #expect(error?.code == .invalidRequest)
        // And again.
        try bench.start()
        #expect(Self.labels(try bench.worker.ask(.predict, texts: ["q"])) == ["q"])
    }

    @Test("A refused job is an error, and the worker goes on") func refused() throws {
        let bench = try Bench()
        try bench.start()
        let error = #expect(throws: HandoffError.self) {
            try bench.worker.ask(.predict, texts: ["refuse"])
        }
        #expect(error?.code == .engineFailed && error?.hint == "cut")
        #expect(bench.worker.isRunning)
        #expect(Self.labels(try bench.worker.ask(.predict, texts: ["go on"])) == ["g"])
    }

    @Test(
        "A job that ends the worker says why; so does the next one",
        arguments: [("die", .killed), ("wrong job", .badFrame), ("no event", .badFrame)]
            as [(String, HandoffError.Code)])
    func ends(text: String, code: HandoffError.Code) throws {
        let bench = try Bench()
        try bench.start()
        let error = #expect(throws: HandoffError.self) {
            try bench.worker.ask(.predict, texts: [text])
        }
        #expect(error?.code == code)
        if text == "die" { #expect(error?.message.contains("signal 9") == true) }
        #expect(!bench.worker.isRunning)
        let next = #expect(throws: HandoffError.self) {
            try bench.worker.ask(.predict, texts: ["still there?"])
        }
        #expect(next?.code == code)
        try bench.start()
        #expect(Self.labels(try bench.worker.ask(.predict, texts: ["new"])) == ["n"])
    }

    @Test("A worker that hangs is ended; one that waits for a job is not") func silence() throws {
        let bench = try Bench(silenceSeconds: 1)
        try bench.start()
        usleep(2_500_000)
        #expect(bench.worker.isRunning)
        let error = #expect(throws: HandoffError.self) {
            try bench.worker.ask(.predict, texts: ["hang"])
        }
        #expect(error?.code == .timedOut)
    }

    @Test("A worker that is no longer allowed is ended, also while it waits") func revoked() throws
    {
        let bench = try Bench()
        let isAllowed = Mutex(true)
        var data = EngineRunnerTests.data()
        data.stillAllowed = { isAllowed.withLock { $0 } }
        try bench.start(data: data)
        isAllowed.withLock { $0 = false }
        for _ in 0..<500 where bench.folderExists { usleep(20_000) }
        #expect(!bench.worker.isRunning && !bench.folderExists)
        let error = #expect(throws: HandoffError.self) {
            try bench.worker.ask(.predict, texts: ["x"])
        }
        #expect(error?.code == .cancelled)
    }

    @Test(
        "A worker that cannot start says why",
        arguments: [("worker-fails", .engineFailed), ("worker-dies", .killed)]
            as [(String, HandoffError.Code)])
    func failedStart(mode: String, code: HandoffError.Code) throws {
        let bench = try Bench()
        let error = #expect(throws: HandoffError.self) { try bench.start(mode) }
        #expect(error?.code == code)
        #expect(!bench.worker.isRunning)
        try bench.start()
    }

    @Test("Jobs of several threads wait for each other") func threads() throws {
        let bench = try Bench()
        try bench.start()
        let worker = bench.worker
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for round in 0..<5 {
                let text = "\(thread)-\(round)"
                let labels = try? Self.labels(worker.ask(.predict, texts: [text, text]))
                let right = "\(thread)"
                if labels != [right, right] { wrong.withLock { $0.append(text) } }
            }
        }
        #expect(wrong.withLock { $0 }.isEmpty)
    }

    @Test("A worker that nobody holds any more ends") func deinitialised() throws {
        let inner = try EngineRunnerTests.Bench()
        var request = inner.request(.predict)
        request.dataset = nil
        do {
            let worker = EngineWorker(
                engine: inner.engine, runFolder: inner.folder + "/run", limits: inner.limits)
            try worker.start(request, runID: "worker", data: EngineRunnerTests.data())
        }
        #expect(!FileManager.default.fileExists(atPath: inner.folder + "/run"))
    }

    @Test("Workers are for some verbs, and without a dataset") func requests() throws {
        let bench = try Bench()
        for request in [bench.request(.train), bench.inner.request(.predict)] {
            let error = #expect(throws: HandoffError.self) {
                try bench.worker.start(request, runID: "x", data: EngineRunnerTests.data())
            }
            #expect(error?.code == .invalidRequest)
        }
        try bench.start()
        #expect(throws: HandoffError.self) { try bench.start() }
        #expect(throws: HandoffError.self) { try bench.worker.ask(.train) }
        #expect(bench.worker.isRunning)
    }
}
