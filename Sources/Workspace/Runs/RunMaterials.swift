import Catalog
import EngineProtocol
import Governance
import Handoff
import Records

/// What a run works with, opened under its lease: the version's records, the base model, the engine.
struct RunMaterials {
    let workspace: OpenWorkspace
    let version: VersionRow
    let lease: Lease
    let base: ModelAccess
    let executable: EngineExecutable
    let reader: VersionReader

    /// Asks for the lease first, so that a refusal comes before anything is opened and is an event
    /// of its own.
    init(
        _ workspace: OpenWorkspace, run: String, version: VersionRow, purpose: String,
        model: String, engine: String
    ) throws {
        self.workspace = workspace
        self.version = version
        lease = try workspace.authorizer.runLease(
            version: version.id, purpose: purpose, run: run, session: workspace.session)
        do {
            try ContaminationGate.check(version, in: workspace)
            executable = try RegisteredEngines(workspace).executable(engine)
            base = try ModelAccess(workspace, name: model)
        } catch {
            try? workspace.authorizer.end(lease, session: workspace.session)
            throw error
        }
        do {
            guard base.adapterReference == nil else {
                throw WorkspaceError(
                    .usage,
                    "`\(model)` is an adapter on `\(base.base.name)`: no run starts from it",
                    hint: "train on `\(base.base.name)`, or merge the adapter into it first")
            }
            reader = try VersionReader(workspace, version: version, lease: lease)
        } catch {
            base.close()
            try? workspace.authorizer.end(lease, session: workspace.session)
            throw error
        }
    }

    /// Ends the leases.
    func close() {
        base.close()
        try? workspace.authorizer.end(lease, session: workspace.session)
    }

    /// The version's splits and digests, as a request names them.
    func dataset() throws -> RunRequest.DatasetReference {
        let manifest = try VersionManifest(json: JSONParser.parse(version.manifest))
        let label = try workspace.label(version.id)
        guard manifest.splits["train"] ?? 0 > 0 else {
            throw WorkspaceError(
                .usage, "\(label) has no train split",
                hint: "`tundish clean` or `tundish split` freezes one before redaction")
        }
        var splits: [Split: Int] = [:]
        for (name, count) in manifest.splits {
            if let split = Split(rawValue: name) { splits[split] = count }
        }
        return RunRequest.DatasetReference(
            name: label, version: manifest.versionID, policyDigest: manifest.policyDigest,
            splits: splits)
    }

    /// What the version's records are for: by the kind of the first one.
    func task() throws -> EngineTask {
        switch try reader.firstRecord()?.kind {
        case .labelled?: .sequenceClassification
        case .preference?: .preference
        case .text?, .chat?, .instruction?, nil: .causalLM
        }
    }

    /// Records and model files, for an engine; checkpoints are the caller's.
    func engineData() -> EngineData {
        EngineData(
            records: { query, emit in
                try EngineRecords.send(query, from: reader, emit: emit)
            },
            readModelFile: { origin, name, emit in
                try base.stream(origin, name, into: emit)
            },
            stillAllowed: { workspace.isLive(lease: lease.id) })
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
    /// Whether a run's lease is live.
    func isLive(lease id: String) -> Bool {
        guard let lease = try? catalog.read({ try $0.lease(id) }) else { return false }
        return lease.revoked == nil && lease.expires > .now
    }

    /// Whether somebody asked a run to stop.
    func isAskedToStop(_ run: String) -> Bool {
        (try? catalog.read { try $0.run(run) })?.state == .stopping
    }

    /// A run by its name or id.
    func run(_ name: String) throws -> RunRow {
        guard let row = try catalog.read({ try $0.run(named: name) ?? $0.run(name) }) else {
            throw WorkspaceError(
                .notFound, "there is no run `\(name)`", hint: "`tundish run list` names them")
        }
        return row
    }
}
