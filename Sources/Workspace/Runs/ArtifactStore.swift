import Catalog
import Cryptography
import Handoff
import Records
import Synchronization
import Vault

/// Seals a model's files as they arrive: nothing lies in clear on disk.
final class ArtifactStore: Sendable {
    private struct State: Sendable {
        var rows: [ArtifactRow] = []
        var objects: [ObjectRow] = []
    }

    private let vault: Vault
    private let model: [UInt8]
    private let scope: SealScope
    private let state = Mutex(State())

    init(vault: Vault, model: [UInt8]) throws {
        self.vault = vault
        self.model = model
        scope = SealScope(try ScopeID(bytes: model), .model)
    }

    /// A place for one file; it counts once it was finished.
    func sink(name: String, size: Int, sha256: [UInt8]) throws -> SealingSink {
        try SealingSink(vault: vault, scope: scope, kind: .model) { [self] object in
            state.withLock { state in
                state.objects.append(object)
                state.rows.append(
                    ArtifactRow(
                        model: model, name: name, object: object.id, sha256: sha256, size: size))
            }
        }
    }

    /// Seals a whole file at once.
    func add(_ bytes: [UInt8], name: String) throws {
        let sink = try sink(name: name, size: bytes.count, sha256: SHA256.hash(bytes))
        try sink.write(bytes)
        try sink.finish()
    }

    /// The files so far, by name.
    var files: [ArtifactRow] { state.withLock { $0.rows.sorted { $0.name < $1.name } } }

    /// Adds objects and artifacts to the transaction that makes the model known.
    func commit(_ change: CatalogChange) throws {
        let state = state.withLock { $0 }
        for object in state.objects { try change.add(object) }
        for row in state.rows {
            try change.add(row)
        }
    }

    /// Forgets what was sealed: a failed run leaves no model behind.
    func discard() throws {
        let ids = state.withLock { state in
            defer { state = State() }
            return state.objects.compactMap { try? ObjectID(bytes: $0.id) }
        }
        _ = try vault.destroyKeys(ids)
    }
}
