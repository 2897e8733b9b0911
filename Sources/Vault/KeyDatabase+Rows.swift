internal import FoundationEssentials
internal import GRDB
internal import Records

/// A stage's key-encryption key, wrapped by an epoch key.
struct StageKeyRow: Sendable {
    let id: KEKID
    let scope: SealScope
    let epoch: Int
    let wrapped: [UInt8]
}

/// An object's key, wrapped by a stage key, beside that stage key's row.
struct ObjectKeyRow: Sendable {
    let wrapped: [UInt8]
    let stageKey: StageKeyRow
}

extension Row {
    /// A blob column as bytes; empty where there is none.
    func bytes(_ column: Int) -> [UInt8] { (self[column] as Data?).map(Array.init) ?? [] }
}

extension StageKeyRow {
    /// Columns, in this order: kekId, scope, stage, epoch, wrapped.
    static let columns =
        "stageKey.kekId, stageKey.scope, stageKey.stage, stageKey.epoch, "
        + "stageKey.wrapped"

    /// Reads the columns from `first` on.
    init(_ row: Row, from first: Int = 0) throws(VaultError) {
        guard let number = row[first + 2] as Int?, let byte = UInt8(exactly: number),
            let stage = SealStage(rawValue: byte), let epoch = row[first + 3] as Int?
        else { throw VaultLayout.damaged("a row of keys/keys.sqlite") }
        id = try KEKID(bytes: row.bytes(first))
        scope = SealScope(try ScopeID(bytes: row.bytes(first + 1)), stage)
        self.epoch = epoch
        wrapped = row.bytes(first + 4)
    }
}

// Statements, each in one place; all take the connection of the caller's transaction.
extension KeyDatabase {
    // MARK: Settings

    static func setting(_ db: Database, _ name: String) throws -> [UInt8]? {
        try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
            .map(Array.init)
    }

    static func set(_ db: Database, _ name: String, _ value: [UInt8]) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            arguments: [name, Data(value)])
    }

    static func currentEpoch(_ db: Database) throws -> Int {
        guard let bytes = try setting(db, "epoch"),
            let number = BigEndian.read(UInt64.self, from: bytes, at: 0)
        else { throw VaultLayout.damaged("keys/keys.sqlite") }
        return Int(number)
    }

    static func setCurrentEpoch(_ db: Database, _ number: Int) throws {
        try set(db, "epoch", BigEndian.bytes(UInt64(number)))
    }

    // MARK: Stage keys

    static func currentStageKey(_ db: Database, _ scope: SealScope) throws -> StageKeyRow? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(StageKeyRow.columns) FROM stageKey
                WHERE scope = ? AND stage = ? AND isCurrent = 1
                """)
        return try Row.fetchOne(
            statement, arguments: [Data(scope.scope.bytes), Int(scope.stage.rawValue)]
        ).map { try StageKeyRow($0) }
    }

    static func stageKey(_ db: Database, _ id: KEKID) throws -> StageKeyRow? {
        try Row.fetchOne(
            db, sql: "SELECT \(StageKeyRow.columns) FROM stageKey WHERE kekId = ?",
            arguments: [Data(id.bytes)]
        ).map { try StageKeyRow($0) }
    }

    static func insert(_ db: Database, _ row: StageKeyRow) throws {
        try db.execute(
            sql: """
                INSERT INTO stageKey (kekId, scope, stage, epoch, wrapped, isCurrent)
                VALUES (?, ?, ?, ?, ?, 1)
                """,
            arguments: [
                Data(row.id.bytes), Data(row.scope.scope.bytes), Int(row.scope.stage.rawValue),
                row.epoch, Data(row.wrapped),
            ])
    }

    // MARK: Object keys

    static func objectKey(_ db: Database, _ object: ObjectID) throws -> ObjectKeyRow? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT objectKey.wrapped, \(StageKeyRow.columns)
                FROM objectKey JOIN stageKey USING (kekId) WHERE objectId = ?
                """)
        return try Row.fetchOne(statement, arguments: [Data(object.bytes)]).map { row in
            ObjectKeyRow(wrapped: row.bytes(0), stageKey: try StageKeyRow(row, from: 1))
        }
    }

    static func insertObjectKey(
        _ db: Database, _ object: ObjectID, under kek: KEKID, wrapped: [UInt8], at time: Int64
    ) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO objectKey (objectId, kekId, wrapped, createdAt) VALUES (?, ?, ?, ?)")
        try statement.execute(
            arguments: [Data(object.bytes), Data(kek.bytes), Data(wrapped), time])
    }

    /// Deletes rows; gives how many there were.
    static func deleteObjectKeys(_ db: Database, _ objects: [ObjectID]) throws -> Int {
        let statement = try db.cachedStatement(sql: "DELETE FROM objectKey WHERE objectId = ?")
        var count = 0
        for object in objects {
            try statement.execute(arguments: [Data(object.bytes)])
            count += db.changesCount
        }
        return count
    }

    // MARK: Sealed stage keys

    static func insertSealed(
        _ db: Database, _ kek: KEKID, principal: String, recipient: [UInt8], sealed: [UInt8]
    ) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO sealedStageKey
                (kekId, principal, recipient, sealed, createdAt) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                Data(kek.bytes), principal, Data(recipient), Data(sealed),
                Timestamp.now.secondsSince1970,
            ])
    }

    static func sealed(
        _ db: Database, _ kek: KEKID, principal: String
    ) throws -> [UInt8]? {
        try Data.fetchOne(
            db, sql: "SELECT sealed FROM sealedStageKey WHERE kekId = ? AND principal = ?",
            arguments: [Data(kek.bytes), principal]
        ).map(Array.init)
    }
}
