import Records
import Testing

@testable import EngineProtocol

@Suite("Jobs of workers")
struct EngineJobTests {
    static let jobs: [EngineJob] = [
        .init(job: 0, verb: .predict, texts: ["a\nb", "", "\u{2028}"]),
        .init(
            job: 7, verb: .generate, messages: [[.init(role: "user", content: "Hello")]],
            generation: .init(maxNewTokens: 1, temperature: 1.5, topP: 0.5, seed: -3, stop: ["x"])),
        .init(job: 1 << 53, verb: .tag), .init(job: 1, verb: .probe, texts: ["x"]),
    ]

    @Test("Each job is one line and comes back", arguments: jobs)
    func roundTrip(job: EngineJob) throws {
        let line = job.line()
        #expect(line.filter { $0 == 0x0A }.count == 1 && line.last == 0x0A)
        #expect(try EngineJob(line: line) == job)
    }

    @Test(
        "Lines that are no job are refused",
        arguments: [
            "", "{}", #"{"job":-1,"verb":"predict"}"#, #"{"job":1,"verb":"train"}"#,
            #"{"job":1,"verb":"describe"}"#, #"{"job":1}"#,
            #"{"job":1,"verb":"predict","texts":1}"#,
            #"{"job":1,"verb":"generate","messages":[{"role":"user","content":"x"}]}"#,
            #"{"job":1,"verb":"generate","generation":{"temperature":-1}}"#,
        ])
    func refused(line: String) {
        #expect(throws: EngineProtocolError.self) { try EngineJob(line: Array(line.utf8)) }
    }

    @Test(
        "An event keeps its job, and one without a job has none", arguments: EngineEventTests.events
    )
    func events(event: EngineEvent) throws {
        let ofJob = EngineJobEvent(job: 12, event: event)
        #expect(try EngineJobEvent(line: ofJob.line()) == ofJob)
        // Who does not know of jobs reads the same event.
        #expect(try EngineEvent(line: ofJob.line()) == event)
        #expect(try EngineJobEvent(line: event.line()) == EngineJobEvent(job: nil, event: event))
    }

    @Test("Only some verbs are for workers")
    func verbs() {
        #expect(
            EngineVerb.allCases.filter(\.isForWorkers) == [.predict, .generate, .tag, .probe])
    }

    @Test(
        "Names of checkpoint files",
        arguments: [
            ("checkpoint/0/a", 0, "a"), ("checkpoint/120/weights.bin", 120, "weights.bin"),
        ])
    func checkpointName(name: String, step: Int, file: String) throws {
        let parsed = try #require(try CheckpointName(artifactName: name))
        #expect(parsed == CheckpointName(step: step, file: file))
        #expect(parsed.artifactName == name)
    }

    @Test(
        "Other names are of no checkpoint", arguments: ["a", "checkpoints/1/a", "x/checkpoint/1/a"])
    func noCheckpoint(name: String) throws {
        #expect(try CheckpointName(artifactName: name) == nil)
    }

    @Test(
        "Names that only look so are refused",
        arguments: [
            "checkpoint/a", "checkpoint/01/a", "checkpoint/-1/a", "checkpoint/+1/a",
            "checkpoint/1/a/b", "checkpoint/1/", "checkpoint//a", "checkpoint/1/.a",
            "checkpoint/99999999999999999999/a",
            "checkpoint/1/\(String(repeating: "a", count: 128))",
        ])
    func badName(name: String) {
        #expect(throws: EngineProtocolError.self) { try CheckpointName(artifactName: name) }
    }
}
