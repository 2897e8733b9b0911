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

    /// A place for one file; it counts once ``Sink/finish()`` was called.
    func sink(name: String, size: Int, sha256: [UInt8]) throws -> Sink {
        try Sink(store: self, name: name, size: size, sha256: sha256)
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

    /// One file on its way in.
    final class Sink: ArtifactSink, @unchecked Sendable {
        // One connection writes one artifact at a time: the engine server sees to it.
        private let store: ArtifactStore
        private let name: String
        private let size: Int
        private let sha256: [UInt8]
        private let sealer: StreamSealer
        private let pack: PackWriter

        fileprivate init(store: ArtifactStore, name: String, size: Int, sha256: [UInt8]) throws {
            self.store = store
            self.name = name
            self.size = size
            self.sha256 = sha256
            sealer = try store.vault.streamSealer(scope: store.scope, options: .stream)
            pack = try store.vault.packs.writer()
            try pack.beginObject()
        }

        func write(_ bytes: [UInt8]) throws { try pack.write(try sealer.update(bytes)) }

        func finish() throws {
            try pack.write(try sealer.finish())
            let location = try pack.endObject()
            _ = try pack.finish()
            store.state.withLock { state in
                state.objects.append(
                    ObjectRow(
                        id: sealer.id.bytes, kind: .model, scope: store.model,
                        stageCode: SealStage.model.rawValue, pack: location.pack.hex,
                        offset: Int(location.offset), length: Int(location.length)))
                state.rows.append(
                    ArtifactRow(
                        model: store.model, name: name, object: sealer.id.bytes, sha256: sha256,
                        size: size))
            }
        }

        func abandon() {
            pack.abort()
            _ = try? store.vault.destroyKeys([sealer.id])
        }
    }
}
