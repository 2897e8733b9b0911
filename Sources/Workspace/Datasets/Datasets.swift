import Catalog
import Governance
import Records
import Vault

/// What is there: `tundish dataset list/show/versions/diff/log/tag/export`.
public struct Datasets: Sendable {
    let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    func requireMetadata(of dataset: [UInt8]) throws {
        try workspace.authorizer.require(
            .readMetadata, on: .dataset(dataset), session: workspace.session)
    }

    /// Every dataset that the caller may know of.
    public func list() throws -> Report {
        let rows = try workspace.catalog.read { try $0.datasets() }
        var visible: [JSONValue] = []
        var lines: [String] = []
        for row in rows {
            let decision = try workspace.authorizer.decide(
                .readMetadata, principal: workspace.session.actor.principal, on: .dataset(row.id))
            guard decision.isAllowed else { continue }
            let versions = try workspace.catalog.read { try $0.versions(of: row.id) }
            visible.append([
                "name": .string(row.name), "id": .string(Hex.encode(row.id)),
                "versions": .integer(versions.count),
                "purposes": .array(row.purposes.map { .string($0) }),
                "legalBasis": .string(row.legalBasis),
            ])
            lines.append(
                "\(row.name): \(versions.count) versions, purposes "
                    + (row.purposes.isEmpty ? "none" : row.purposes.joined(separator: ", ")))
        }
        return Report(
            json: ["datasets": .array(visible)],
            lines: lines.isEmpty ? ["no datasets that you may see"] : lines,
            next: lines.isEmpty ? ["tundish ingest DATASET FILE…"] : [])
    }

    /// The versions of a dataset, oldest first.
    public func versions(of name: String) throws -> Report {
        let dataset = try workspace.dataset(name)
        try requireMetadata(of: dataset.id)
        let rows = try workspace.catalog.read { try $0.versions(of: dataset.id) }
        var json: [JSONValue] = []
        var lines: [String] = []
        for row in rows {
            let label = try workspace.label(row.id)
            let released = try workspace.catalog.read { try $0.releases(of: row.id) }
                .map(\.purpose)
            json.append([
                "label": .string(label), "version": .string(Hex.encode(row.id)),
                "stage": .string(row.stage.rawValue), "count": .integer(row.count),
                "created": .string(row.created.rfc3339),
                "released": .array(released.map { .string($0) }),
            ])
            lines.append(
                "\(label)  \(row.stage.rawValue)  \(row.count) records  \(row.created)  "
                    + Hex.encode(row.id).prefix(12)
                    + (released.isEmpty ? "" : "  released for \(released.joined(separator: ", "))")
            )
        }
        return Report(json: ["versions": .array(json)], lines: lines)
    }

    /// A version's manifest and what stands beside it.
    public func show(_ reference: String) throws -> Report {
        let row = try workspace.version(reference)
        try requireMetadata(of: row.dataset)
        let manifest = try VersionManifest(json: JSONParser.parse(row.manifest))
        let label = try workspace.label(row.id)
        let segments = try workspace.catalog.read { try $0.segments(of: row.id) }
        var lines = [
            "\(label)  \(manifest.stage.rawValue)  \(manifest.count) records",
            "version      \(manifest.versionID)", "record root  \(manifest.recordRoot)",
            "origin root  \(manifest.originRoot)", "subject root \(manifest.subjectRoot)",
            "segments     \(segments.count)",
        ]
        for parent in manifest.parents {
            lines.append("parent       \(try workspace.label(Hex.decode(parent) ?? []))")
        }
        if let policy = manifest.policyDigest { lines.append("policy       \(policy)") }
        for (split, count) in manifest.splits.sorted(by: { $0.key < $1.key }) {
            lines.append("split        \(split) \(count)")
        }
        for (column, type) in manifest.schema.columns.sorted(by: { $0.key < $1.key }) {
            lines.append("column       \(column): \(type.rawValue)")
        }
        return Report(
            json: [
                "label": .string(label), "version": .string(manifest.versionID),
                "manifest": manifest.json, "segments": .integer(segments.count),
                "created": .string(row.created.rfc3339), "actor": .string(row.actor),
            ],
            lines: lines)
    }

