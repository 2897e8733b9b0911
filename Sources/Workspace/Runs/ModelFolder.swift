import Catalog
import Governance
import Records

/// Models and what is known of them: `tundish model list/show/export`, `tundish run list/show`.
public struct Models: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// All models.
    public func list() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let rows = try workspace.catalog.read { try $0.models() }
        return Report(
            json: ["models": .array(rows.map(json))],
            lines: rows.isEmpty
                ? ["no models yet"]
                : TextTable.lines(
                    rows.map { row in
                        [
                            row.name, row.kind.rawValue, row.state.rawValue,
                            row.kind == .base ? ModelText.summary(row.info) : "",
                        ]
                    }, indent: 0),
            next: rows.isEmpty ? ["tundish model import NAME FOLDER"] : [])
    }

    private func json(_ row: ModelRow) -> JSONValue {
        [
            "name": .string(row.name), "id": .string(Hex.encode(row.id)),
            "kind": .string(row.kind.rawValue), "state": .string(row.state.rawValue),
            "run": row.run.map { .string($0) } ?? .null, "info": row.info,
            "created": .string(row.created.rfc3339),
        ]
    }

    /// One model with its files.
    public func show(_ name: String) throws -> Report {
        let row = try ModelAccess.find(name, in: workspace)
        try workspace.authorizer.require(
            .readMetadata, on: .model(row.id), session: workspace.session)
        let files = try workspace.catalog.read { try $0.artifacts(of: row.id) }
        var object = json(row).objectValue ?? [:]
        object["files"] = .object(
            Dictionary(
                uniqueKeysWithValues: files.map { ($0.name, .string(Hex.encode($0.sha256))) }))
        return Report(
            json: .object(object),
            lines: ["\(row.name)  \(row.kind.rawValue)  \(row.state.rawValue)"]
                + (row.kind == .base ? ["  \(ModelText.summary(row.info))"] : [])
                + files.map { "  \($0.name)  \($0.size) bytes  \(Hex.encode($0.sha256))" })
    }

    /// All runs.
    public func runs() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let rows = try workspace.catalog.read { try $0.runs() }
        return Report(
            json: ["runs": .array(rows.map(json))],
            lines: rows.isEmpty
                ? ["no runs yet"]
                : rows.map {
                    "\($0.name)  \($0.state.rawValue)  \($0.created)  \($0.purpose ?? "")"
                })
    }

    private func json(_ row: RunRow) -> JSONValue {
        [
            "run": .string(row.id), "name": .string(row.name), "state": .string(row.state.rawValue),
            "version": row.version.map { .string(Hex.encode($0)) } ?? .null,
            "purpose": row.purpose.map { .string($0) } ?? .null, "actor": .string(row.actor),
            "created": .string(row.created.rfc3339),
            "finished": row.finished.map { .string($0.rfc3339) } ?? .null,
            "metrics": row.metrics ?? .null,
            "statement": row.statementDigest.map { .string(Hex.encode($0)) } ?? .null,
        ]
    }

    /// One run: its frozen request and what came of it.
    public func run(_ name: String) throws -> Report {
        let found = try workspace.catalog.read { try $0.run(named: name) ?? $0.run(name) }
        guard let row = found else {
            throw WorkspaceError(
                .notFound, "there is no run `\(name)`", hint: "`tundish run list` names them")
        }
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        var object = json(row).objectValue ?? [:]
        object["request"] = try JSONParser.parse(row.request)
        return Report(json: .object(object), lines: try RunText.lines(row))
    }

    /// Writes a model's files in clear, with what proves where it came from.
    public func export(_ name: String, to folder: String) throws -> Report {
        try ExportModel(name: name, folder: folder).run(in: workspace)
    }
}
