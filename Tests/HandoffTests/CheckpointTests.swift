import EngineProtocol
import Foundation
import Records
import Synchronization
import Testing

@testable import Handoff

@Suite("Checkpoints, stopping, plans")
struct CheckpointTests {
    /// Keeps checkpoints as a workspace would, in memory.
    final class Keeper: Sendable {
        let files = MemoryArtifacts()
        let kept = Mutex<[EngineEvent.Checkpoint]>([])

        var data: EngineData {
            var data = EngineRunnerTests.data()
            let base = data.readModelFile
            data.readModelFile = { [files] origin, name, emit in
                guard origin == .checkpoint else { return try base(origin, name, emit) }
                try emit(files.files["checkpoint/3/" + name] ?? [])
            }
            data.checkpointSink = { [files] name, size, sha256 in
                files.sink(name: name.artifactName, size: size, sha256: sha256)
            }
            data.keepCheckpoint = { [self] checkpoint in
                for file in checkpoint.files {
                    let name = CheckpointName(step: checkpoint.step, file: file.name)
                    #expect(files.files[name.artifactName]?.count == file.size)
                }
                kept.withLock { $0.append(checkpoint) }
            }
            return data
        }

        var steps: [Int] { kept.withLock { $0.map(\.step) } }
    }

    static func run(
        _ mode: String, _ data: EngineData, verb: EngineVerb = .train,
        bench: EngineRunnerTests.Bench,
        checkpoint: RunRequest.ModelReference? = nil,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws -> RunOutcome {
        try bench.runner().run(
            bench.request(verb), runID: mode, checkpoint: checkpoint, data: data, onEvent: onEvent)
    }

    @Test("Each announced checkpoint is kept, and is no artifact") func kept() throws {
        let (bench, keeper) = (try EngineRunnerTests.Bench(), Keeper())
        let progress = Mutex<[EngineEvent.Progress]>([])
        let outcome = try Self.run("checkpoints", keeper.data, bench: bench) { event in
            if case .progress(let it) = event { progress.withLock { $0.append(it) } }
        }
        #expect(keeper.steps == [1, 2, 3, 4])
        #expect(keeper.kept.withLock { $0.map(\.isBest) } == [false, true, false, false])
        #expect(keeper.files.files.count == 8)
        #expect(
            keeper.files.files["checkpoint/2/weights.bin"] == [UInt8](repeating: 2, count: 2500))
        #expect(outcome.artifacts.map(\.name) == ["model.bin"])
        #expect(
            outcome.notes == [
                .hint(
                    code: "overfitting", message: "validation rises",
                    parameter: "num_train_epochs")
            ])
        #expect(progress.withLock { $0.last?.residentBytes } == 4096)
        #expect(progress.withLock { $0.last?.phase } == "training")
    }

    @Test("An engine that was killed goes on from its last whole checkpoint") func resume() throws {
        let (bench, keeper) = (try EngineRunnerTests.Bench(), Keeper())
        let error = #expect(throws: HandoffError.self) {
            try Self.run("dies-at-3", keeper.data, bench: bench)
        }
        #expect(error?.code == .killed)
        #expect(keeper.steps == [1, 2, 3], "the half checkpoint 4 counts for nothing")
        let checkpoint = RunRequest.ModelReference(
            name: "3", files: [.init(name: "state.json", sha256: "", size: 1)])
        let outcome = try Self.run(
            "checkpoints", keeper.data, bench: bench, checkpoint: checkpoint)
        #expect(outcome.summary["steps"] == [4])
        #expect(
            outcome.summary["checkpoint"] == ["name": "3", "files": ["state.json"]])
        #expect(keeper.steps == [1, 2, 3, 4])
    }

    @Test(
        "What is no checkpoint ends the run",
        arguments: [
            ("checkpoint-twice", .forbidden), ("checkpoint-lie", .artifactMismatch),
            ("checkpoint-unput", .artifactMismatch), ("checkpoint-name", .badFrame),
            ("checkpoint-flood", .forbidden),
        ] as [(String, HandoffError.Code)])
    func wrong(mode: String, code: HandoffError.Code) throws {
        let (bench, keeper) = (try EngineRunnerTests.Bench(), Keeper())
        let error = #expect(throws: HandoffError.self) {
            try Self.run(mode, keeper.data, bench: bench)
        }
        #expect(error?.code == code, "\(mode): \(error.map(String.init(describing:)) ?? "")")
    }

    @Test("Only training has checkpoints, and a checkpoint that cannot be kept ends the run")
    func refused() throws {
        let (bench, keeper) = (try EngineRunnerTests.Bench(), Keeper())
        let evaluating = #expect(throws: HandoffError.self) {
            try Self.run("checkpoints", keeper.data, verb: .evaluate, bench: bench)
        }
        #expect(evaluating?.code == .forbidden)
        var full = keeper.data
        full.keepCheckpoint = { _ in throw CocoaError(.fileWriteOutOfSpace) }
        let error = #expect(throws: HandoffError.self) {
            try Self.run("checkpoints", full, bench: bench)
        }
        #expect(error?.code == .dataFailed)
        #expect(error?.underlying is CocoaError)
    }

    // MARK: Stopping

    /// Runs until the engine waits, then asks it to stop.
    private func stopped(
        _ mode: String, keeper: Keeper, revokesToo: Bool = false, stopSeconds: Int = 30
    ) throws -> RunOutcome {
        let bench = try EngineRunnerTests.Bench()
        bench.limits.stopSeconds = stopSeconds
        let isWaiting = Mutex(false)
        let questions = Mutex(0)
        var data = keeper.data
        data.shouldStop = { isWaiting.withLock { $0 } }
        data.stillAllowed = {
            guard revokesToo, isWaiting.withLock({ $0 }) else { return true }
            return questions.withLock { count in
                count += 1
                return count < 2
            }
        }
        return try Self.run(mode, data, bench: bench) { event in
            if case .warning("waiting", _) = event { isWaiting.withLock { $0 = true } }
        }
    }

    @Test("A run that is asked to stop has time for a last checkpoint") func stop() throws {
        let keeper = Keeper()
        let error = #expect(throws: HandoffError.self) {
            try stopped("waits", keeper: keeper)
        }
        #expect(error?.code == .stopped)
        #expect(keeper.steps == [1, 2, 3])
        #expect(keeper.files.files["checkpoint/3/late.bin"] != nil)
    }

    @Test("A run that ends well while it is asked to stop has ended well") func finishes() throws {
        let outcome = try stopped("waits-and-finishes", keeper: Keeper())
        #expect(outcome.summary["steps"] == "all")
    }

    @Test("An engine that does not stop is killed") func neverStops() throws {
        let error = #expect(throws: HandoffError.self) {
            try stopped("never-stops", keeper: Keeper(), stopSeconds: 1)
        }
        #expect(error?.code == .stopped)
    }

    @Test("A run whose permission ends while it stops is ended at once") func revoked() throws {
        let keeper = Keeper()
        let error = #expect(throws: HandoffError.self) {
            try stopped("never-stops", keeper: keeper, revokesToo: true)
        }
        #expect(error?.code == .cancelled)
    }

    // MARK: Plans

    @Test("A plan tells what a run would take") func plan() throws {
        let bench = try EngineRunnerTests.Bench()
        let plan = try bench.runner().plan(
            bench.request(.plan), runID: "plan", data: EngineRunnerTests.data())
        #expect(plan.steps == 12 && plan.tokens == 1234)
        #expect(plan.trainableParameters == 3 && plan.totalParameters == 10)
        #expect(plan.peakBytes == 9_000_000_000 && plan.availableBytes == 2_000_000_000)
        #expect(plan.secondsPerStep == 0.5 && plan.seconds == 6)
        #expect(plan.warnings == ["slow"] && plan.refusals.isEmpty)
        // Asked for, a refusal is the answer; it ends nothing.
        let refusing = try bench.runner().plan(
            bench.request(.plan), runID: "too-large", data: EngineRunnerTests.data())
        #expect(refusing.refusals == ["too large"])
        let error = #expect(throws: HandoffError.self) {
            try bench.runner().plan(
                bench.request(.plan), runID: "no-plan", data: EngineRunnerTests.data())
        }
        #expect(error?.code == .noFinish)
    }

    @Test("A training run whose plan refuses ends before anything is trained") func doesNotFit()
        throws
    {
        let (bench, keeper) = (try EngineRunnerTests.Bench(), Keeper())
        let error = #expect(throws: HandoffError.self) {
            try Self.run("refused-plan", keeper.data, bench: bench)
        }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("9 GB") == true)
        #expect(keeper.steps.isEmpty)
    }
}
