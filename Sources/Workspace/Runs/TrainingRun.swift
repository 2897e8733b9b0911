import Catalog
import Cryptography
import EngineProtocol
import Governance
import Handoff
import Records

/// One run of an engine over a frozen request, from its first event to its last: what `train`,
/// `run resume` and `run reproduce` share.
struct TrainingRun {
    let materials: RunMaterials
    let request: RunRequest
    let onEvent: @Sendable (EngineEvent) -> Void
    /// Asked about once a second: whether the process that drives the run was told to end.
    let isInterrupted: @Sendable () -> Bool

    private var workspace: OpenWorkspace { materials.workspace }

    /// Starts a new run.
    ///
    /// - Parameter facts: more that its first event says.
    func start(
        id: String, name: String, facts: [String: JSONValue] = [:]
    ) throws -> Report {
        let row = RunRow(
            id: id, name: name, state: .running, request: request.canonicalBytes(),
            actor: workspace.session.principal, version: materials.version.id,
            purpose: request.purpose, lease: materials.lease.id, created: .now, started: .now,
            finished: nil, metrics: nil, statementDigest: nil)
        let known: [String: JSONValue] = [
            "request": .string(Hex.encode(request.digest)),
            "version": .string(Hex.encode(materials.version.id)),
            "purpose": .string(request.purpose), "engine": .string(request.engineSHA256),
        ]
        let presence = try RunPresence(id, in: workspace)
        defer { presence.end() }
        try workspace.catalog.commit(
            EventDraft(
                "run.start", object: "run:\(id)",
                facts: .object(known.merging(facts) { known, _ in known }),
                detail: ["name": .string(name)]), signer: workspace.session.signer
        ) { try $0.add(row) }
        return try drive(row, from: nil)
    }

    /// Goes on with a run that was stopped or came to nothing, from its newest checkpoint.
    func resume(_ stopped: RunRow) throws -> Report {
        let presence = try RunPresence(stopped.id, in: workspace)
        defer { presence.end() }
        let (row, checkpoint) = try workspace.catalog.commit(
            EventDraft("run.resume", object: "run:\(stopped.id)"),
            signer: workspace.session.signer
        ) { change in
            guard var row = try change.run(stopped.id), row.state.isResumable else {
                throw WorkspaceError(.conflict, "the run `\(stopped.name)` is not stopped any more")
            }
            let checkpoint = try StoredCheckpoint.all(of: row.id, change).last
            row.state = .running
            row.lease = materials.lease.id
            row.finished = nil
            try change.update(row)
            change.event.facts = ["step": .integer(checkpoint?.step ?? 0)]
            return (row, checkpoint)
        }.value
        return try drive(row, from: checkpoint)
    }

    private func drive(_ row: RunRow, from checkpoint: StoredCheckpoint?) throws -> Report {
        var row = row
        // The scope that seals the checkpoints is the model's that will come of them.
        let model = try checkpoint?.scope(in: workspace) ?? SecureRandom.bytes(16)
        let store = try ArtifactStore(vault: workspace.vault, model: model)
        let checkpoints = try CheckpointStore(
            workspace, run: row.id, model: model,
            limit: request.hyperParameters["save_total_limit"]?.intValue)
        let events = RunEvents(row.id, in: workspace)
        if let checkpoint {
            events.note(
                .warning(code: "resumed", message: "goes on from step \(checkpoint.step)"))
        }
        do {
            let outcome = try run(
                row.id, from: checkpoint, store: store, checkpoints: checkpoints, events: events)
            events.flush()
            checkpoints.discardPending()
            return try RunCompletion(
                workspace: workspace, version: materials.version, base: materials.base,
                request: request, store: store, modelID: model, name: row.name
            ).commit(&row, outcome: outcome)
        } catch {
            events.flush()
            checkpoints.discardPending()
            // What is not destroyed now is an orphan, which `doctor` sweeps.
            try? store.discard()
            throw try end(row, by: error)
        }
    }

