public import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Records

/// A principal to whom a stage key is sealed.
public struct StageKeyHolder: Hashable, Sendable {
    /// The principal's id.
    public let principal: String
    /// The X25519 key that it is sealed to, 32 bytes.
    public let recipient: [UInt8]
    /// When.
    public let sealedAt: Timestamp
}

/// A principal to whom a stage key is to be sealed.
public struct StageKeyRecipient: Hashable, Sendable {
    /// The principal's id.
    public let principal: String
    /// The principal's opening key.
    public let key: X25519.PublicKey

    /// Names a recipient.
    public init(principal: String, key: X25519.PublicKey) {
        self.principal = principal
        self.key = key
    }
}

extension Vault {
    /// The id of a stage's current key; nil before anything was sealed there.
    public func stageKeyID(_ scope: SealScope) throws(VaultError) -> KEKID? {
        try keys.read("cannot look up a stage key") { db in
            try KeyDatabase.currentStageKey(db, scope)?.id
        }
    }

    /// Seals a stage's key to a principal with a standing grant to read it: HPKE (RFC 9180) base
    /// mode, info = "tundish/seal" ‖ workspace16 ‖ scope16 ‖ stage ‖ kekId.
    ///
    /// Only keys of `redacted` and `synthetic` may be sealed: raw data is opened by the Custodian.
    /// Sealing again replaces the earlier copy.
    @discardableResult
    public func sealStageKey(
        to recipient: X25519.PublicKey, principal: String, scope: SealScope
    ) throws(VaultError) -> KEKID {
        _ = try ring.requireRoot()
        return try keys.write("cannot seal a stage key") { db in
            let row = try currentOrNewStageKey(db, scope)
            try seal(db, row.id, try ring.stageKey(row), scope, principal, recipient)
            return row.id
        }
    }

    /// Removes the copies sealed to a principal; of one stage, or of all with nil.
    ///
    /// Who opened a copy may have kept the key: `rotateStageKEK` makes it useless.
    @discardableResult
    public func revokeSealedKey(
        principal: String, scope: SealScope? = nil
    ) throws(VaultError) -> Int {
        let count = try keys.write("cannot revoke a sealed key") { db in
            if let scope {
                try db.execute(
                    sql: """
                        DELETE FROM sealedStageKey WHERE principal = ? AND kekId IN
                        (SELECT kekId FROM stageKey WHERE scope = ? AND stage = ?)
                        """,
                    arguments: [principal, Data(scope.scope.bytes), Int(scope.stage.rawValue)])
            } else {
                try db.execute(
                    sql: "DELETE FROM sealedStageKey WHERE principal = ?", arguments: [principal])
            }
            return db.changesCount
        }
        if count > 0 { try keys.purge(rebuilding: false) }
        return count
    }

    /// Who holds a sealed copy of a stage's current key, ordered by principal.
    public func sealedKeyHolders(_ scope: SealScope) throws(VaultError) -> [StageKeyHolder] {
        try keys.read("cannot list sealed keys") { db in
            guard let row = try KeyDatabase.currentStageKey(db, scope) else { return [] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT principal, recipient, createdAt FROM sealedStageKey
                    WHERE kekId = ? ORDER BY principal
                    """,
                arguments: [Data(row.id.bytes)]
            ).map { row in
                StageKeyHolder(
                    principal: row[0], recipient: row.bytes(1),
                    sealedAt: Timestamp(secondsSince1970: row[2]))
            }
        }
    }

    /// The scopes whose keys are sealed to a principal.
    public func sealedScopes(principal: String) throws(VaultError) -> [SealScope] {
        try keys.read("cannot list sealed keys") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(StageKeyRow.columns) FROM sealedStageKey JOIN stageKey USING (kekId)
                    WHERE principal = ? ORDER BY scope, stage
                    """,
                arguments: [principal]
            ).map { try StageKeyRow($0).scope }
        }
    }

    // MARK: Inside a transaction

    /// A stage's current key, made when it has none.
    func currentOrNewStageKey(_ db: Database, _ scope: SealScope) throws -> StageKeyRow {
        if let row = try KeyDatabase.currentStageKey(db, scope) { return row }
        let row = try freshStageKey(db, scope)
        try KeyDatabase.insert(db, row)
        return row
    }

    /// A fresh key of a stage, not yet in the database.
    func freshStageKey(_ db: Database, _ scope: SealScope) throws -> StageKeyRow {
        let epoch = try KeyDatabase.currentEpoch(db)
        let wrapped = try KeyWrap.wrap(.random(), with: try ring.epochKey(epoch))
        return StageKeyRow(id: .random(), scope: scope, epoch: epoch, wrapped: wrapped)
    }

    /// Writes a copy of a stage key sealed to `recipient`.
    func seal(
        _ db: Database, _ kek: KEKID, _ key: SymmetricKey, _ scope: SealScope,
        _ principal: String, _ recipient: X25519.PublicKey
    ) throws {
        guard scope.stage.isSharable else {
            throw VaultError(
                .badArgument, "the key of stage \(scope.stage.name) is never sealed to a principal",
                hint: "It is opened by the Custodian, under a lease.")
        }
        guard !principal.isEmpty else {
            throw VaultError(.badArgument, "a stage key is sealed to a principal, none was named")
        }
        let info = StageKey.info(workspace: workspace, scope: scope, kek: kek)
        let sealed = try cryptographic("cannot seal a stage key") { () throws(CryptographyError) in
            try HPKE.seal(key.bytes, to: recipient, info: info)
        }
        try KeyDatabase.insertSealed(
            db, kek, principal: principal, recipient: recipient.rawRepresentation, sealed: sealed)
    }
}
