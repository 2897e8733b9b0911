public import Cryptography
internal import FoundationEssentials
internal import GRDB
public import Records

// Secrets that are not for sealing: keyed hashes of record ids, subjects, pseudonyms and leaves.
extension Vault {
    /// A dataset's or model's 32-byte secret called `name`, such as `rid` or `pseudonym`; made, at
    /// random, on first use.
    public func namedKey(_ name: String, scope: ScopeID) throws(VaultError) -> SymmetricKey {
        guard scope.bytes != workspace.bytes else {
            throw VaultError(.badArgument, "the workspace's own keys have a call of their own")
        }
        return try secret(name, scope: scope.bytes) { .random() }
    }

    /// The workspace's 32-byte secret called `name`, such as `subject-index`; made on first use.
    public func workspaceKey(_ name: String) throws(VaultError) -> SymmetricKey {
        guard !name.hasPrefix(Self.custodianPrefix) else {
            throw VaultError(.badArgument, "keys of the Custodian are not handed out")
        }
        return try secret(name, scope: workspace.bytes) { .random() }
    }

    /// Destroys all named secrets of a dataset or model; gives how many there were.
    @discardableResult
    public func destroyNamedKeys(scope: ScopeID) throws(VaultError) -> Int {
        guard scope.bytes != workspace.bytes else {
            throw VaultError(.badArgument, "the workspace's own keys cannot be destroyed this way")
        }
        let count = try keys.write("cannot destroy named keys") { db in
            try db.execute(
                sql: "DELETE FROM namedKey WHERE scope = ?", arguments: [Data(scope.bytes)])
            return db.changesCount
        }
        if count > 0 { try keys.purge(rebuilding: false) }
        return count
    }

    /// A named secret, made with `make` when there is none.
    func secret(
        _ name: String, scope: [UInt8], orMake make: () throws -> SymmetricKey
    ) throws(VaultError) -> SymmetricKey {
        _ = try ring.requireRoot()
        guard !name.isEmpty else { throw VaultError(.badArgument, "a named key needs a name") }
        let found = try keys.read("cannot look up a named key") { db in
            try namedKey(db, name, scope: scope)
        }
        if let found { return found }
        return try keys.write("cannot make a named key") { db in
            // Another process may have been first.
            if let key = try namedKey(db, name, scope: scope) { return key }
            let key = try make()
            let epoch = try KeyDatabase.currentEpoch(db)
            let wrapped = try KeyWrap.wrap(key, with: try ring.epochKey(epoch))
            try db.execute(
                sql: "INSERT INTO namedKey (scope, name, epoch, wrapped) VALUES (?, ?, ?, ?)",
                arguments: [Data(scope), name, epoch, Data(wrapped)])
            return key
        }
    }

    private func namedKey(
        _ db: Database, _ name: String, scope: [UInt8]
    ) throws -> SymmetricKey? {
        let row = try Row.fetchOne(
            db, sql: "SELECT epoch, wrapped FROM namedKey WHERE scope = ? AND name = ?",
            arguments: [Data(scope), name])
        guard let row else { return nil }
        return try KeyWrap.unwrap(
            row.bytes(1), with: try ring.epochKey(row[0]), what: "the key named \(name)")
    }

    // MARK: Subject keys

    /// The 32-byte keys of data subjects, made, at random, on first use: all in one transaction.
    public func subjectKeys(
        _ subjects: [SubjectID]
    ) throws(VaultError) -> [SubjectID: SymmetricKey] {
        var found = try existingSubjectKeys(subjects)
        let missing = Set(subjects).subtracting(found.keys)
        guard !missing.isEmpty else { return found }
        let made = try keys.write("cannot make subject keys") { db in
            var made: [SubjectID: SymmetricKey] = [:]
            let epoch = try KeyDatabase.currentEpoch(db)
            let epochKey = try ring.epochKey(epoch)
            let statement = try db.cachedStatement(
                sql: "INSERT INTO subjectKey (subject, epoch, wrapped) VALUES (?, ?, ?)")
            for subject in missing {
                // Another process may have been first.
                if let key = try subjectKey(db, subject) {
                    made[subject] = key
                    continue
                }
                let key = SymmetricKey.random()
                let wrapped = try KeyWrap.wrap(key, with: epochKey)
                try statement.execute(arguments: [Data(subject.bytes), epoch, Data(wrapped)])
                made[subject] = key
            }
            return made
        }
        found.merge(made) { first, _ in first }
        return found
    }

    /// The keys that data subjects have; makes none. Who was erased is missing.
    public func existingSubjectKeys(
        _ subjects: [SubjectID]
    ) throws(VaultError) -> [SubjectID: SymmetricKey] {
        _ = try ring.requireRoot()
        return try keys.read("cannot look up subject keys") { db in
            var found: [SubjectID: SymmetricKey] = [:]
            for subject in subjects where found[subject] == nil {
                found[subject] = try subjectKey(db, subject)
            }
            return found
        }
    }

    /// Destroys the keys of data subjects; gives how many there were. Their leaf salts, and with
    /// them what a leaf says about a record, are gone.
    @discardableResult
    public func destroySubjectKeys(_ subjects: [SubjectID]) throws(VaultError) -> Int {
        let count = try keys.write("cannot destroy subject keys") { db in
            let statement = try db.cachedStatement(sql: "DELETE FROM subjectKey WHERE subject = ?")
            var count = 0
            for subject in subjects {
                try statement.execute(arguments: [Data(subject.bytes)])
                count += db.changesCount
            }
            return count
        }
        try keys.purge(rebuilding: false)
        return count
    }

    private func subjectKey(_ db: Database, _ subject: SubjectID) throws -> SymmetricKey? {
        let statement = try db.cachedStatement(
            sql: "SELECT epoch, wrapped FROM subjectKey WHERE subject = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Data(subject.bytes)]) else {
            return nil
        }
        return try KeyWrap.unwrap(
            row.bytes(1), with: try ring.epochKey(row[0]), what: "a subject key")
    }
}
