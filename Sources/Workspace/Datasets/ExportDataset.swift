import Catalog
import FoundationEssentials
import Governance
import Records

/// Writes a version as JSON Lines, with its manifest beside it: `tundish dataset export`.
///
/// Raw versions are exported only under an approved raw lease.
public struct ExportDataset: Sendable {
    /// The version.
    public var version: String
    /// The file to write, or `-` for standard output.
    public var output: String
    /// The purpose, for raw versions.
    public var purpose: String?

    /// Makes the request.
    public init(version: String, output: String, purpose: String? = nil) {
        self.version = version
        self.output = output
        self.purpose = purpose
    }

    /// Streams every record; the file appears whole or not at all.
    public func run(
        in workspace: OpenWorkspace, standardOutput: ([UInt8]) throws -> Void
    ) throws -> Report {
        let row = try workspace.version(version)
        guard row.stage != .raw || purpose != nil else {
            throw WorkspaceError(
                .usage, "exporting raw records needs --purpose",
                hint: "and a second person's approval: `tundish request read-raw …`")
        }
        // Of a raw version this needs what reading raw needs, besides the right to export.
        let lease = try workspace.authorizer.workLease(
            version: row.id, for: .exportDataset, purpose: purpose, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let label = try workspace.label(row.id)
        let temporary = output + ".tmp"
        let file = output == "-" ? nil : try OutputFile(temporary)
        var count = 0
        try VersionReader(workspace, version: row, lease: lease).segments { records in
            var bytes: [UInt8] = []
            for record in records {
                CanonicalJSON.append(line(record), to: &bytes)
                bytes.append(0x0A)
            }
            count += records.count
            if let file { try file.write(bytes) } else { try standardOutput(bytes) }
        }
        try file?.finish(as: output)
        return Report(
            json: [
                "label": .string(label), "records": .integer(count), "output": .string(output),
            ],
            lines: output == "-" ? [] : ["\(label): \(count) records in \(output)"])
    }

    private func line(_ record: Record) -> JSONValue {
        var members = record.fields
        members["_rid"] = .string(record.rid.hex)
        members["_split"] = record.split.map { .string($0.rawValue) } ?? .null
        return .object(members)
    }
}
