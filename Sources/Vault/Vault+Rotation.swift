internal import Cryptography
internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Records

/// What a rotation of a stage's key did.
public struct StageKeyRotation: Hashable, Sendable {
    /// The key that was destroyed; nil when the stage had none.
    public let old: KEKID?
    /// The key that replaced it.
    public let new: KEKID
    /// How many object keys were rewrapped.
    public let rewrapped: Int
    /// How many principals hold a copy of the new key.
    public let resealed: Int
    /// How many copies of the old key were destroyed.
    public let destroyedCopies: Int
}

extension Vault {
    /// Rows rewrapped between two looks at the database; keeps memory flat.
    private static let pageCount = 4096

    /// Replaces a stage's key: rewraps its objects' 40-byte fields, seals the new key to
    /// `recipients`, and destroys the old one with all its sealed copies. No object is rewritten.
    ///
    /// - Parameter recipients: the current grantees; no one else can open the new key.
    @discardableResult
    public func rotateStageKEK(
        _ scope: SealScope, recipients: [StageKeyRecipient]
    ) throws(VaultError) -> StageKeyRotation {
        _ = try ring.requireRoot()
        let rotation = try keys.write("cannot rotate a stage key") { db in
            let old = try KeyDatabase.currentStageKey(db, scope)
            if let old {
                try db.execute(
                    sql: "UPDATE stageKey SET isCurrent = 0 WHERE kekId = ?",
                    arguments: [Data(old.id.bytes)])
            }
            let new = try freshStageKey(db, scope)
            try KeyDatabase.insert(db, new)
            let newKey = try KeyWrap.unwrap(
                new.wrapped, with: try ring.epochKey(new.epoch), what: "a fresh key")
            var rewrapped = 0
            var copies = 0
            if let old {
                rewrapped = try rewrapObjectKeys(db, from: old, to: new.id, newKey)
                copies =
                    try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM sealedStageKey WHERE kekId = ?",
                        arguments: [Data(old.id.bytes)]) ?? 0
                // Its sealed copies go with it: ON DELETE CASCADE.
                try db.execute(
                    sql: "DELETE FROM stageKey WHERE kekId = ?", arguments: [Data(old.id.bytes)])
            }
            for recipient in recipients {
                try seal(db, new.id, newKey, scope, recipient.principal, recipient.key)
            }
            return StageKeyRotation(
                old: old?.id, new: new.id, rewrapped: rewrapped,
                resealed: Set(recipients.map(\.principal)).count, destroyedCopies: copies)
        }
        if let old = rotation.old { ring.forget(old) }
        try keys.purge(rebuilding: true)
        return rotation
    }

    private func rewrapObjectKeys(
        _ db: Database, from old: StageKeyRow, to new: KEKID, _ newKey: SymmetricKey
    ) throws -> Int {
        let oldKey = try ring.stageKey(old)
        let select = try db.makeStatement(
            sql: "SELECT objectId, wrapped FROM objectKey WHERE kekId = ? LIMIT \(Self.pageCount)")
        let update = try db.makeStatement(
            sql: "UPDATE objectKey SET kekId = ?, wrapped = ? WHERE objectId = ?")
        var count = 0
        while true {
            let page = try Row.fetchAll(select, arguments: [Data(old.id.bytes)])
            if page.isEmpty { return count }
            for row in page {
                let secret = try KeyWrap.unwrap(row.bytes(1), with: oldKey, what: "an object key")
                let wrapped = try KeyWrap.wrap(secret, with: newKey)
                try update.execute(
                    arguments: [Data(new.bytes), Data(wrapped), Data(row.bytes(0))])
            }
            count += page.count
        }
    }

    /// Begins a new epoch: rewraps stage, subject and named keys under a fresh epoch key and
    /// removes the old one. Gives the new epoch's number.
    @discardableResult
    public func rotateEpoch() throws(VaultError) -> Int {
        let root = try ring.requireRoot()
        let (old, new) = try keys.write("cannot rotate the epoch") { db in
            let old = try KeyDatabase.currentEpoch(db)
            let new = old + 1
            // From the file, not from memory: fails when another process changed the root key.
            let oldKey = try EpochFile.read(old, in: layout, root: root)
            // The file first: a crash before the commit leaves a file that nothing names.
            let key = SymmetricKey.random()
            try EpochFile.write(key, epoch: new, in: layout, roots: [root])
            for (table, columns) in [
                ("stageKey", ["kekId"]), ("subjectKey", ["subject"]),
                ("namedKey", ["scope", "name"]),
            ] {
                try rewrap(db, table, identifiedBy: columns, from: (old, oldKey), to: (new, key))
            }
            try KeyDatabase.setCurrentEpoch(db, new)
            return (old, new)
        }
        ring.forget(epoch: old)
        try Self.removeEpochFiles(before: new, layout)
        try keys.purge(rebuilding: true)
        return new
    }

    private func rewrap(
        _ db: Database, _ table: String, identifiedBy columns: [String],
        from old: (number: Int, key: SymmetricKey), to new: (number: Int, key: SymmetricKey)
    ) throws {
        let names = columns.joined(separator: ", ")
        let condition = columns.map { "\($0) = ?" }.joined(separator: " AND ")
        let select = try db.makeStatement(
            sql: "SELECT wrapped, \(names) FROM \(table) WHERE epoch = ? LIMIT \(Self.pageCount)")
        let update = try db.makeStatement(
            sql: "UPDATE \(table) SET epoch = ?, wrapped = ? WHERE \(condition)")
        while true {
            let page = try Row.fetchAll(select, arguments: [old.number])
            if page.isEmpty { return }
            for row in page {
                let secret = try KeyWrap.unwrap(row.bytes(0), with: old.key, what: "a \(table)")
                let wrapped = try KeyWrap.wrap(secret, with: new.key)
                let identity = (1...columns.count).map { row[$0] as DatabaseValue }
                try update.execute(
                    arguments: [new.number, Data(wrapped)] + StatementArguments(identity))
            }
        }
    }

    /// Puts the vault under another root key, made with `RootKey.create` or another provider.
    public func changeRoot(to new: any RootKeyProvider) throws(VaultError) {
        let old = try ring.requireRoot()
        // A write transaction keeps a rotation of the epoch out meanwhile.
        try keys.write("cannot change the root key") { db in
            let number = try KeyDatabase.currentEpoch(db)
            let key = try EpochFile.read(number, in: layout, root: old)
            // Under both, then root.json, then under the new one: no moment locks everyone out.
            try EpochFile.write(key, epoch: number, in: layout, roots: [old, new])
            try PrivateFile.write(
                CanonicalJSON.encode(new.parameters) + [0x0a], to: layout.root, replacing: true)
            try EpochFile.write(key, epoch: number, in: layout, roots: [new])
        }
        ring.replaceRoot(new)
    }
}
