import Catalog
import Cryptography
import EngineProtocol
import Foundation
import Governance
import Handoff
import Ingestion
import Records
import Synchronization
import Testing
import Vault

@testable import Workspace

/// A workspace with a released version, a base model and a scripted engine.
final class RunFixture {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    init() throws {
        home = try TemporaryWorkspace.make()
        workspace = try home.open()
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review,label=sentiment", subject: ["email"])
        _ = try Ingest(
            dataset: "reviews", paths: [home.reviews(60)], options: options,
            purposes: ["sentiment"], legalBasis: "contract"
        ).run(in: workspace)
        _ = try Clean(version: "reviews").run(in: workspace)
        _ = try Redact(
            version: "reviews", policy: TemporaryWorkspace.policy("retail-reviews")
        ).run(in: workspace)
        _ = try Grants(workspace).release("reviews@3", purpose: "sentiment")
        _ = try RegisteredEngines(workspace).add(
            "scripted", path: try ScriptedTrainer.make(in: home.folder))
        try importModel("base", files: ["config.json": Array("{}".utf8)])
    }

    func importModel(_ name: String, files: [String: [UInt8]]) throws {
        let id = SecureRandom.bytes(16)
        let store = try ArtifactStore(vault: workspace.vault, model: id)
        for (name, bytes) in files { try store.add(bytes, name: name) }
        let digests = store.files.map { ($0.name, JSONValue.string(Hex.encode($0.sha256))) }
        try workspace.catalog.commit(
            EventDraft(
                "model.import", object: "model:\(Hex.encode(id))",
                facts: ["files": .object(Dictionary(uniqueKeysWithValues: digests))]),
            signer: workspace.session.signer
        ) { change in
            try change.add(
                ModelRow(
                    id: id, name: name, kind: .base, actor: self.workspace.session.principal))
            try store.commit(change)
        }
    }

    func train(
        _ name: String, _ mode: ScriptedTrainer.Mode = .plain,
        settings: [(String, String)] = [],
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) -> Train {
        Train(
            name: name, data: "reviews@3", model: "base", method: .full,
            settings: [("canaries", "\(mode.rawValue)")] + settings, purpose: "sentiment",
            engine: "scripted", threads: 1, onEvent: onEvent, isInterrupted: isInterrupted)
    }

    func steps(_ run: String) throws -> [Int] {
        try workspace.catalog.read { reader in
            try StoredCheckpoint.all(of: try reader.run(named: run)?.id ?? "", reader).map(\.step)
        }
    }

    func state(_ run: String) throws -> RunState? {
        try workspace.catalog.read { try $0.run(named: run)?.state }
    }

    /// The catalog's objects of checkpoints.
    func checkpointObjects() throws -> [ObjectRow] {
        try workspace.catalog.read { try $0.objects() }.filter { $0.kind == .checkpoint }
    }

    func events(_ action: String) throws -> [LoggedEvent] {
        try workspace.catalog.read { try $0.events() }.filter { $0.action == action }
    }

    func auditPasses() throws -> Bool {
        let key = try workspace.catalog.verifierKey()
        return try AuditLog(workspace).verify(trustedKey: key).verdict == .passed
    }

    /// Whether any file of the workspace holds these bytes.
    func liesInClear(_ mark: String) throws -> Bool {
        let files = FileManager.default.enumerator(atPath: home.settings.home)
        while let name = files?.nextObject() as? String {
            let path = home.settings.home + "/" + name
            if let data = FileManager.default.contents(atPath: path),
                data.range(of: Data(mark.utf8)) != nil
            {
                return true
            }
        }
        return false
    }
}

@Suite("Runs that are stopped, killed, resumed, reproduced")
struct RunTests {
    @Test("A run whose engine was killed goes on, and ends as if nothing had happened")
    func killedEngine() throws {
        let fixture = try RunFixture()
        let undisturbed = try fixture.train("undisturbed").run(in: fixture.workspace)
        let error = #expect(throws: WorkspaceError.self) {
            try fixture.train("killed", .dies).run(in: fixture.workspace)
        }
        #expect(error?.code == .failed)
        #expect(error?.hint?.contains("tundish run resume killed") == true)
        #expect(try fixture.state("killed") == .failed)
        // The engine said that three are kept; the half of the fourth is not.
        #expect(try fixture.steps("killed") == [1, 2, 3])
        #expect(try fixture.checkpointObjects().count == 6)
        #expect(try !fixture.liesInClear("CLEAR-MARK"))
        #expect(try fixture.auditPasses())

