import Catalog
import Cleaning
import Records

/// Keeps a version from being trained on when its evaluation parts stand in its train part: what a
/// model would score on them says nothing.
enum ContaminationGate {
    /// Throws if the newest finding about the version, its own or that of what it was made of, is
    /// above the limit of the recipe that looked.
    static func check(_ version: VersionRow, in workspace: OpenWorkspace) throws {
        guard let report = try report(on: version, in: workspace), report.exceedsLimit else {
            return
        }
        throw WorkspaceError(
            .failed,
            "\(try workspace.label(version.id)) is not handed over: a share of "
                + "\(rounded(report.share)) of its evaluation records stands in its train part, "
                + "above the limit of \(rounded(report.limit))",
            hint: "clean again with `{op: contamination, action: drop}`, which leaves such records "
                + "out of train, and redact the new version; or set a higher `limit` in the "
                + "recipe, which then stands in the version's manifest")
    }

    private static func report(
        on version: VersionRow, in workspace: OpenWorkspace
    ) throws -> ContaminationReport? {
        var row: VersionRow? = version
        while let current = row {
            let manifest = try VersionManifest(json: JSONParser.parse(current.manifest))
            if let found = manifest.counts["global"]?["contamination"] {
                return ContaminationReport(json: found)
            }
            row = try manifest.parents.first.flatMap(Hex.decode).flatMap { id in
                try workspace.catalog.read { try $0.version(id) }
            }
        }
        return nil
    }

    private static func rounded(_ share: Double) -> String {
        let thousandths = Int((share * 1000).rounded())
        return "\(thousandths / 10).\(thousandths % 10) %"
    }
}
