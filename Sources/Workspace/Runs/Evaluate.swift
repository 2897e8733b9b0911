import Catalog
import EngineProtocol
import Governance
import Handoff
public import Records

/// Judges a model on a split of a version: `tundish evaluate`. The only way to read a test split.
public struct Evaluate: Sendable {
    /// The model.
    public var model: String
    /// The version.
    public var data: String
    /// The split.
    public var split: Split
    /// The purpose that the version was released for.
    public var purpose: String
    /// A registered engine.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int
    /// `key=value` pairs, such as `bootstrap_samples=1000` for intervals.
    public var settings: [(String, String)]

    /// Makes the request.
    public init(
        model: String, data: String, split: Split = .test, purpose: String,
        engine: String = "bundled", threads: Int = 2, settings: [(String, String)] = []
    ) {
        self.model = model
        self.data = data
        self.split = split
        self.purpose = purpose
        self.engine = engine
        self.threads = threads
        self.settings = settings
    }

    /// Runs the engine and records the metrics as an event.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let version = try workspace.version(data)
        let session = EngineSession(workspace: workspace, engine: engine, threads: threads)
        let runID = session.newRunID()
        let lease = try lease(on: version, run: runID, in: workspace)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let access = try ModelAccess(workspace, name: model)
        defer { access.close() }
        let manifest = try VersionManifest(json: JSONParser.parse(version.manifest))
        guard let count = manifest.splits[split.rawValue], count > 0 else {
            throw WorkspaceError(.usage, "\(data) has no \(split.rawValue) split")
        }
        let dataset = RunRequest.DatasetReference(
            name: try workspace.label(version.id), version: manifest.versionID,
            policyDigest: manifest.policyDigest, splits: [split: count])
        let reader = try VersionReader(workspace, version: version, lease: lease)
        var engineData = session.data(access)
        engineData.records = { query, emit in
            try EngineRecords.send(query, from: reader, emit: emit)
        }
        engineData.stillAllowed = { access.isLive && workspace.isLive(lease: lease.id) }
        let outcome = try session.run(
            try session.request(
                .evaluate, access: access, dataset: dataset, purpose: purpose,
                settings: settings), runID: runID, data: engineData)
        guard let evaluation = outcome.evaluations.last else {
            throw WorkspaceError(.failed, "the engine gave no evaluation")
        }
        try workspace.catalog.record(
            EventDraft(
                "model.evaluate", object: "model:\(Hex.encode(access.row.id))",
                facts: [
                    "version": .string(manifest.versionID), "split": .string(split.rawValue),
                    "metrics": evaluation.metrics.json,
                ]), signer: workspace.session.signer)
        return Report(
            json: [
                "model": .string(model), "data": .string(dataset.name),
                "split": .string(split.rawValue), "metrics": evaluation.metrics.json,
            ],
            lines: ["\(model) on \(split.rawValue) of \(dataset.name):"]
                + MetricsTable.lines(evaluation.metrics))
    }
}

extension Evaluate {
    /// Who may train on the version may judge on it; so may who may use the model and read the
    /// version anyway.
    private func lease(
        on version: VersionRow, run: String, in workspace: OpenWorkspace
    ) throws -> Lease {
        let mayTrain = try workspace.authorizer.decide(
            .train, principal: workspace.session.principal, on: .version(version.id),
            purpose: purpose)
        return mayTrain.isAllowed
            ? try workspace.authorizer.runLease(
                version: version.id, purpose: purpose, run: run, session: workspace.session)
            : try workspace.authorizer.readLease(
                version: version.id, purpose: purpose, session: workspace.session)
    }
}