    private func run(
        _ id: String, from checkpoint: StoredCheckpoint?, store: ArtifactStore,
        checkpoints: CheckpointStore, events: RunEvents
    ) throws -> RunOutcome {
        var data = materials.engineData()
        let readModelFile = data.readModelFile
        let reader = materials.reader
        data.readModelFile = { origin, name, emit in
            guard origin == .checkpoint, let checkpoint else {
                return try readModelFile(origin, name, emit)
            }
            try checkpoint.read(name, reader: reader, into: emit)
        }
        data.artifactSink = { try store.sink(name: $0, size: $1, sha256: $2) }
        data.checkpointSink = { try checkpoints.sink($0, size: $1, sha256: $2) }
        data.keepCheckpoint = { try checkpoints.keep($0) }
        data.shouldStop = { [workspace, isInterrupted] in
            isInterrupted() || workspace.isAskedToStop(id)
        }
        let isLimitSet = request.hyperParameters["save_total_limit"] != nil
        return try EngineRunner(
            engine: materials.executable, runFolder: try workspace.runFolder(id)
        ).run(request, runID: id, checkpoint: checkpoint?.reference, data: data) { event in
            if case .started(let started) = event, !isLimitSet,
                let limit = started.configuration["save_total_limit"]?.intValue
            {
                checkpoints.use(limit: limit)
            }
            events.note(event)
            onEvent(event)
        }
    }

    /// Records how a run ended that brought no model.
    ///
    /// - Returns: what to say of it.
    private func end(_ run: RunRow, by error: any Error) throws -> any Error {
        let code = (error as? HandoffError)?.code
        var row = run
        row.state = code == .stopped ? .stopped : .failed
        row.finished = .now
        let ended = row
        let last = try workspace.catalog.read { try StoredCheckpoint.all(of: run.id, $0).last }
        try workspace.catalog.commit(
            EventDraft(
                code == .stopped ? "run.stopped" : "run.fail", object: "run:\(run.id)",
                outcome: code == .stopped ? .done : .failed,
                facts: ["step": last.map { .integer($0.step) } ?? .null]),
            signer: workspace.session.signer
        ) { try $0.update(ended) }
        let goesOn = last.map {
            "`tundish run resume \(run.name)` goes on from step \($0.step)"
        }
        switch code {
        case .stopped:
            return WorkspaceError(
                .interrupted, "the run `\(run.name)` was stopped",
                hint: goesOn
                    ?? "it has no checkpoint: `tundish run resume \(run.name)` begins again")
        case .cancelled:
            return WorkspaceError(
                .denied, "the run was stopped: what allowed it was revoked or ran out",
                hint: "`tundish access explain` shows what holds now")
        default:
            guard let goesOn else { return error }
            var failure = WorkspaceError(describing: error)
            failure = WorkspaceError(
                failure.code, failure.message,
                hint: [failure.hint, goesOn].compactMap { $0 }.joined(separator: "; "),
                reasons: failure.reasons)
            return failure
        }
    }
}

extension RunState {
    /// Whether a run can go on: nobody drives it, and it brought no model.
    var isResumable: Bool { self == .failed || self == .stopped }
}

extension StoredCheckpoint {
    /// The scope that its files are sealed for.
    func scope(in workspace: OpenWorkspace) throws -> [UInt8]? {
        guard let file = files.first else { return nil }
        return try workspace.catalog.read { try $0.object(file.object)?.scope }
    }

    /// Opens one file for the engine, and holds it to the digest that was kept.
    func read(_ name: String, reader: VersionReader, into sink: ([UInt8]) throws -> Void) throws {
        guard let file = files.first(where: { $0.name == name }) else {
            throw WorkspaceError(.notFound, "checkpoint \(step) has no file \(name)")
        }
        var hasher = SHA256.Hasher()
        try reader.checkpoint(step: step, file: name) { piece in
            hasher.update(piece)
            try sink(piece)
        }
        guard hasher.finalize() == file.sha256 else {
            throw WorkspaceError(
                .integrity, "file \(name) of checkpoint \(step) is not what the engine put",
                hint: "`tundish audit verify` names what was changed")
        }
    }
}
