internal import Cryptography
internal import GRDB
internal import Records

extension Vault {
    /// Seals one object; its key is committed when this returns.
    public func seal(
        _ plaintext: [UInt8], scope: SealScope, options: SealOptions = .segment
    ) throws(VaultError) -> SealedObject {
        let key = ObjectKey.random(context: context(scope))
        let bytes = try TND1.seal(plaintext, key: key, options: options)
        try store([key], scope: scope)
        return SealedObject(id: key.object, bytes: bytes)
    }

    /// Seals several objects; their keys are committed, in one transaction, when this returns.
    public func seal(
        _ plaintexts: [[UInt8]], scope: SealScope, options: SealOptions = .segment
    ) throws(VaultError) -> [SealedObject] {
        let session = sealingSession(scope: scope, options: options)
        var objects: [SealedObject] = []
        objects.reserveCapacity(plaintexts.count)
        for plaintext in plaintexts { objects.append(try session.seal(plaintext)) }
        try session.flush()
        return objects
    }

    /// A session that seals many objects of one scope and writes their keys in batches.
    public func sealingSession(
        scope: SealScope, options: SealOptions = .segment
    ) -> SealingSession {
        SealingSession(vault: self, scope: scope, options: options)
    }

    /// Seals one object of any length, piece by piece; its key is committed before the first byte.
    public func streamSealer(
        scope: SealScope, options: SealOptions = .stream
    ) throws(VaultError) -> StreamSealer {
        let key = ObjectKey.random(context: context(scope))
        try store([key], scope: scope)
        return StreamSealer(sealer: try TND1.Sealer(key: key, options: options))
    }

    /// Seals what `source` gives, until it gives nil, into `sink`, in flat memory.
    ///
    /// An error of `source` or `sink` comes back as it is; the object's key is destroyed then.
    public func seal(
        from source: () throws -> [UInt8]?, into sink: ([UInt8]) throws -> Void, scope: SealScope,
        options: SealOptions = .stream
    ) throws -> ObjectID {
        let sealer = try streamSealer(scope: scope, options: options)
        do {
            while let piece = try source() {
                let sealed = try sealer.update(piece)
                if !sealed.isEmpty { try sink(sealed) }
            }
            try sink(try sealer.finish())
        } catch {
            _ = try? destroyKeys([sealer.id])
            throw error
        }
        return sealer.id
    }

    /// Writes object keys under their stage's current key, which is made when there is none.
    func store(_ objectKeys: [ObjectKey], scope: SealScope) throws(VaultError) {
        guard !objectKeys.isEmpty else { return }
        _ = try ring.requireRoot()
        let now = Timestamp.now.secondsSince1970
        try keys.write("cannot write object keys") { db in
            let row = try currentOrNewStageKey(db, scope)
            let kek = try ring.stageKey(row)
            for key in objectKeys {
                try KeyDatabase.insertObjectKey(
                    db, key.object, under: row.id,
                    wrapped: try KeyWrap.wrap(key.secret, with: kek), at: now)
            }
        }
    }
}
