import Catalog
public import EngineProtocol
import Governance
import Handoff
import Records

/// Goes on with a run that was stopped or killed, from its newest checkpoint: `tundish run resume`.
///
/// The frozen request, the engine and the model are those of the run's beginning, byte for byte, so
/// that the result is the one that an undisturbed run would have had.
public struct ResumeRun: Sendable {
    /// The run, by name or id.
    public var name: String
    /// Called with each event of the engine, while it runs.
    public var onEvent: @Sendable (EngineEvent) -> Void
    /// Asked about once a second: true stops the run again, with a checkpoint.
    public var isInterrupted: @Sendable () -> Bool

    /// Makes the request.
    public init(
        name: String, onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.name = name
        self.onEvent = onEvent
        self.isInterrupted = isInterrupted
    }

    /// Checks that everything is as it was, and drives the engine to its end.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        try RunAccess.require(.train, of: workspace.run(name), in: workspace)
        _ = try RunPresence.closeDeadRuns(in: workspace)
        let row = try workspace.run(name)
        guard row.state.isResumable else {
            throw WorkspaceError(
                .conflict, "the run `\(row.name)` is \(row.state.rawValue)",
                hint: row.state == .finished
                    ? "`tundish run reproduce \(row.name)` repeats it"
                    : "`tundish run stop \(row.name)` stops it")
        }
        guard try workspace.catalog.read({ try $0.model(named: row.name) }) == nil,
            try workspace.run(row.name).id == row.id
        else {
            throw WorkspaceError(
                .conflict, "there is a newer run or model called `\(row.name)`",
                hint: "`tundish run discard \(row.id)` throws away what this run had checkpointed")
        }
        let frozen = try FrozenRun(row, in: workspace)
        let materials = try frozen.materials(run: row.id)
        defer { materials.close() }
        return try TrainingRun(
            materials: materials, request: frozen.request, onEvent: onEvent,
            isInterrupted: isInterrupted
        ).resume(row)
    }
}

/// A run's frozen request, to be run again: nothing that it names may have changed.
struct FrozenRun {
    let workspace: OpenWorkspace
    let row: RunRow
    let request: RunRequest
    let version: VersionRow

    init(_ row: RunRow, in workspace: OpenWorkspace) throws {
        self.workspace = workspace
        self.row = row
        request = try RunRequest(canonicalBytes: row.request)
        guard let id = row.version,
            let version = try workspace.catalog.read({ try $0.version(id) })
        else {
            throw WorkspaceError(
                .notFound, "the version that run `\(row.name)` read is not there any more")
        }
        self.version = version
    }

    /// Opens what the request names.
    func materials(run: String) throws -> RunMaterials {
        let materials = try RunMaterials(
            workspace, run: run, version: version, purpose: request.purpose,
            model: request.baseModel.name, engine: request.engineName)
        do {
            try check(materials)
        } catch {
            materials.close()
            throw error
        }
        return materials
    }

    private func check(_ materials: RunMaterials) throws {
        guard materials.executable.sha256 == request.engineSHA256 else {
            throw WorkspaceError(
                .conflict,
                "the engine `\(request.engineName)` is another build than the one that ran "
                    + "`\(row.name)`",
                hint: "register the build with SHA-256 \(request.engineSHA256) again, or start a "
                    + "new run")
        }
        func files(_ model: RunRequest.ModelReference) -> Set<RunRequest.File> { Set(model.files) }
        guard files(materials.base.baseReference) == files(request.baseModel) else {
            throw WorkspaceError(
                .conflict,
                "the model `\(request.baseModel.name)` has other files than when `\(row.name)` "
                    + "began",
                hint: "import the files that `tundish run show \(row.name)` names")
        }
    }
}