        // The name stays with what can go on, and what doctor sweeps is not that.
        let taken = #expect(throws: WorkspaceError.self) {
            try fixture.train("killed").run(in: fixture.workspace)
        }
        #expect(taken?.code == .conflict)
        _ = try Doctor(fixture.workspace).run()
        #expect(try fixture.steps("killed") == [1, 2, 3])

        let progress = Mutex<[Int]>([])
        let resumed = try ResumeRun(name: "killed") { event in
            if case .progress(let it) = event { progress.withLock { $0.append(it.step) } }
        }.run(in: fixture.workspace)
        #expect(progress.withLock { $0 } == [4, 5, 6])
        #expect(resumed.json["artifacts"] == undisturbed.json["artifacts"])
        #expect(
            resumed.json["summary"]?["weightsDigest"]
                == undisturbed.json["summary"]?["weightsDigest"])
        #expect(try fixture.state("killed") == .finished)
        // Nothing of the checkpoints is left: no row, no object, no key, no pack.
        #expect(try fixture.steps("killed").isEmpty)
        #expect(try fixture.checkpointObjects().isEmpty)
        let live = try fixture.workspace.catalog.read { try $0.packs() }
        #expect(
            Set(try fixture.workspace.vault.packs.list().map(\.hex)) == Set(live))
        #expect(try fixture.auditPasses())
        let again = #expect(throws: WorkspaceError.self) {
            try ResumeRun(name: "killed").run(in: fixture.workspace)
        }
        #expect(again?.code == .conflict)
    }

    @Test("A run whose own process was killed goes on") func killedParent() throws {
        let fixture = try RunFixture()
        #expect(throws: WorkspaceError.self) {
            try fixture.train("killed", .dies).run(in: fixture.workspace)
        }
        // As a SIGKILL of the whole program leaves it: running, with nobody there.
        try fixture.home.sqlite("UPDATE runs SET state = 'running', finished = NULL")
        _ = try ResumeRun(name: "killed").run(in: fixture.workspace)
        #expect(try fixture.state("killed") == .finished)
        #expect(try fixture.events("run.fail").count == 2)
        #expect(try fixture.events("run.resume").first?.facts["step"] == 3)
    }

    @Test("Another process stops a run; it goes on later") func stop() throws {
        let fixture = try RunFixture()
        let undisturbed = try fixture.train("undisturbed").run(in: fixture.workspace)
        let other = try fixture.home.open()
        let stopped = Mutex<Report?>(nil)
        let error = #expect(throws: WorkspaceError.self) {
            try fixture.train(
                "long", .waits,
                onEvent: { event in
                    guard case .warning("waiting", _) = event else { return }
                    // On the engine's own thread, as another process would in its own time.
                    stopped.withLock { $0 = try? StopRun(name: "long").run(in: other) }
                }
            ).run(in: fixture.workspace)
        }
        #expect(stopped.withLock { $0?.json["state"] } == "stopping")
        #expect(error?.code == .interrupted)
        #expect(try fixture.state("long") == .stopped)
        #expect(try fixture.steps("long") == [1, 2])
        #expect(try fixture.events("run.stop").count == 1)
        #expect(try fixture.events("run.stopped").first?.facts["step"] == 2)
        let late = #expect(throws: WorkspaceError.self) {
            try StopRun(name: "long").run(in: other)
        }
        #expect(late?.code == .conflict)
        let resumed = try ResumeRun(name: "long").run(in: fixture.workspace)
        #expect(resumed.json["artifacts"] == undisturbed.json["artifacts"])
        #expect(try fixture.auditPasses())
    }

    @Test("Ctrl-C stops a run with its checkpoint") func interrupted() throws {
        let fixture = try RunFixture()
        let wish = Mutex(false)
        let error = #expect(throws: WorkspaceError.self) {
            try fixture.train(
                "long", .waits,
                onEvent: { event in
                    if case .warning("waiting", _) = event { wish.withLock { $0 = true } }
                }, isInterrupted: { wish.withLock { $0 } }
            ).run(in: fixture.workspace)
        }
        #expect(error?.code == .interrupted)
        #expect(try fixture.steps("long") == [1, 2])
    }

    @Test("As many checkpoints are kept as were asked for, and the best one")
    func limit() throws {
        let fixture = try RunFixture()
        let seen = Mutex<[[Int]]>([])
        let workspace = fixture.workspace
        _ = try fixture.train(
            "few", .best, settings: [("save_total_limit", "2")],
            onEvent: { event in
                guard case .checkpoint = event else { return }
                let steps = try? workspace.catalog.read { reader in
                    try StoredCheckpoint.all(of: try reader.run(named: "few")?.id ?? "", reader)
                        .map(\.step)
                }
                seen.withLock { $0.append(steps ?? []) }
            }
        ).run(in: fixture.workspace)
        #expect(
            seen.withLock { $0 } == [[1], [1, 2], [2, 3], [2, 3, 4], [2, 4, 5], [2, 5, 6]])
        let dropped = try fixture.events("run.checkpoint").map { $0.facts["dropped"] }
        #expect(dropped == [[], [], [1], [], [3], [4]])
    }

    @Test("What was discarded is gone, and its name is free") func discard() throws {
        let fixture = try RunFixture()
        #expect(throws: WorkspaceError.self) {
            try fixture.train("killed", .dies).run(in: fixture.workspace)
        }
        let objects = try fixture.checkpointObjects()
        let report = try DiscardRun(name: "killed").run(in: fixture.workspace)
        #expect(report.json["discarded"] == [1, 2, 3])
        for object in objects {
            #expect(try !fixture.workspace.vault.hasKey(try ObjectID(bytes: object.id)))
            #expect(!fixture.workspace.vault.packs.exists(try #require(PackID(hex: object.pack))))
        }
        #expect(try fixture.checkpointObjects().isEmpty)
        #expect(try fixture.auditPasses())
        // Without a checkpoint a run may begin again, or its name be used again.
        #expect(try DiscardRun(name: "killed").run(in: fixture.workspace).json["discarded"] == [])
        _ = try fixture.train("killed").run(in: fixture.workspace)
        #expect(throws: WorkspaceError.self) {
            try DiscardRun(name: "killed").run(in: fixture.workspace)
        }
    }

    @Test("A finished run is repeated and its weights compared") func reproduce() throws {
        let fixture = try RunFixture()
        _ = try fixture.train("first").run(in: fixture.workspace)
        let equal = try ReproduceRun(name: "first").run(in: fixture.workspace)
        #expect(equal.verdict == .passed && equal.json["equal"] == true)
        #expect(equal.json["reproducedAs"] == "first-again")
        let requests = try fixture.workspace.catalog.read { reader in
            try ["first", "first-again"].map { try reader.run(named: $0)?.request }
        }
        #expect(requests[0] == requests[1])
        let twice = try ReproduceRun(name: "first").run(in: fixture.workspace)
        #expect(twice.json["reproducedAs"] == "first-again-2")
        _ = try fixture.train("dice", .random).run(in: fixture.workspace)
        let other = try ReproduceRun(name: "dice", newName: "more").run(in: fixture.workspace)
        #expect(other.verdict == .checksFailed && other.json["equal"] == false)
        #expect(try fixture.auditPasses())
        let missing = #expect(throws: WorkspaceError.self) {
            try ReproduceRun(name: "nothing").run(in: fixture.workspace)
        }
        #expect(missing?.code == .notFound)
    }

    @Test("A run goes on with the engine that it began with, or not at all") func changes() throws {
        let fixture = try RunFixture()
        #expect(throws: WorkspaceError.self) {
            try fixture.train("killed", .dies).run(in: fixture.workspace)
        }
        let path = fixture.home.folder + "/scripted-trainer"
        try (String(contentsOfFile: path, encoding: .utf8) + "\n# a new build\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        _ = try RegisteredEngines(fixture.workspace).add("scripted", path: path)
        let engine = #expect(throws: WorkspaceError.self) {
            try ResumeRun(name: "killed").run(in: fixture.workspace)
        }
        #expect(engine?.code == .conflict && engine?.message.contains("build") == true)
    }

    @Test("A checkpoint that was tampered with is noticed") func tampering() throws {
        let fixture = try RunFixture()
        #expect(throws: WorkspaceError.self) {
            try fixture.train("killed", .dies).run(in: fixture.workspace)
        }
        // Step 3 gets the weights of step 2: sealed for the same run, so the vault opens them.
        try fixture.home.sqlite(
            """
            UPDATE checkpoints SET object = (SELECT object FROM checkpoints AS other
                WHERE other.step = 2 AND other.name = 'weights.bin')
            WHERE step = 3 AND name = 'weights.bin'
            """)
        #expect(throws: (any Error).self) {
            try ResumeRun(name: "killed").run(in: fixture.workspace)
        }
        #expect(try fixture.state("killed") == .failed)
        // Rows that agree with each other, but not with the log.
        try fixture.home.sqlite(
            """
            UPDATE checkpoints SET sha256 = (SELECT sha256 FROM checkpoints AS other
                WHERE other.step = 2 AND other.name = 'weights.bin')
            WHERE step = 3 AND name = 'weights.bin'
            """)
        #expect(try !fixture.auditPasses())
    }

    @Test("Who may not train may not stop, resume or discard") func roles() throws {
        let fixture = try RunFixture()
        #expect(throws: WorkspaceError.self) {
            try fixture.train("killed", .dies).run(in: fixture.workspace)
        }
        try fixture.home.add("vera", by: fixture.workspace)
        let vera = try fixture.home.open(as: "vera")
        let attempts: [(OpenWorkspace) throws -> Report] = [
            { try StopRun(name: "killed").run(in: $0) },
            { try ResumeRun(name: "killed").run(in: $0) },
            { try DiscardRun(name: "killed").run(in: $0) },
        ]
        for attempt in attempts {
            let error = #expect(throws: GovernanceError.self) { try attempt(vera) }
            #expect(error?.code == .denied)
        }
        #expect(try fixture.steps("killed") == [1, 2, 3])
    }

    @Test("Requirements are told, and a run that cannot be done is refused") func plans() throws {
        let fixture = try RunFixture()
        let fits = try Requirements(fixture.train("any")).run(in: fixture.workspace)
        #expect(fits.verdict == .passed && fits.json["plan"]?["steps"] == 6)
        #expect(fits.lines.contains { $0.contains("3.0 GB") && $0.contains("2.0 GB available") })
        let tooLarge = fixture.train("large", .tooLarge)
        let refused = try Requirements(tooLarge).run(in: fixture.workspace)
        #expect(refused.verdict == .checksFailed)
        #expect(try fixture.workspace.catalog.read { try $0.runs() }.isEmpty)
        let error = #expect(throws: (any Error).self) { try tooLarge.run(in: fixture.workspace) }
        let described = WorkspaceError(describing: try #require(error))
        #expect(described.message.contains("it needs 3.0 GB"))
        #expect(try fixture.state("large") == .failed)
        #expect(try fixture.workspace.catalog.read { try $0.model(named: "large") } == nil)
    }

    @Test("What was said is kept, but no record") func events() throws {
        let fixture = try RunFixture()
        _ = try fixture.train("said").run(in: fixture.workspace)
        let said = try fixture.workspace.catalog.read { reader in
            try reader.runEvents(try #require(try reader.run(named: "said")?.id))
                .map { try EngineEvent(line: CanonicalJSON.encode($0.event)) }
        }
        let steps = said.compactMap { if case .progress(let it) = $0 { it.step } else { nil } }
        #expect(steps == [1, 2, 3, 4, 5, 6])
        #expect(said.contains { if case .plan = $0 { true } else { false } })
        #expect(said.contains { if case .finished = $0 { true } else { false } })
        #expect(!said.contains { if case .example = $0 { true } else { false } })
    }

    @Test("The task follows from the records, unless it is said") func task() throws {
        let fixture = try RunFixture()
        let usual = try fixture.train("usual").run(in: fixture.workspace)
        #expect(usual.json["summary"]?["task"] == "sequence-classification")
        var other = fixture.train("other")
        other.task = .causalLM
        let said = try other.run(in: fixture.workspace)
        #expect(said.json["summary"]?["task"] == "causal-lm")
    }
}
