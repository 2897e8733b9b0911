import Catalog
import Governance
import Handoff
import Records

/// The engines a trainer may choose by name: `tundish engine add/list/check`.
///
/// The digest of the executable is pinned when it is registered and checked at every start.
public struct RegisteredEngines: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// Registers an executable, or a new build of one.
    public func add(_ name: String, path: String) throws -> Report {
        try Names.check(name, of: "engine")
        try workspace.authorizer.require(
            .approveEngine, on: .workspace, session: workspace.session)
        let executable = try EngineExecutable(name: name, path: Settings.absolute(path))
        try workspace.catalog.commit(
            EventDraft(
                "engine.register", object: "engine:\(name)",
                facts: ["digest": .string(executable.sha256)],
                detail: ["path": .string(executable.path)]), signer: workspace.session.signer
        ) {
            try $0.add(
                EngineRow(
                    name: name, path: executable.path, digest: Hex.decode(executable.sha256) ?? [],
                    created: .now, actor: workspace.session.actor.principal))
        }
        return Report(
            json: ["engine": .string(name), "sha256": .string(executable.sha256)],
            lines: ["engine \(name) is registered: \(executable.path)", "  \(executable.sha256)"])
    }

    /// All engines.
    public func list() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let rows = try workspace.catalog.read { try $0.engines() }
        return Report(
            json: [
                "engines": .array(
                    rows.map {
                        [
                            "name": .string($0.name), "path": .string($0.path),
                            "sha256": .string(Hex.encode($0.digest)),
                        ]
                    })
            ],
            lines: rows.map { "\($0.name)  \($0.path)  \(Hex.encode($0.digest).prefix(16))…" })
    }

    /// Whether an engine is what was registered, and what it can do.
    public func check(_ name: String) throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let executable = try executable(name)
        try executable.check()
        let answer = try EngineRunner(
            engine: executable, runFolder: try workspace.runFolder("check")
        ).describe()
        return Report(
            json: ["engine": .string(name), "capabilities": answer],
            lines: [
                "\(name) is what was registered",
                String(decoding: CanonicalJSON.encode(answer), as: UTF8.self),
            ])
    }

    /// A registered engine with its pinned digest.
    func executable(_ name: String) throws -> EngineExecutable {
        guard let row = try workspace.catalog.read({ try $0.engine(named: name) }) else {
            throw WorkspaceError(
                .notFound, "there is no engine `\(name)`",
                hint: "`tundish engine list` names them; a privacy officer registers one with "
                    + "`tundish engine add NAME PATH`")
        }
        return EngineExecutable(
            name: row.name, path: row.path, pinnedSHA256: Hex.encode(row.digest))
    }
}
