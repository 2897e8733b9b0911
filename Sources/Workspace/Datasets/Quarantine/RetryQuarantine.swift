import Catalog
import Cryptography
import Governance
public import Ingestion
import Records
import Vault

/// Reads rejected rows again, with other options, out of their sealed bytes:
/// `tundish quarantine retry`.
///
/// What succeeds makes a new version together with the records of the newest raw one, and leaves
/// the quarantine in the same transaction. What fails again stays where it is. Nobody is shown
/// anything. Memory: the pieces that are read again.
public struct RetryQuarantine: Sendable {
    /// The dataset.
    public var dataset: String
    /// Only rows rejected for this reason.
    public var reason: String?
    /// How to read them; what is nil is as it was the first time.
    public var options: IngestOptions
    /// Whether to count only and change nothing.
    public var isDryRun: Bool

    /// Makes the request.
    public init(
        dataset: String, reason: String? = nil, options: IngestOptions = IngestOptions(),
        isDryRun: Bool = false
    ) {
        self.dataset = dataset
        self.reason = reason
        self.options = options
        self.isDryRun = isDryRun
    }

    /// Reads, numbers, and commits.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try workspace.dataset(dataset)
        let lease = try workspace.authorizer.quarantineLease(
            dataset: row.id, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let parent = try workspace.catalog.read({ try $0.newest(of: row.id, stage: .raw) })
        else {
            throw WorkspaceError(
                .notFound, "dataset `\(dataset)` has no raw version to add to",
                hint: "`tundish ingest` makes one")
        }
        let pieces = try self.pieces(of: row, in: workspace)
        let work = try RetryWork(workspace: workspace, dataset: row, parent: parent)
        let reader = try LeaseReader(
            lease: lease, authorizer: workspace.authorizer, vault: workspace.vault,
            session: workspace.session)
        let asked = try options(of: parent, in: workspace)
        for piece in pieces {
            guard let object = piece.row.object else { continue }
            try work.read(piece, bytes: try reader.object(object), options: asked)
        }
        try work.settle()
        guard !isDryRun, work.count.accepted > 0 || work.hasRepeats else {
            return report(work, label: nil, pieces: pieces.count)
        }
        let outcome = try work.commit(reason: reason, options: asked)
        return report(work, label: outcome.label, pieces: pieces.count)
    }

    private func pieces(of row: DatasetRow, in workspace: OpenWorkspace) throws -> [RetryPiece] {
        let pieces = try workspace.catalog.read { reader in
            try reader.quarantine(dataset: row.id, reason: reason).compactMap {
                RetryPiece(
                    $0, file: try reader.sourceFile(digest: $0.fileDigest, dataset: row.id))
            }
        }
        guard !pieces.isEmpty else {
            throw WorkspaceError(
                .notFound, "nothing in quarantine can be read again",
                hint: "rows whose bytes were not kept, and files refused as a whole, are ingested "
                    + "again from their file; records that redaction held back are redacted again")
        }
        return pieces
    }

    /// The options asked for. The mapping, if none is asked for, is that of the ingest; one that is
    /// takes the place of its fields, but people stay linked and dropped columns stay away.
    private func options(
        of parent: VersionRow, in workspace: OpenWorkspace
    ) throws -> IngestOptions {
        var options = self.options
        var row: VersionRow? = parent
        while let version = row {
            let manifest = try VersionManifest(json: JSONParser.parse(version.manifest))
            if let mapping = manifest.recipe["mapping"], !mapping.isNull {
                let earlier = try FieldMapping(json: mapping)
                options.mapping = options.mapping?.inheriting(earlier) ?? earlier
                return options
            }
            row = try manifest.parents.first.flatMap(Hex.decode).flatMap { id in
                try workspace.catalog.read { try $0.version(id) }
            }
        }
        return options
    }

    private func report(_ work: RetryWork, label: String?, pieces: Int) -> Report {
        let left = work.stillRejected.sorted { $0.key < $1.key }
        return Report(
            json: [
                "pieces": .integer(pieces), "counts": work.count.json,
                "label": label.map { .string($0) } ?? .null,
                "left": .object(work.stillRejected.mapValues { .integer($0) }),
            ],
            lines: ["read \(pieces) pieces again: \(work.count.text)"]
                + left.map { "\($0.value)".padded(to: 8) + "  pieces stay: \($0.key)" }
                + [
                    label.map { "\($0): \(work.count.accepted) records came out of quarantine" }
                        ?? (isDryRun ? "nothing was changed" : "no new version")
                ],
            next: label.map { ["tundish clean \($0)"] }
                ?? ["tundish quarantine list \(dataset)"])
    }
}
