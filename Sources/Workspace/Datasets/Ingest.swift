import Catalog
import Cryptography
import Governance
public import Ingestion
import Records
import Redaction
import Vault

/// Reads files into a new raw version of a dataset: `tundish ingest`.
///
/// Rows that fail go to quarantine with a reason, in the same transaction as the version. On every
/// run *read = accepted + quarantined + dropped* is checked.
public struct Ingest: Sendable {
    /// The dataset; made when it does not exist.
    public var dataset: String
    /// Files, folders, globs, or `-`.
    public var paths: [String]
    /// How to read them.
    public var options: IngestOptions
    /// What the data may be used for; for a new dataset.
    public var purposes: [String]
    /// On what legal basis; for a new dataset.
    public var legalBasis: String?
    /// Whether quarantined rows make the command end with exit code 3.
    public var isStrict: Bool
    /// Whether to count only and change nothing.
    public var isDryRun: Bool
    /// Called now and then with the number of rows read.
    public var onProgress: (@Sendable (UInt64) -> Void)?

    /// Makes the request.
    public init(
        dataset: String, paths: [String], options: IngestOptions, purposes: [String] = [],
        legalBasis: String? = nil, isStrict: Bool = false, isDryRun: Bool = false,
        onProgress: (@Sendable (UInt64) -> Void)? = nil
    ) {
        self.dataset = dataset
        self.paths = paths
        self.options = options
        self.purposes = purposes
        self.legalBasis = legalBasis
        self.isStrict = isStrict
        self.isDryRun = isDryRun
        self.onProgress = onProgress
    }

    /// Reads, sorts, seals and commits.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try openDataset(in: workspace)
        let files = try InputFiles.expand(paths)
        let intake = try Intake(workspace: workspace, dataset: row)
        let ingestor = Ingestor(options: options)
        let reports = try ingestor.read(files) { facts, batch in
            try Self.checkColumns(facts.columns ?? [])
            try intake.take(batch, from: facts, rereading: ingestor)
            onProgress?(intake.rowCount)
        }
        var count = IngestCount()
        for report in reports { count.merge(report.count) }
        return try finish(
            intake, count: count, reports: reports, row: row, ingestor: ingestor, in: workspace)
    }

    private func finish(
        _ intake: Intake, count: IngestCount, reports: [FileReport], row: DatasetRow,
        ingestor: Ingestor,
        in workspace: OpenWorkspace
    ) throws -> Report {
        var count = count
        let writer = try VersionWriter(
            workspace: workspace, dataset: row, stage: .raw, isDryRun: isDryRun)
        try intake.drain(into: writer, count: &count, ingestor: ingestor)
        try count.check()
        try intake.quarantine.finish()
        guard count.accepted > 0 else {
            throw WorkspaceError(
                .failed, "no row of the input could be accepted: \(count.text)",
                hint: "check --map and --format against the first lines of the file")
        }
        let recipe: JSONValue = [
            "operation": "ingest", "mapping": options.mapping?.json ?? .null,
            "files": .array(
                reports.map { .string(Hex.encode($0.facts.digest)) }),
        ]
        if !isDryRun { try create(row, in: workspace) }
        let outcome = try writer.commit(
            VersionWriter.Description(parents: [], recipe: recipe, counts: count.json),
            event: EventDraft(
                "dataset.ingest", object: "dataset", facts: ["counts": count.json],
                detail: ["files": .array(reports.map { .string($0.facts.file.relativePath) })])
        ) { change, version in
            try intake.quarantine.commit(change)
            for report in reports {
                try change.addIngestedFile(
                    digest: report.facts.digest, dataset: row.id, version: version)
            }
        }
        return report(outcome, count: count, reports: reports)
    }

    /// The names of columns stand in manifests, which cannot be erased: they must be no data.
    private static func checkColumns(_ columns: [String]) throws {
        guard columns.contains(where: IdentifierNames.isPersonal) else { return }
        throw WorkspaceError(
            .usage, "the first row looks like data, not like the names of columns",
            hint: "say so with --no-header; the columns are then called column1, column2, …")
    }

    private func openDataset(in workspace: OpenWorkspace) throws -> DatasetRow {
        if let row = try workspace.catalog.read({ try $0.dataset(named: dataset) }) {
            try workspace.authorizer.require(
                .ingest, on: .dataset(row.id), session: workspace.session)
            guard purposes.isEmpty || purposes == row.purposes,
                legalBasis == nil || legalBasis == row.legalBasis
            else {
                throw WorkspaceError(
                    .usage, "dataset `\(dataset)` has other purposes or another legal basis",
                    hint: "leave --purpose and --legal-basis out: they are given once, to a new "
                        + "dataset")
            }
            return row
        }
        try workspace.authorizer.require(.ingest, on: .workspace, session: workspace.session)
        let allowed = dataset.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x2D || $0 == 0x5F
        }
        guard allowed, !dataset.isEmpty, dataset.utf8.count <= 64 else {
            throw WorkspaceError(
                .usage, "a dataset's name has up to 64 of a–z, 0–9, - and _",
                hint: "for example `reviews` or `support-chats`")
        }
        let row = DatasetRow(
            id: ScopeID.random().bytes, name: dataset, purposes: purposes,
            legalBasis: legalBasis ?? "", owner: workspace.session.actor.principal, created: .now,
            legalHold: false)
        return row
    }

    /// Makes the dataset known once its input was read: a failed first try leaves none behind.
    private func create(_ row: DatasetRow, in workspace: OpenWorkspace) throws {
        guard try workspace.catalog.read({ try $0.dataset(row.id) }) == nil else { return }
        try workspace.catalog.commit(
            EventDraft(
                "dataset.create", object: "dataset:\(Hex.encode(row.id))",
                facts: ["purposes": .array(purposes.map { .string($0) })],
                detail: ["name": .string(dataset), "legalBasis": .string(row.legalBasis)]),
            signer: workspace.session.signer
        ) { try $0.add(row) }
    }

    private func report(
        _ outcome: VersionWriter.Outcome, count: IngestCount, reports: [FileReport]
    ) -> Report {
        var lines = reports.flatMap { report in
            [
                "\(report.facts.file.relativePath): \(report.facts.parser), "
                    + report.facts.encoding.rawValue
            ]
                + report.facts.notes.map { "  note: \($0)" }
        }
        lines.append(count.text)
        lines.append(
            outcome.isNew
                ? "\(outcome.label): \(outcome.manifest.count) records, "
                    + "\(outcome.segments) segments (\(outcome.reusedSegments) shared with earlier versions)"
                : "\(outcome.label) holds exactly this already: no new version")
        return Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "counts": count.json,
                "files": .array(reports.map(\.json)),
            ],
            lines: lines,
            next: isDryRun
                ? []
                : [
                    "tundish profile \(outcome.label)",
                    "tundish clean \(outcome.label)",
                ], verdict: isStrict && !count.quarantined.isEmpty ? .checksFailed : .passed)
    }
}
