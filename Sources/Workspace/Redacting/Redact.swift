import Catalog
import Cryptography
import Governance
import Records
import Redaction
import Vault

/// Makes a redacted version under a policy: `tundish redact`.
///
/// Fails closed: a record that could not be processed goes to quarantine, never on as clean.
public struct Redact: Sendable {
    /// The version to redact.
    public var version: String
    /// The policy's name or path.
    public var policy: String
    /// How many records to work on at once.
    public var threads: Int
    /// Whether to count only and change nothing.
    public var isDryRun: Bool
    /// Called now and then with the records done and their total.
    public var onProgress: (@Sendable (Int, Int) -> Void)?

    /// Makes the request.
    public init(
        version: String, policy: String, threads: Int = 2, isDryRun: Bool = false,
        onProgress: (@Sendable (Int, Int) -> Void)? = nil
    ) {
        self.version = version
        self.policy = policy
        self.threads = threads
        self.isDryRun = isDryRun
        self.onProgress = onProgress
    }

    /// Redacts and commits.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let parent = try workspace.version(version)
        guard parent.stage == .raw else {
            throw WorkspaceError(
                .usage, "\(version) is \(parent.stage.rawValue) already",
                hint: "name a raw version: `tundish dataset versions` lists them")
        }
        let policy = try PolicyFiles.load(self.policy, home: workspace.folder)
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .redact, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(parent.dataset) }) else {
            throw WorkspaceError(.integrity, "version \(version) belongs to no dataset")
        }
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        let secrets = try RedactionSecrets(policy: policy, dataset: dataset, reader: reader)
        let reviewed = try ReviewLists(dataset: dataset, reader: reader)
        let redactor = try Redactor(
            policy: policy, keys: secrets.keys, reviewed: reviewed.values)
        let labels = try LabelGuard(policy: policy)
        let names = SubjectNames(redactor: redactor, threads: max(1, threads))
        if policy.documentPass == .subject { try names.collect(from: reader) }
        let work = RedactionWork(
            writer: try VersionWriter(
                workspace: workspace, dataset: dataset, stage: .redacted, isDryRun: isDryRun),
            quarantine: try QuarantineWriter(workspace: workspace, dataset: dataset),
            redactor: redactor, names: names, parent: parent, threads: max(1, threads))
        try reader.segments { records in
            try labels.check(records)
            try work.take(records)
            onProgress?(work.done, parent.count)
        }
        try work.flush()
        try secrets.seal(into: work.writer)
        return try commit(
            work, policy: policy, reviewed: reviewed, reader: reader, parent: parent,
            in: workspace)
    }

    private func commit(
        _ work: RedactionWork, policy: Policy, reviewed: ReviewLists, reader: VersionReader,
        parent: VersionRow, in workspace: OpenWorkspace
    ) throws -> Report {
        if work.quarantine.count == 0 {
            try work.writer.inheritOrigins(of: parent)
        } else {
            try reader.origins { origin in
                guard !work.heldBack.contains(origin.rid) else { return }
                try work.writer.appendOrigin(of: origin.rid, canonical: origin.canonicalBytes())
            }
        }
        let counts: JSONValue = [
            "examined": .integer(parent.count), "redacted": .integer(work.writer.count),
            "quarantined": .integer(work.quarantine.count), "findings": work.counts.json,
        ]
        let outcome = try work.writer.commit(
            VersionWriter.Description(
                parents: [parent],
                recipe: recipe(policy, reviewed),
                policyDigest: policy.digest, detectorDigests: work.redactor.detectorDigests,
                counts: counts),
            event: EventDraft(
                "dataset.redact", object: "version",
                facts: [
                    "policy": .string(Hex.encode(policy.digest)),
                    "quarantined": .integer(work.quarantine.count),
                    "findings": .integer(work.counts.total),
                ]),
            quarantine: work.quarantine)
        // Who may read this stage gets its key, sealed to them, now that there is one.
        try workspace.authorizer.reconcileStageKeys()
        return report(outcome, work: work, policy: policy)
    }

    /// What made the version; a policy's demands on a release travel with it.
    private func recipe(_ policy: Policy, _ reviewed: ReviewLists) -> JSONValue {
        var recipe: [String: JSONValue] = [
            "operation": "redact", "policy": .string(policy.name),
        ]
        if reviewed.count > 0 { recipe["reviewDecisions"] = .string(reviewed.digest) }
        if let rule = policy.releaseRule { recipe["release"] = rule.json }
        return .object(recipe)
    }

    private func report(
        _ outcome: VersionWriter.Outcome, work: RedactionWork, policy: Policy
    ) -> Report {
        let types = work.counts.byType.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var lines = [
            "\(outcome.label): \(outcome.manifest.count) records redacted under \(policy.name)"
                + (work.quarantine.count > 0
                    ? ", \(work.quarantine.count) held back in quarantine" : ""),
            "\(work.counts.total) findings:",
        ]
        for (type, count) in types {
            lines.append("  \(count)".padded(to: 10) + "  \(type.rawValue)")
        }
        // A dry run made no version that a next command could name.
        let isUnwritten = isDryRun && outcome.isNew
        if isUnwritten { lines.append("nothing was changed") }
        return Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "policy": .string(policy.name),
                "policyDigest": .string(Hex.encode(policy.digest)),
                "findings": work.counts.json, "records": .integer(outcome.manifest.count),
                "quarantined": .integer(work.quarantine.count),
            ],
            lines: lines,
            next: isUnwritten
                ? []
                : [
                    "tundish review next \(outcome.label)",
                    "tundish release \(outcome.label) --purpose PURPOSE",
                ])
    }
}
