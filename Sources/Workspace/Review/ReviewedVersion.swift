import Catalog
import Governance
import Records
import Redaction

/// A redacted version with what its review needs: leases on it and on the raw version behind it,
/// both for `label` work by the Custodian.
final class ReviewedVersion {
    let workspace: OpenWorkspace
    let version: VersionRow
    let dataset: DatasetRow
    let label: String
    let redacted: VersionReader
    let raw: VersionReader
    private let leases: [Lease]

    /// The fields that no detector looks at.
    let keptFields: Set<String>

    init(_ reference: String, in workspace: OpenWorkspace) throws {
        self.workspace = workspace
        let version = try workspace.version(reference)
        guard version.stage == .redacted else {
            throw WorkspaceError(
                .usage,
                "\(reference) is \(version.stage.rawValue): a review is of a redacted version",
                hint: "redact it first, or name a version such as reviews@3")
        }
        let hasFindings = try workspace.catalog.read {
            try !$0.objects(of: version.id, role: "findings").isEmpty
        }
        let manifest = try VersionManifest(json: JSONParser.parse(version.manifest))
        guard hasFindings || manifest.recipe["operation"]?.stringValue == "redact" else {
            throw WorkspaceError(
                .usage,
                "\(reference) was made out of a redacted version and has no findings report",
                hint: "review the version that `tundish redact` made")
        }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(version.dataset) }),
            let parentID = try workspace.catalog.read({ try $0.parents(of: version.id).first }),
            let parent = try workspace.catalog.read({ try $0.version(parentID) })
        else { throw WorkspaceError(.integrity, "\(reference) has no dataset or no parent") }
        self.version = version
        self.dataset = dataset
        label = try workspace.label(version.id)
        let leases = try [version, parent].map {
            try workspace.authorizer.workLease(
                version: $0.id, for: .label, session: workspace.session)
        }
        self.leases = leases
        redacted = try VersionReader(workspace, version: version, lease: leases[0])
        raw = try VersionReader(workspace, version: parent, lease: leases[1])
        let policy = try? PolicyFiles.load(
            manifest.recipe["policy"]?.stringValue ?? "", home: workspace.folder)
        let measured = try Self.measuredFields(before: parent, in: workspace)
        keptFields = (policy?.keepFields ?? ["label"]).union(measured)
    }

    /// The fields that cleaning wrote numbers of its own into: as passages they would say nothing
    /// about what was missed, and outnumber those that do.
    private static func measuredFields(
        before version: VersionRow, in workspace: OpenWorkspace
    ) throws -> Set<String> {
        var result: Set<String> = []
        var next: VersionRow? = version
        var count = 0
        while let row = next, count < 1000 {
            let manifest = try VersionManifest(json: JSONParser.parse(row.manifest))
            let recipe = manifest.recipe["recipe"]
            for operation in recipe?["operations"]?.arrayValue ?? []
            where operation["op"]?.stringValue == "quality" {
                if let field = operation["into"]?.stringValue { result.insert(field) }
            }
            count += 1
            next = try workspace.catalog.read { reader in
                try reader.parents(of: row.id).first.flatMap { try reader.version($0) }
            }
        }
        return result
    }

    deinit {
        for lease in leases { try? workspace.authorizer.end(lease, session: workspace.session) }
    }

    /// The next items, those decided left out.
    func queue(limit: Int, decided: Set<String>) throws -> ReviewQueue {
        var queue = ReviewQueue(limit: limit, decided: decided)
        let objects = try workspace.catalog.read {
            try $0.objects(of: version.id, role: "findings")
        }
        for object in objects { try queue.take(findings: raw.object(object.object)) }
        try redacted.records { record in
            queue.take(record, version: version.id, keeping: keptFields)
        }
        return queue
    }

    /// The items with these ids, in their order.
    func items(_ ids: [String]) throws -> [ReviewItem] {
        let wanted = Set(ids)
        var found: [String: ReviewItem] = [:]
        func look(_ fill: (inout ReviewQueue) throws -> Void) rethrows {
            var queue = ReviewQueue(limit: Int.max, decided: [])
            try fill(&queue)
            for item in queue.findings + queue.passages where wanted.contains(item.id) {
                found[item.id] = item
            }
        }
        if wanted.contains(where: { $0.hasPrefix("f-") }) {
            for object in try workspace.catalog.read({
                try $0.objects(of: version.id, role: "findings")
            }) {
                try look { try $0.take(findings: raw.object(object.object)) }
            }
        }
        if wanted.contains(where: { $0.hasPrefix("s-") }) {
            try redacted.records { record in
                look { $0.take(record, version: version.id, keeping: keptFields) }
            }
        }
        return try ids.map { id in
            guard let item = found[id] else {
                throw WorkspaceError(
                    .notFound, "\(label) has no review item \(id)",
                    hint: "`tundish review next \(label)` names items")
            }
            return item
        }
    }

    /// The texts that items stand in, by record and path.
    func texts(of items: [ReviewItem]) throws -> [RecordID: [String: [UInt8]]] {
        var texts: [RecordID: [String: [UInt8]]] = [:]
        let wanted = Dictionary(grouping: items) { item in
            if case .finding = item.kind { true } else { false }
        }.mapValues { Set($0.map(\.rid)) }
        for (isRaw, rids) in wanted {
            try (isRaw ? raw : redacted).records { record in
                guard rids.contains(record.rid) else { return }
                for (path, text) in Passages.texts(of: record) {
                    texts[record.rid, default: [:]][(isRaw ? "f " : "s ") + path] = text
                }
            }
        }
        return texts
    }
}
