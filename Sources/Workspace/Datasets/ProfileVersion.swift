import Catalog
import Cleaning
import Governance
import Records

/// Counts what a version holds: `tundish profile`.
public struct ProfileVersion: Sendable {
    /// The version.
    public var version: String
    /// The purpose, for those whose role holds for one purpose only.
    public var purpose: String?

    /// Makes the request.
    public init(version: String, purpose: String? = nil) {
        self.version = version
        self.purpose = purpose
    }

    /// Reads every record once.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try workspace.version(version)
        // Counting shows nobody a raw record: it needs what cleaning needs.
        let lease =
            row.stage == .raw
            ? try workspace.authorizer.workLease(
                version: row.id, for: .clean, session: workspace.session)
            : try workspace.authorizer.readLease(
                version: row.id, purpose: purpose, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        var profile = Profile()
        try VersionReader(workspace, version: row, lease: lease).records { profile.add($0) }
        let label = try workspace.label(row.id)
        let manifest = try VersionManifest(json: JSONParser.parse(row.manifest))
        return Report(
            json: [
                "version": .string(manifest.versionID), "label": .string(label),
                "stage": .string(row.stage.rawValue), "profile": profile.json,
                "counts": manifest.counts,
            ],
            lines: ["\(label), stage \(row.stage.rawValue)", profile.text],
            next: row.stage == .raw ? ["tundish clean \(label)"] : [])
    }
}
