internal import Cryptography
internal import GRDB
internal import Records

// Plaintext comes out here and nowhere else.
extension Vault {
    /// An object, and where it lies.
    public typealias Placed = (object: ObjectID, location: PackLocation)

    /// Opens an object that is in memory.
    @_spi(ChokePoint)
    public func open(
        _ sealed: [UInt8], object: ObjectID, scope: SealScope
    ) throws(VaultError) -> [UInt8] {
        try TND1.open(sealed, key: try objectKey(object), context: context(scope))
    }

    /// Opens an object that lies in a pack.
    @_spi(ChokePoint)
    public func open(
        _ location: PackLocation, object: ObjectID, scope: SealScope
    ) throws(VaultError) -> [UInt8] {
        try openFromPack(location, key: try objectKey(object), scope: scope)
    }

    /// Opens several objects of one scope; their keys are looked up in one transaction.
    @_spi(ChokePoint)
    public func open(_ objects: [Placed], scope: SealScope) throws(VaultError) -> [[UInt8]] {
        let objectKeys = try self.objectKeys(objects.map(\.object))
        var out: [[UInt8]] = []
        out.reserveCapacity(objects.count)
        for (placed, key) in zip(objects, objectKeys) {
            out.append(try openFromPack(placed.location, key: key, scope: scope))
        }
        return out
    }

    /// Opens an object of any length that lies in a pack, in flat memory.
    ///
    /// `sink` gets each chunk once it authenticates; only a return without error means that nothing
    /// is missing. An error of `sink` comes back as it is.
    @_spi(ChokePoint)
    public func open(
        _ location: PackLocation, object: ObjectID, scope: SealScope,
        into sink: ([UInt8]) throws -> Void
    ) throws {
        try stream(location, key: try objectKey(object), scope: scope, into: sink)
    }

    // MARK: With a person's own stage key

    /// Opens the copy of a stage key that is sealed to a person. Works without the root key.
    @_spi(ChokePoint)
    public func openStageKey(
        _ scope: SealScope, principal: String, identity: Identity
    ) throws(VaultError) -> StageKey {
        let found = try keys.read("cannot look up a sealed key") { db in
            try KeyDatabase.currentStageKey(db, scope).map { row in
                (row.id, try KeyDatabase.sealed(db, row.id, principal: principal))
            }
        }
        guard let (kek, sealed) = found, let sealed else {
            throw VaultError(
                .notARecipient, "no key of \(scope) is sealed to \(principal)",
                hint: "A standing read grant seals it; a changed key needs sealing again.")
        }
        let info = StageKey.info(workspace: workspace, scope: scope, kek: kek)
        let bytes = try cryptographic(
            "cannot open the stage key sealed to \(principal)", code: .notARecipient,
            hint: "It was sealed to another opening key than this identity's."
        ) { () throws(CryptographyError) in
            try HPKE.open(sealed, with: identity.opening, info: info)
        }
        return StageKey(id: kek, scope: scope, secret: SymmetricKey(bytes: bytes))
    }

    /// Opens an object that is in memory with a person's stage key.
    @_spi(ChokePoint)
    public func open(
        _ sealed: [UInt8], object: ObjectID, stageKey: StageKey
    ) throws(VaultError) -> [UInt8] {
        let key = try objectKey(object, stageKey: stageKey)
        return try TND1.open(sealed, key: key, context: context(stageKey.scope))
    }

    /// Opens an object that lies in a pack with a person's stage key.
    @_spi(ChokePoint)
    public func open(
        _ location: PackLocation, object: ObjectID, stageKey: StageKey
    ) throws(VaultError) -> [UInt8] {
        try openFromPack(
            location, key: try objectKey(object, stageKey: stageKey), scope: stageKey.scope)
    }

    // MARK: Keys of objects

    /// The key of an object.
    func objectKey(_ object: ObjectID) throws(VaultError) -> ObjectKey {
        try objectKeys([object])[0]
    }

    /// The keys of objects, in their order.
    func objectKeys(_ objects: [ObjectID]) throws(VaultError) -> [ObjectKey] {
        _ = try ring.requireRoot()
        let rows = try keys.read("cannot look up object keys") { db in
            try objects.map { try KeyDatabase.objectKey(db, $0) }
        }
        var out: [ObjectKey] = []
        out.reserveCapacity(rows.count)
        for (object, row) in zip(objects, rows) {
            guard let row else { throw Self.unknown(object) }
            out.append(try unwrap(object, row, with: try ring.stageKey(row.stageKey)))
        }
        return out
    }

    private func objectKey(
        _ object: ObjectID, stageKey: StageKey
    ) throws(VaultError) -> ObjectKey {
        let row = try keys.read("cannot look up an object key") { db in
            try KeyDatabase.objectKey(db, object)
        }
        guard let row else { throw Self.unknown(object) }
        guard row.stageKey.id == stageKey.id else {
            let isSameScope = row.stageKey.scope == stageKey.scope
            throw VaultError(
                isSameScope ? .notARecipient : .wrongScope,
                "object \(object.hex) is not under stage key \(stageKey.id.hex)",
                hint: isSameScope ? "The stage's key was rotated; open its sealed copy again." : "")
        }
        return try unwrap(object, row, with: stageKey.secret)
    }

    private func unwrap(
        _ object: ObjectID, _ row: ObjectKeyRow, with kek: SymmetricKey
    ) throws(VaultError) -> ObjectKey {
        let secret = try KeyWrap.unwrap(row.wrapped, with: kek, what: "the key of \(object.hex)")
        return try ObjectKey(object: object, context: context(row.stageKey.scope), secret: secret)
    }

    private static func unknown(_ object: ObjectID) -> VaultError {
        VaultError(
            .unknownObject, "there is no key for object \(object.hex)",
            hint: "It was destroyed, or the key database is older than the catalog.")
    }

    // MARK: Bytes of packs

    private func openFromPack(
        _ location: PackLocation, key: ObjectKey, scope: SealScope
    ) throws(VaultError) -> [UInt8] {
        try TND1.open(
            try packs.read(location), key: key, context: context(scope), isWhole: true)
    }

    func stream(
        _ location: PackLocation, key: ObjectKey, scope: SealScope,
        into sink: ([UInt8]) throws -> Void
    ) throws {
        let opener = TND1.Opener(
            key: key, context: context(scope), expectedByteCount: location.length)
        var out: [UInt8] = []
        try packs.read(location, pieceByteCount: 1 << 20) { piece in
            try opener.update(piece, into: &out)
            if !out.isEmpty { try sink(out) }
            out.removeAll(keepingCapacity: true)
        }
        try opener.finish(into: &out)
        if !out.isEmpty { try sink(out) }
    }
}