    /// The events about a dataset and its versions.
    public func log(of name: String) throws -> Report {
        let dataset = try workspace.dataset(name)
        try requireMetadata(of: dataset.id)
        let hex = Hex.encode(dataset.id)
        var objects: Set<String> = ["dataset:\(hex)"]
        for row in try workspace.catalog.read({ try $0.versions(of: dataset.id) }) {
            objects.insert("version:\(Hex.encode(row.id))")
        }
        return try AuditLog(workspace).report { entry in
            objects.contains(entry.object)
        }
    }

    /// Names a version: `reviews@stable`.
    public func tag(_ reference: String, as tag: String) throws -> Report {
        let row = try workspace.version(reference)
        try workspace.authorizer.require(
            .ingest, on: .dataset(row.dataset), session: workspace.session)
        try Names.check(tag, of: "tag")
        guard tag.utf8.contains(where: { !(0x30...0x39).contains($0) }), !tag.contains("@"),
            Stage(rawValue: tag) == nil
        else {
            throw WorkspaceError(
                .usage, "`\(tag)` cannot be a tag: numbers and stages have a meaning of their own",
                hint: "for example `stable` or `2026-q4`")
        }
        try workspace.catalog.commit(
            EventDraft(
                "dataset.tag", object: "version:\(Hex.encode(row.id))",
                detail: ["tag": .string(tag)]),
            signer: workspace.session.signer
        ) { try $0.setTag(tag, dataset: row.dataset, version: row.id) }
        return Report(
            json: ["tag": .string(tag), "version": .string(Hex.encode(row.id))],
            lines: ["\(try workspace.label(row.id)) is now tagged \(tag)"])
    }

    /// What two versions do not share, by record id.
    public func diff(_ left: String, _ right: String) throws -> Report {
        let (one, other) = (try workspace.version(left), try workspace.version(right))
        guard one.dataset == other.dataset else {
            throw WorkspaceError(.usage, "\(left) and \(right) belong to different datasets")
        }
        let before = try digests(of: one)
        let after = try digests(of: other)
        let added = after.keys.filter { before[$0] == nil }.sorted()
        let removed = before.keys.filter { after[$0] == nil }.sorted()
        let changed = before.keys.filter { after[$0] != nil && after[$0] != before[$0] }.sorted()
        func list(_ ids: [RecordID]) -> JSONValue { .array(ids.map { .string($0.hex) }) }
        return Report(
            json: ["added": list(added), "removed": list(removed), "changed": list(changed)],
            lines: [
                "\(added.count) added, \(removed.count) removed, \(changed.count) changed, "
                    + "\(before.count - removed.count - changed.count) the same"
            ]
                + (added.prefix(10).map { "  + \($0)" } + removed.prefix(10).map { "  - \($0)" }
                    + changed.prefix(10).map { "  ~ \($0)" }))
    }

    private func digests(of row: VersionRow) throws -> [RecordID: Int] {
        let lease = try lease(for: row, raw: .clean)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        var digests: [RecordID: Int] = [:]
        try VersionReader(workspace, version: row, lease: lease).encodedSegments { records in
            for record in records { digests[record.rid] = record.canonical.hashValue }
        }
        return digests
    }

    /// Counting and comparing raw records shows nobody their content: it needs the work permission.
    private func lease(for row: VersionRow, raw permission: Permission) throws -> Lease {
        row.stage == .raw
            ? try workspace.authorizer.workLease(
                version: row.id, for: permission, session: workspace.session)
            : try workspace.authorizer.readLease(
                version: row.id, purpose: nil, session: workspace.session)
    }
}
