internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Records

/// `keys/keys.sqlite`: every wrapped key of the vault, apart from the catalog so that data and keys
/// never share a backup.
///
/// The rules of this file:
/// 1. Only wrapped keys are written: nothing in the database opens anything without the epoch key.
/// 2. A commit is on the disk when it returns (`synchronous = FULL`): the catalog commits after it.
/// 3. What is deleted is overwritten (`secure_delete`), and driven out of the write-ahead log.
/// 4. Migrations have names and are never edited.
final class KeyDatabase: Sendable {
    let pool: DatabasePool

    private init(pool: DatabasePool) { self.pool = pool }

    /// Opens the database at `path`, making it when `creating`.
    static func open(_ path: String, creating: Bool) throws(VaultError) -> KeyDatabase {
        if creating {
            // 0600 from its first moment: SQLite gives the log and index files the same mode.
            try PrivateFile.write([], to: path, replacing: false)
        } else if !PrivateFile.exists(path) {
            throw VaultError(
                .notAVault, "keys/keys.sqlite is missing",
                hint: "Restore it from the key backup: without it nothing can be opened.")
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        configuration.label = "tundish.keys"
        configuration.prepareDatabase { db in
            // Temporaries in memory: VACUUM would write one outside of the folder.
            try db.execute(sql: "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
        }
        return try databaseCall("cannot open keys.sqlite") {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try migrator.migrate(pool)
            return KeyDatabase(pool: pool)
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 keys") { db in
            try db.execute(sql: KeySchema.first)
        }
        return migrator
    }

    func read<Result>(
        _ what: String, _ body: (Database) throws -> Result
    ) throws(VaultError) -> Result {
        try databaseCall(what) { try pool.read(body) }
    }

    func write<Result>(
        _ what: String, _ body: (Database) throws -> Result
    ) throws(VaultError) -> Result {
        try databaseCall(what) { try pool.write(body) }
    }

    /// Drives deleted keys out of the write-ahead log and, with `rebuilding`, out of free pages.
    func purge(rebuilding: Bool) throws(VaultError) {
        let remains = try databaseCall("cannot purge keys.sqlite") {
            try pool.barrierWriteWithoutTransaction { db in
                if rebuilding { try db.execute(sql: "VACUUM") }
                // Row: busy, frames in the log, frames checkpointed.
                let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                return (row?[0] as Int?) ?? 1
            }
        }
        guard remains == 0 else {
            throw VaultError(
                .keysStillInLog,
                "the keys are deleted, but another process reads keys.sqlite, so that its "
                    + "write-ahead log still holds them",
                hint: "End that process and repeat the command.")
        }
    }
}

/// The tables of `keys.sqlite`.
enum KeySchema {
    /// Migration "1 keys".
    static let first = """
        CREATE TABLE setting (
            name TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE stageKey (
            kekId BLOB PRIMARY KEY NOT NULL CHECK (length(kekId) = 16),
            scope BLOB NOT NULL CHECK (length(scope) = 16),
            stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 6),
            epoch INTEGER NOT NULL,
            wrapped BLOB NOT NULL CHECK (length(wrapped) = 40),
            isCurrent INTEGER NOT NULL CHECK (isCurrent IN (0, 1))
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX currentStageKey ON stageKey (scope, stage) WHERE isCurrent = 1;
        CREATE TABLE objectKey (
            objectId BLOB PRIMARY KEY NOT NULL CHECK (length(objectId) = 32),
            kekId BLOB NOT NULL REFERENCES stageKey (kekId),
            wrapped BLOB NOT NULL CHECK (length(wrapped) = 40),
            createdAt INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX objectKeyByStageKey ON objectKey (kekId);
        CREATE TABLE sealedStageKey (
            kekId BLOB NOT NULL REFERENCES stageKey (kekId) ON DELETE CASCADE,
            principal TEXT NOT NULL,
            recipient BLOB NOT NULL CHECK (length(recipient) = 32),
            sealed BLOB NOT NULL CHECK (length(sealed) = 80),
            createdAt INTEGER NOT NULL,
            PRIMARY KEY (kekId, principal)
        ) WITHOUT ROWID;
        CREATE INDEX sealedStageKeyByPrincipal ON sealedStageKey (principal);
        CREATE TABLE subjectKey (
            subject BLOB PRIMARY KEY NOT NULL CHECK (length(subject) = 16),
            epoch INTEGER NOT NULL,
            wrapped BLOB NOT NULL CHECK (length(wrapped) = 40)
        ) WITHOUT ROWID;
        CREATE TABLE namedKey (
            scope BLOB NOT NULL CHECK (length(scope) = 16),
            name TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            wrapped BLOB NOT NULL,
            PRIMARY KEY (scope, name)
        ) WITHOUT ROWID;
        """
}
