import Catalog
import Governance
import Handoff
import Records
import Redaction

/// How easily people can be singled out by a version's quasi-identifiers: `tundish anonymity`.
public struct Anonymity: Sendable {
    /// The version.
    public var version: String
    /// The fields that others may know.
    public var quasiIdentifiers: [String]
    /// A field whose values should differ within a class.
    public var sensitive: String?
    /// Whether to sign the report into an attestation on the version.
    public var isAttested: Bool

    /// Makes the request.
    public init(
        version: String, quasiIdentifiers: [String], sensitive: String? = nil,
        isAttested: Bool = false
    ) {
        self.version = version
        self.quasiIdentifiers = quasiIdentifiers
        self.sensitive = sensitive
        self.isAttested = isAttested
    }

    /// Counts and reports; no value of a record leaves.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let row = try workspace.version(version)
        let label = try workspace.label(row.id)
        let manifest = try VersionManifest(json: JSONParser.parse(row.manifest))
        for name in quasiIdentifiers + [sensitive].compactMap({ $0 }) {
            let column = name.split(separator: ".").first.map(String.init) ?? name
            guard manifest.schema.columns[name] != nil || manifest.schema.columns[column] != nil
            else {
                let known = manifest.schema.columns.keys.sorted()
                throw WorkspaceError(
                    .usage, "\(label) has no field `\(name)`",
                    hint: Suggestion.hint(for: name, in: known, called: "fields"))
            }
        }
        guard !quasiIdentifiers.isEmpty else {
            throw WorkspaceError(.usage, "name the quasi-identifiers with --quasi FIELD,FIELD")
        }
        let lease = try workspace.authorizer.workLease(
            version: row.id, for: .label, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        var counter = AnonymityCounter(
            quasiIdentifiers: quasiIdentifiers, sensitive: sensitive)
        try VersionReader(workspace, version: row, lease: lease).records { counter.add($0) }
        let report = counter.report
        var json = report.json
        var lines = Self.lines(report, label)
        if isAttested {
            let digest = try Attestations(workspace).attach(
                AttestationStatement(
                    .anonymity, version: Hex.encode(row.id), predicate: report.json), to: row)
            json = ["envelope": .string(digest), "predicate": report.json]
            lines.append("attested as \(digest.prefix(12))")
        }
        return Report(json: json, lines: lines)
    }

    private static func lines(_ report: AnonymityReport, _ label: String) -> [String] {
        func percent(_ share: Double) -> String { "\((share * 10_000).rounded() / 100) %" }
        var lines = [
            "\(label) over \(report.quasiIdentifiers.joined(separator: ", ")): "
                + "\(report.recordCount) records in \(report.classCount) classes",
            "k = \(report.k); \(report.uniqueCount) records are unique; risk at most "
                + "\(percent(report.highestRisk)), \(percent(report.meanRisk)) on average",
        ]
        for (size, count) in report.below.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(count) records in classes of fewer than \(size)")
        }
        if let distinct = report.distinctDiversity, let entropy = report.entropyDiversity {
            lines.append(
                "l-diversity of \(report.sensitive ?? ""): \(distinct) distinct values at least, "
                    + "entropy \((entropy * 100).rounded() / 100)")
        }
        for (field, share) in report.uniqueByField.sorted(by: { $0.value > $1.value }) {
            lines.append("  \(field) alone makes \(percent(share)) unique")
        }
        if !report.riskiest.isEmpty {
            lines.append("riskiest records:")
            lines += report.riskiest.prefix(10).map { "  \($0.rid)  class of \($0.classSize)" }
        }
        return lines
    }
}
