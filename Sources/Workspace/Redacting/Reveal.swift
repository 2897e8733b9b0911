import Catalog
import Governance
import Records
import Redaction

/// Turns the codes of `encrypt` and `token` back into what stood there: `tundish reveal`.
///
/// It needs a lease to re-identify, which a second person approves.
public struct Reveal: Sendable {
    /// The redacted version.
    public var version: String
    /// The records, by id; empty: all.
    public var rids: [String]
    /// What for; among the dataset's purposes.
    public var purpose: String

    /// Makes the request.
    public init(version: String, rids: [String], purpose: String) {
        self.version = version
        self.rids = rids
        self.purpose = purpose
    }

    /// Streams the records as JSON Lines.
    public func run(
        in workspace: OpenWorkspace, write: ([UInt8]) throws -> Void
    ) throws -> Report {
        let row = try workspace.version(version)
        let label = try workspace.label(row.id)
        guard row.stage != .raw else {
            throw WorkspaceError(.usage, "\(label) is raw: there is nothing to reveal")
        }
        let wanted = Set(
            try rids.map { text in
                guard let rid = RecordID(hex: text) else {
                    throw WorkspaceError(.usage, "`\(text)` is no record id: 32 hex digits")
                }
                return rid
            })
        let lease = try workspace.authorizer.reidentifyLease(
            version: row.id, purpose: purpose, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(row.dataset) }) else {
            throw WorkspaceError(.integrity, "version \(label) belongs to no dataset")
        }
        let reader = try VersionReader(workspace, version: row, lease: lease)
        let secrets = try RedactionSecrets(revealing: dataset, reader: reader)
        let revealer = Revealer(keys: secrets.keys)
        var counts = Revealer.Counts()
        var shown = 0
        try reader.records { record in
            guard wanted.isEmpty || wanted.contains(record.rid) else { return }
            var members = revealer.reveal(record, counts: &counts).fields
            members["_rid"] = .string(record.rid.hex)
            try write(CanonicalJSON.encode(.object(members)) + [0x0A])
            shown += 1
        }
        guard shown > 0 || wanted.isEmpty else {
            throw WorkspaceError(.notFound, "\(label) has none of these records")
        }
        return Report(
            json: [
                "version": .string(label), "records": .integer(shown),
                "revealed": .integer(counts.revealed), "unknown": .integer(counts.unknown),
            ],
            lines: [
                "\(label): \(shown) records, \(counts.revealed) codes revealed"
                    + (counts.unknown > 0 ? ", \(counts.unknown) texts only look like one" : "")
            ])
    }
}
