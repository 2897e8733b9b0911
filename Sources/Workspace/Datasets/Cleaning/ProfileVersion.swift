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
    /// Where to write one self-contained HTML page; nil: nowhere.
    public var htmlFile: String?

    /// Makes the request.
    public init(version: String, purpose: String? = nil, htmlFile: String? = nil) {
        self.htmlFile = htmlFile
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
        if let htmlFile {
            let file = try OutputFile(htmlFile + ".tmp")
            try file.write(Array(page(of: profile, label: label, manifest: manifest).utf8))
            try file.finish(as: htmlFile)
        }
        return Report(
            json: [
                "version": .string(manifest.versionID), "label": .string(label),
                "stage": .string(row.stage.rawValue), "profile": profile.json,
                "counts": manifest.counts,
            ],
            lines: ["\(label), stage \(row.stage.rawValue)", profile.text]
                + (htmlFile.map { ["the page is in \($0)"] } ?? []),
            next: row.stage == .raw ? ["tundish clean \(label)"] : [])
    }

    private func page(of profile: Profile, label: String, manifest: VersionManifest) -> String {
        var sections: [ProfileSection] = []
        if let findings = manifest.counts["findings"]?["byType"]?.objectValue
            ?? manifest.counts["findings"]?.objectValue
        {
            let bars = findings.compactMap { name, count in count.intValue.map { (name, $0) } }
            sections.append(
                ProfileSection(
                    title: "Findings by type", note: "What redaction found in the parent.",
                    bars: bars.sorted { ($1.1, $0.0) < ($0.1, $1.0) }))
        }
        // Numbers of the operations that looked at the whole dataset, as the manifest has them.
        for (name, value) in (manifest.counts["global"]?.objectValue ?? [:])
            .sorted(by: { $0.key < $1.key })
        {
            let facts = (value.objectValue ?? [:]).sorted { $0.key < $1.key }
                .compactMap { name, value -> (String, String)? in
                    guard case .number(let number) = value else { return nil }
                    return (name, number)
                }
            sections.append(
                ProfileSection(
                    title: name, note: "From the recipe that made this version.", facts: facts))
        }
        return profile.html(
            title: label,
            subtitle: "stage \(manifest.stage.rawValue) · \(manifest.count) records · "
                + manifest.versionID.prefix(12), sections: sections)
    }
}
