import Catalog
import Cleaning
import Governance
import Records

/// The labels of a version that seem wrong, in the order in which people should look at them:
/// `tundish dataset label-issues`.
///
/// They are sealed beside the version that `clean` made; a label is shown, never a record's text.
enum LabelIssues {
    static let role = "label-issues"

    /// One JSON object a line, worst first.
    static func encode(_ issues: [LabelIssue]) -> [UInt8] {
        var out: [UInt8] = []
        for issue in issues {
            CanonicalJSON.append(issue.json, to: &out)
            out.append(0x0A)
        }
        return out
    }
}

extension Datasets {
    /// The queue of a version, worst first.
    public func labelIssues(of reference: String, limit: Int) throws -> Report {
        let row = try workspace.version(reference)
        let lease = try workspace.authorizer.workLease(
            version: row.id, for: .label, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let objects = try workspace.catalog.read {
            try $0.objects(of: row.id, role: LabelIssues.role)
        }
        guard !objects.isEmpty else {
            throw WorkspaceError(
                .notFound, "\(reference) has no list of doubtful labels",
                hint: "`label_noise` in a cleaning recipe makes one, for the version that it makes")
        }
        let reader = try LeaseReader(
            lease: lease, authorizer: workspace.authorizer, vault: workspace.vault,
            session: workspace.session)
        let issues = try objects.flatMap { object in
            try reader.object(object.object).split(separator: 0x0A).map {
                try JSONParser.parse(Array($0))
            }
        }
        let label = try workspace.label(row.id)
        return Report(
            json: [
                "label": .string(label), "total": .integer(issues.count),
                "issues": .array(Array(issues.prefix(limit))),
            ],
            lines: ["\(label): \(issues.count) labels seem wrong, most doubtful first"]
                + issues.prefix(limit).map { issue in
                    "\(issue["rid"]?.stringValue ?? "")  \(issue["given"]?.stringValue ?? "")"
                        + " → \(issue["suggested"]?.stringValue ?? "")"
                })
    }
}
