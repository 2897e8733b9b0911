import Catalog
public import EngineProtocol
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

    /// Makes the request.
    public init(
        model: String, data: String, split: Split = .test, purpose: String,
        engine: String = "bundled", threads: Int = 2
    ) {
        self.model = model
        self.data = data
        self.split = split
        self.purpose = purpose
        self.engine = engine
        self.threads = threads
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
        let outcome = try session.run(
            .evaluate, access: access, dataset: dataset, purpose: purpose, runID: runID,
            records: { query, emit in try EngineRecords.send(query, from: reader, emit: emit) })
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

/// Metrics as a table for people.
public enum MetricsTable {
    /// A line for the whole, one a class, and the confusion matrix.
    public static func lines(_ metrics: ClassificationMetrics) -> [String] {
        let macro = [metrics.macroPrecision, metrics.macroRecall, metrics.macroF1].map { fixed($0) }
        var lines = [
            "  loss \(fixed(metrics.loss, 4))  accuracy \(fixed(metrics.accuracy))",
            "  macro precision \(macro[0])  recall \(macro[1])  F1 \(macro[2])",
            "  always the most frequent label: accuracy \(fixed(metrics.majorityBaseline))",
            "  \("label".filled(to: 16))precision  recall  F1     support",
        ]
        for one in metrics.classes {
            let scores = [
                fixed(one.precision).filled(to: 11), fixed(one.recall).filled(to: 8),
                fixed(one.f1).filled(to: 7), "\(one.support)",
            ]
            lines.append("  \(one.label.filled(to: 16))\(scores.joined())")
        }
        lines.append("  confusion (rows: truth, columns: predicted)")
        for (label, row) in zip(metrics.labels, metrics.confusion) {
            lines.append(
                "  \(label.filled(to: 16))\(row.map { "\($0)".padded(to: 7) }.joined())")
        }
        return lines
    }

    /// A number with a fixed count of decimals.
    public static func fixed(_ value: Double, _ decimals: Int = 3) -> String {
        guard value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let whole = Int((value.magnitude * scale).rounded())
        let fraction = "\(whole % Int(scale))"
        return (value < 0 ? "-" : "") + "\(whole / Int(scale))."
            + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

extension String {
    /// The text before enough spaces to fill `width` columns.
    func filled(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
