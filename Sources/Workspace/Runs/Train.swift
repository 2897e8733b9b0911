import Catalog
import Cryptography
public import EngineProtocol
import Governance
import Handoff
import Records
import Vault

/// An audited fine-tune of an exact released version: `tundish train`.
public struct Train: Sendable {
    /// The name of the run and of the model that comes of it.
    public var name: String
    /// The version to learn from, such as `reviews@3`.
    public var data: String
    /// The base model.
    public var model: String
    /// How to tune.
    public var method: TuningMethod
    /// `key=value` pairs that change the method's defaults.
    public var settings: [(String, String)]
    /// The purpose that the version was released for.
    public var purpose: String
    /// A registered engine.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int
    /// Whether the engine also gives batch order, initial weights and predictions, for parity.
    public var exportsBatchOrder: Bool
    /// Called with each event of the engine, while it runs.
    public var onEvent: @Sendable (EngineEvent) -> Void

    /// Makes the request.
    public init(
        name: String, data: String, model: String, method: TuningMethod,
        settings: [(String, String)] = [], purpose: String, engine: String = "bundled",
        threads: Int = 2, exportsBatchOrder: Bool = false,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) {
        self.name = name
        self.data = data
        self.model = model
        self.method = method
        self.settings = settings
        self.purpose = purpose
        self.engine = engine
        self.threads = threads
        self.exportsBatchOrder = exportsBatchOrder
        self.onEvent = onEvent
    }

    /// Freezes the request, drives the engine, seals the model, and signs what happened.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let version = try workspace.version(data)
        try Names.check(name, of: "run")
        // A run that came to nothing does not keep its name.
        let before = try workspace.catalog.read { try $0.run(named: name) }
        guard before.map({ $0.state == .failed || $0.state == .stopped }) ?? true,
            try workspace.catalog.read({ try $0.model(named: name) }) == nil
        else {
            throw WorkspaceError(
                .conflict, "there is a run or model called `\(name)` already",
                hint: "choose another name")
        }
        let runID = "r-" + Hex.encode(SecureRandom.bytes(4))
        // Before anything is opened: a refusal must come first and is an event of its own.
        let lease = try workspace.authorizer.runLease(
            version: version.id, purpose: purpose, run: runID, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        try ContaminationGate.check(version, in: workspace)
        let executable = try RegisteredEngines(workspace).executable(engine)
        let base = try ModelAccess(workspace, name: model)
        defer { base.close() }
        let request = try freeze(version, base: base, executable: executable, in: workspace)
        var run = RunRow(
            id: runID, name: name, state: .running, request: request.canonicalBytes(),
            actor: workspace.session.actor.principal, version: version.id, purpose: purpose,
            lease: lease.id, created: .now, started: .now, finished: nil, metrics: nil,
            statementDigest: nil)
        try workspace.catalog.commit(
            EventDraft(
                "run.start", object: "run:\(runID)",
                facts: [
                    "request": .string(Hex.encode(request.digest)),
                    "version": .string(Hex.encode(version.id)), "purpose": .string(purpose),
                    "engine": .string(executable.sha256),
                ], detail: ["name": .string(name)]), signer: workspace.session.signer
        ) { try $0.add(run) }
        let modelID = SecureRandom.bytes(16)
        let store = try ArtifactStore(vault: workspace.vault, model: modelID)
        let presence = try RunPresence(runID, in: workspace)
        defer { presence.end() }
        do {
            let outcome = try drive(
                request, runID: runID, executable: executable, base: base, lease: lease,
                version: version, store: store, in: workspace)
            return try RunCompletion(
                workspace: workspace, version: version, base: base, request: request,
                store: store, modelID: modelID, name: name
            ).commit(&run, outcome: outcome)
        } catch {
            try store.discard()
            run.state = .failed
            run.finished = .now
            let failed = run
            try workspace.catalog.commit(
                EventDraft("run.fail", object: "run:\(runID)", outcome: .failed),
                signer: workspace.session.signer
            ) { try $0.update(failed) }
            if let error = error as? HandoffError, error.code == .cancelled {
                throw WorkspaceError(
                    .denied, "the run was stopped: what allowed it was revoked or ran out",
                    hint: "`tundish access explain` shows what holds now")
            }
            throw error
        }
    }

    private func freeze(
        _ version: VersionRow, base: ModelAccess, executable: EngineExecutable,
        in workspace: OpenWorkspace
    ) throws -> RunRequest {
        var parameters = HyperParameters()
        for (key, value) in settings { try parameters.set(key, value) }
        let manifest = try VersionManifest(json: JSONParser.parse(version.manifest))
        guard manifest.splits["train"] ?? 0 > 0 else {
            throw WorkspaceError(
                .usage, "\(data) has no train split",
                hint: "`tundish clean` or `tundish split` freezes one before redaction")
        }
        var splits: [Split: Int] = [:]
        for (name, count) in manifest.splits {
            if let split = Split(rawValue: name) { splits[split] = count }
        }
        return RunRequest(
            verb: .train, method: method, hyperParameters: parameters,
            dataset: RunRequest.DatasetReference(
                name: try workspace.label(version.id), version: manifest.versionID,
                policyDigest: manifest.policyDigest, splits: splits),
            baseModel: base.baseReference, engine: executable,
            purpose: purpose, threads: threads,
            outputs: exportsBatchOrder ? [.batchOrder, .initialWeights, .predictions] : [])
    }

    private func drive(
        _ request: RunRequest, runID: String, executable: EngineExecutable, base: ModelAccess,
        lease: Lease, version: VersionRow, store: ArtifactStore, in workspace: OpenWorkspace
    ) throws -> RunOutcome {
        let reader = try VersionReader(workspace, version: version, lease: lease)
        let data = EngineData(
            records: { query, emit in
                try EngineRecords.send(query, from: reader, emit: emit)
            },
            readModelFile: { origin, name, emit in
                let bytes = try base.file(origin, name)
                for start in stride(from: 0, to: max(bytes.count, 1), by: 1 << 20) {
                    try emit(Array(bytes[start..<min(start + 1 << 20, bytes.count)]))
                }
            },
            artifactSink: { try store.sink(name: $0, size: $1, sha256: $2) },
            stillAllowed: { workspace.isLive(lease: lease.id, run: runID) })
        let runner = EngineRunner(
            engine: executable, runFolder: try workspace.runFolder(runID))
        return try runner.run(request, runID: runID, data: data, onEvent: onEvent)
    }
}

/// Gives an engine the records of one split.
enum EngineRecords {
    /// Emits every record of the split whose index falls to the rank.
    static func send(
        _ query: RecordQuery, from reader: VersionReader,
        emit: ([UInt8], [UInt8]) throws -> Void
    ) throws {
        var index = 0
        try reader.segments { records in
            for record in records where record.split == query.split {
                if index % query.world == query.rank {
                    try emit(record.rid.bytes, record.canonicalBytes())
                }
                index += 1
            }
        }
    }
}

extension OpenWorkspace {
    /// Whether a run's lease is live and nobody asked the run to stop.
    func isLive(lease id: String, run: String) -> Bool {
        let state = try? catalog.read { reader in
            (lease: try reader.lease(id), run: try reader.run(run))
        }
        guard let lease = state?.lease, lease.revoked == nil, lease.expires > .now else {
            return false
        }
        return state?.run?.state == .running
    }
}
