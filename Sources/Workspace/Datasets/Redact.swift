import Catalog
import Cryptography
import Dispatch
import Governance
import Records
import Redaction
import Synchronization
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
        let scope = try ScopeID(bytes: parent.dataset)
        let redactor = try Redactor(
            policy: policy,
            keys: RedactionKeys(
                pseudonymKey: policy.needsKey
                    ? workspace.vault.namedKey("pseudonym", scope: scope) : nil))
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .redact, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(parent.dataset) }) else {
            throw WorkspaceError(.integrity, "version \(version) belongs to no dataset")
        }
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        let labels = try LabelGuard(policy: policy)
        let work = Work(
            writer: try VersionWriter(
                workspace: workspace, dataset: dataset, stage: .redacted, isDryRun: isDryRun),
            quarantine: try QuarantineWriter(workspace: workspace, dataset: dataset),
            redactor: redactor, parent: parent, threads: max(1, threads))
        try reader.segments { records in
            try labels.check(records)
            try work.take(records)
            onProgress?(work.done, parent.count)
        }
        try work.flush()
        return try commit(work, policy: policy, reader: reader, parent: parent, in: workspace)
    }

    private func commit(
        _ work: Work, policy: Policy, reader: VersionReader, parent: VersionRow,
        in workspace: OpenWorkspace
    ) throws -> Report {
        if work.quarantine.count == 0 {
            try work.writer.inheritOrigins(of: parent)
        } else {
            try reader.origins { origin in
                guard !work.heldBack.contains(origin.rid) else { return }
                try work.writer.appendOrigin(of: origin.rid, canonical: origin.canonicalBytes())
            }
        }
        try work.quarantine.finish()
        let counts: JSONValue = [
            "examined": .integer(parent.count), "redacted": .integer(work.writer.count),
            "quarantined": .integer(work.quarantine.count), "findings": work.counts.json,
        ]
        let outcome = try work.writer.commit(
            VersionWriter.Description(
                parents: [parent],
                recipe: ["operation": "redact", "policy": .string(policy.name)],
                policyDigest: policy.digest, detectorDigests: work.redactor.detectorDigests,
                counts: counts),
            event: EventDraft(
                "dataset.redact", object: "version",
                facts: [
                    "policy": .string(Hex.encode(policy.digest)),
                    "quarantined": .integer(work.quarantine.count),
                    "findings": .integer(work.counts.total),
                ])
        ) { change, _ in try work.quarantine.commit(change) }
        // Who may read this stage gets its key, sealed to them, now that there is one.
        try workspace.authorizer.reconcileStageKeys()
        return report(outcome, work: work, policy: policy)
    }

    private func report(
        _ outcome: VersionWriter.Outcome, work: Work, policy: Policy
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
        return Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "policy": .string(policy.name),
                "policyDigest": .string(Hex.encode(policy.digest)),
                "findings": work.counts.json, "records": .integer(outcome.manifest.count),
                "quarantined": .integer(work.quarantine.count),
            ],
            lines: lines,
            next: [
                "tundish dataset show \(outcome.label)",
                "tundish release \(outcome.label) --purpose PURPOSE",
            ])
    }
}

/// Class labels are kept as they are, so they must be labels: few, and no identifiers.
private final class LabelGuard {
    private static let most = 1_000
    private let scanner: Redactor
    private var labels: Set<String> = []

    init(policy: Policy) throws {
        scanner = try Redactor(
            policy: policy, detectors: [Scanners()],
            keys: RedactionKeys(pseudonymKey: policy.needsKey ? .random() : nil))
    }

    func check(_ records: [Record]) throws {
        for record in records where record.kind == .labelled {
            guard let label = record.text("label"), labels.insert(label).inserted else { continue }
            guard labels.count <= Self.most, try scanner.scan(Array(label.utf8)).isEmpty else {
                throw WorkspaceError(
                    .failed,
                    labels.count > Self.most
                        ? "the label column has more than \(Self.most) different values: it is data"
                        : "the label column holds personal data, and labels are kept as they are",
                    hint: "ingest again with --map label=COLUMN naming the column of the classes")
            }
        }
    }
}

/// Redacts batches on several threads and writes them in order.
private final class Work {
    let writer: VersionWriter
    let quarantine: QuarantineWriter
    let redactor: Redactor
    private(set) var counts = FindingCounts()
    private(set) var done = 0
    private(set) var heldBack: Set<RecordID> = []

    private let parent: VersionRow
    private let threads: Int
    private var batch: [Record] = []
    private var findings: [UInt8] = []

    init(
        writer: VersionWriter, quarantine: QuarantineWriter, redactor: Redactor,
        parent: VersionRow, threads: Int
    ) {
        self.writer = writer
        self.quarantine = quarantine
        self.redactor = redactor
        self.parent = parent
        self.threads = threads
    }

    func take(_ records: [Record]) throws {
        batch.append(contentsOf: records)
        if batch.count >= 256 * threads { try flush() }
    }

    func flush() throws {
        let batch = self.batch
        let redactor = self.redactor
        let results = Mutex([Int: [Result<RedactedRecord, RedactionError>]]())
        let share = (batch.count + threads - 1) / threads
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let range = min(thread * share, batch.count)..<min((thread + 1) * share, batch.count)
            let part = batch[range].map { record in
                Result { () throws(RedactionError) in try redactor.redact(record) }
            }
            results.withLock { $0[thread] = part }
        }
        let parts = results.withLock { $0 }
        for (record, result) in zip(batch, (0..<threads).flatMap { parts[$0] ?? [] }) {
            try settle(record, result)
        }
        done += batch.count
        self.batch.removeAll(keepingCapacity: true)
        if findings.count > 1 << 20 { try sealFindings() }
        if self.batch.isEmpty, done == parent.count { try sealFindings() }
    }

    private func settle(
        _ record: Record, _ result: Result<RedactedRecord, RedactionError>
    ) throws {
        switch result {
        case .success(let redacted):
            counts.merge(redacted.counts)
            try writer.append(redacted.record)
            if !redacted.findings.isEmpty { note(redacted, rid: record.rid) }
        case .failure:
            heldBack.insert(record.rid)
            try quarantine.add(
                reason: "redaction-failed", fileDigest: parent.id, offset: 0,
                raw: record.canonicalBytes(), length: 0)
        }
    }

    /// Where personal data stood: sealed with the raw key, since it points into raw text.
    private func note(_ redacted: RedactedRecord, rid: RecordID) {
        let fields = redacted.findings.mapValues { findings in
            JSONValue.array(
                findings.map {
                    [
                        "start": .integer($0.range.lowerBound),
                        "end": .integer($0.range.upperBound), "type": .string($0.type.rawValue),
                        "score": .double(Double($0.score)), "detector": .string($0.detector),
                        "validation": .string($0.validation.rawValue),
                    ]
                })
        }
        CanonicalJSON.append(["rid": .string(rid.hex), "fields": .object(fields)], to: &findings)
        findings.append(0x0A)
    }

    private func sealFindings() throws {
        guard !findings.isEmpty else { return }
        try writer.attach(findings, role: "findings", kind: .findings, stage: .raw)
        findings.removeAll(keepingCapacity: true)
    }
}

extension String {
    /// The text after enough spaces to fill `width` columns.
    func padded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
