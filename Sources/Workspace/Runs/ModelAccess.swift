import Catalog
import Governance
import EngineProtocol
import Handoff
import Records
import Vault

/// A model opened for an engine: its own files, and those of the base that an adapter stands on.
struct ModelAccess {
    let row: ModelRow
    let base: ModelRow
    private let workspace: OpenWorkspace
    private let files: [ArtifactRow]
    private let baseFiles: [ArtifactRow]
    private let reader: LeaseReader
    private let baseReader: LeaseReader
    private let leases: [Lease]

    /// Opens a model under a model lease.
    init(_ workspace: OpenWorkspace, name: String, permission: Permission = .useModel) throws {
        let row = try Self.find(name, in: workspace)
        var base = row
        if let id = row.base {
            guard let found = try workspace.catalog.read({ try $0.model(id) }) else {
                throw WorkspaceError(.integrity, "the base of model `\(name)` is missing")
            }
            // A fully fine-tuned model stands alone; an adapter needs its base's weights.
            if try !Self.isWhole(row, in: workspace) { base = found }
        }
        self.workspace = workspace
        self.row = row
        self.base = base
        files = try workspace.catalog.read { try $0.artifacts(of: row.id) }
        guard !files.isEmpty else {
            throw WorkspaceError(
                .notFound, "the files of `\(name)` were thrown away",
                hint: "`tundish run reproduce \(name)` makes them again")
        }
        baseFiles = try workspace.catalog.read { try $0.artifacts(of: base.id) }
        let lease = try workspace.authorizer.modelLease(
            model: row.id, for: permission, session: workspace.session)
        let baseLease =
            base.id == row.id
            ? lease
            : try workspace.authorizer.modelLease(
                model: base.id, for: permission, session: workspace.session)
        leases = base.id == row.id ? [lease] : [lease, baseLease]
        reader = try LeaseReader(
            lease: lease, authorizer: workspace.authorizer, vault: workspace.vault,
            session: workspace.session)
        baseReader = try LeaseReader(
            lease: baseLease, authorizer: workspace.authorizer, vault: workspace.vault,
            session: workspace.session)
    }

    /// A model by name.
    static func find(_ name: String, in workspace: OpenWorkspace) throws -> ModelRow {
        guard let row = try workspace.catalog.read({ try $0.model(named: name) }) else {
            throw WorkspaceError(
                .notFound, "there is no model `\(name)`", hint: "`tundish model list` names them")
        }
        return row
    }

    private static func isWhole(_ row: ModelRow, in workspace: OpenWorkspace) throws -> Bool {
        try workspace.catalog.read { try $0.artifacts(of: row.id) }
            .contains { $0.name == "model.safetensors" }
    }

    /// Ends the leases.
    func close() {
        for lease in leases { try? workspace.authorizer.end(lease, session: workspace.session) }
    }

    /// Whether every lease still holds.
    var isLive: Bool { leases.allSatisfy { workspace.isLive(lease: $0.id) } }

    /// The frozen request that the model came of; nil for an imported one.
    func trainingRequest() throws -> RunRequest? {
        guard let id = row.run, let run = try workspace.catalog.read({ try $0.run(id) }) else {
            return nil
        }
        return try RunRequest(canonicalBytes: run.request)
    }

    /// What the engine loads weights from.
    var baseReference: RunRequest.ModelReference { Self.reference(base, baseFiles) }

    /// The adapter on top of it, if this is one.
    var adapterReference: RunRequest.ModelReference? {
        base.id == row.id ? nil : Self.reference(row, files)
    }

    private static func reference(
        _ row: ModelRow, _ files: [ArtifactRow]
    ) -> RunRequest.ModelReference {
        RunRequest.ModelReference(
            name: row.name,
            files: files.map {
                RunRequest.File(name: $0.name, sha256: Hex.encode($0.sha256), size: $0.size)
            })
    }

    /// The bytes of one file.
    func file(_ origin: ModelOrigin, _ name: String) throws -> [UInt8] {
        try (origin == .base ? baseReader : reader).artifact(named: name)
    }

    /// The same in pieces, so that memory stays flat.
    func stream(
        _ origin: ModelOrigin, _ name: String, into sink: ([UInt8]) throws -> Void
    ) throws {
        var thrown = ThrownError()
        do {
            try (origin == .base ? baseReader : reader).artifact(named: name) { piece in
                try thrown.keep { try sink(piece) }
            }
        } catch {
            throw thrown.error ?? error
        }
    }

    /// The names of the model's own files.
    var fileNames: [String] { files.map(\.name) }
}
