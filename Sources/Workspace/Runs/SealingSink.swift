import Catalog
import Handoff
import Vault

/// Seals one file as it streams in, into a pack of its own: nothing lies in clear on disk.
final class SealingSink: ArtifactSink, @unchecked Sendable {
    // One connection writes one file at a time: the engine server sees to it.
    private let vault: Vault
    private let scope: SealScope
    private let kind: ObjectKind
    private let sealer: StreamSealer
    private let pack: PackWriter
    private let onFinish: @Sendable (ObjectRow) -> Void

    /// - Parameter onFinish: gets the sealed object once all of it lies in its pack.
    init(
        vault: Vault, scope: SealScope, kind: ObjectKind,
        onFinish: @escaping @Sendable (ObjectRow) -> Void
    ) throws {
        self.vault = vault
        self.scope = scope
        self.kind = kind
        self.onFinish = onFinish
        sealer = try vault.streamSealer(scope: scope, options: .stream)
        pack = try vault.packs.writer()
        try pack.beginObject()
    }

    func write(_ bytes: [UInt8]) throws { try pack.write(try sealer.update(bytes)) }

    func finish() throws {
        try pack.write(try sealer.finish())
        let location = try pack.endObject()
        _ = try pack.finish()
        onFinish(
            ObjectRow(
                id: sealer.id.bytes, kind: kind, scope: scope.scope.bytes,
                stageCode: scope.stage.rawValue, pack: location.pack.hex,
                offset: Int(location.offset), length: Int(location.length)))
    }

    func abandon() {
        pack.abort()
        _ = try? vault.destroyKeys([sealer.id])
    }
}
