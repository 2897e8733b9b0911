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
    /// How many threads to work with; the version does not depend on it.
    public var threads: Int
    /// Called now and then with the number of rows read.
    public var onProgress: (@Sendable (UInt64) -> Void)?

    /// Makes the request.
    public init(
        dataset: String, paths: [String], options: IngestOptions, purposes: [String] = [],
        legalBasis: String? = nil, isStrict: Bool = false, isDryRun: Bool = false,
        threads: Int = 2, onProgress: (@Sendable (UInt64) -> Void)? = nil
    ) {
        self.dataset = dataset
        self.paths = paths
        self.options = options
        self.purposes = purposes
        self.legalBasis = legalBasis
        self.isStrict = isStrict
        self.isDryRun = isDryRun
        self.threads = threads
        self.onProgress = onProgress
    }

    /// Reads, sorts, seals and commits.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try openDataset(in: workspace)
        let files = try InputFiles.expand(paths)
        let quarantine = try QuarantineWriter(
            workspace: workspace, dataset: row, isDryRun: isDryRun)
        let intake = Intake(
            keys: try isDryRun ? .throwaway() : IntakeKeys(of: row, in: workspace),
            folder: workspace.folder + "/packs", quarantine: quarantine, threads: threads)
        let ingestor = Ingestor(options: options)
        let preview = try isDryRun && paths != ["-"] ? ingestor.preview(files) : []
        let read = try ingestor.read(files) { facts, batch in
            try Self.checkColumns(facts.columns ?? [])
            try intake.take(batch, from: facts, rereading: ingestor)
            onProgress?(intake.rowCount)
        }
        // Columns by name may come late: before anything is written or shown, all are looked at.
        for report in read { try Self.checkColumns(report.columns.map(\.name)) }
        let reports = IngestReport(read)
        var count = reports.count
        try intake.settle(&count, rereading: ingestor)
        try count.check()
        // Also of input that no row is accepted of: what was found out is what mends it.
        if isDryRun { return dryReport(count: count, reports: reports, preview: preview) }
        guard count.accepted > 0 else {
            throw WorkspaceError(
                .failed, "no row of the input could be accepted: \(count.text)",
                hint: "check --map and --format against the first lines of the file; "
                    + "--dry-run shows what was found out about it")
        }
        let outcome = try commit(
            intake, count: count, reports: reports.files, row: row, in: workspace)
        return report(outcome, count: count, reports: reports)
    }

    private func commit(
        _ intake: Intake, count: IngestCount, reports: [FileReport], row: DatasetRow,
        in workspace: OpenWorkspace
    ) throws -> VersionWriter.Outcome {
        let writer = try VersionWriter(
            workspace: workspace, dataset: row, stage: .raw, threads: threads)
        writer.observe(intake.schema)
        try intake.drain { record, subjects, origin in
            try writer.append(record, subjects: subjects, split: nil)
            try writer.appendOrigin(of: record.rid, canonical: origin.canonicalBytes())
        }
        let recipe: JSONValue = [
            "operation": "ingest", "mapping": options.mapping?.json ?? .null,
            "files": .array(
                reports.map { .string(Hex.encode($0.facts.digest)) }),
        ]
        return try writer.commit(
            VersionWriter.Description(parents: [], recipe: recipe, counts: count.json),
            event: EventDraft(
                "dataset.ingest", object: "dataset", facts: ["counts": count.json],
                detail: ["files": .array(reports.map { .string($0.facts.file.relativePath) })]),
            quarantine: intake.quarantine,
            alongside: { change, version in
                for report in reports {
                    try change.addIngestedFile(
                        digest: report.facts.digest, dataset: row.id, version: version)
                    let facts = String(
                        decoding: CanonicalJSON.encode(report.facts.json), as: UTF8.self)
                    try change.add(
                        SourceFileRow(
                            dataset: row.id, digest: report.facts.digest,
                            path: report.facts.file.relativePath, facts: facts))
                }
            }, before: { try create(row, $0) })
    }

    /// The names of columns stand in manifests, which cannot be erased: they must be no data.
    private static func checkColumns(_ columns: [String]) throws {
        guard columns.contains(where: IdentifierNames.isPersonal) else { return }
        throw WorkspaceError(
            .usage, "the names of columns look like data: an address, a number of a person",
            hint:
                "for a file without a header say --no-header, and the columns are called column1, "
                + "column2, …; in JSON make such a member's name a value")
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
            id: try scope(in: workspace), name: dataset, purposes: purposes,
            legalBasis: legalBasis ?? "", owner: workspace.session.actor.principal, created: .now,
            legalHold: false)
        return row
    }

    /// The scope of a new dataset follows from its name, so that a first run that was killed and
    /// its second try work with the same keys.
    private func scope(in workspace: OpenWorkspace) throws -> [UInt8] {
        if isDryRun { return ScopeID.random().bytes }
        let key = try workspace.vault.workspaceKey("dataset-scope")
        return Array(HMACSHA256.authenticate(Array(dataset.utf8), key: key).prefix(16))
    }

    /// Makes the dataset known in the transaction of its first version: a failed first try leaves
    /// none behind.
    private func create(_ row: DatasetRow, _ change: CatalogChange) throws {
        guard try change.dataset(row.id) == nil else { return }
        change.also(
            EventDraft(
                "dataset.create", object: "dataset:\(Hex.encode(row.id))",
                facts: ["purposes": .array(purposes.map { .string($0) })],
                detail: ["name": .string(dataset), "legalBasis": .string(row.legalBasis)]))
        try change.add(row)
    }
}
