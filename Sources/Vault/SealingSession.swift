internal import Synchronization

/// Seals many objects of one scope; keys are written a thousand at a time.
///
/// ```swift
/// let session = vault.sealingSession(scope: scope)
/// for segment in segments { try pack.append(try session.seal(segment)) }
/// try pack.finish()
/// try session.flush()     // before the catalog commit
/// ```
/// May be used from several threads: sealing itself runs side by side.
public final class SealingSession: Sendable {
    /// Keys that are held back until they are written in one transaction.
    static let batchCount = 1024

    private let vault: Vault
    private let scope: SealScope
    private let options: SealOptions
    private let unwritten = Mutex<[ObjectKey]>([])

    init(vault: Vault, scope: SealScope, options: SealOptions) {
        self.vault = vault
        self.scope = scope
        self.options = options
    }

    /// Seals one object. Its key is safe only after `flush`.
    public func seal(_ plaintext: [UInt8]) throws(VaultError) -> SealedObject {
        let key = ObjectKey.random(context: vault.context(scope))
        let bytes = try TND1.seal(plaintext, key: key, options: options)
        let isFull = unwritten.withLock { keys in
            keys.append(key)
            return keys.count >= Self.batchCount
        }
        if isFull { try flush() }
        return SealedObject(id: key.object, bytes: bytes)
    }

    /// Commits the keys that are held back; they stay held back when that fails.
    public func flush() throws(VaultError) {
        let batch = unwritten.withLock { keys in
            defer { keys = [] }
            return keys
        }
        do {
            try vault.store(batch, scope: scope)
        } catch {
            unwritten.withLock { $0 = batch + $0 }
            throw error
        }
    }
}

/// Seals one object piece by piece in flat memory. One thread at a time.
public final class StreamSealer {
    /// The object's id.
    public let id: ObjectID
    private let sealer: TND1.Sealer

    init(sealer: TND1.Sealer) {
        id = sealer.object
        self.sealer = sealer
    }

    /// Takes more plaintext; gives the sealed bytes that are ready, perhaps none.
    public func update(_ plaintext: [UInt8]) throws(VaultError) -> [UInt8] {
        var out: [UInt8] = []
        try sealer.update(plaintext, into: &out)
        return out
    }

    /// Ends the object; gives its last sealed bytes. Once.
    public func finish() throws(VaultError) -> [UInt8] {
        var out: [UInt8] = []
        try sealer.finish(into: &out)
        return out
    }
}
