internal import FoundationEssentials
internal import GRDB
internal import Records

/// The catalog as it stands at one moment: every question, no change.
///
/// Lives only inside ``CatalogStore/read(_:)`` and ``CatalogStore/commit(_:signer:_:)``.
public class CatalogReader {
    let db: Database
    /// The workspace this catalog belongs to.
    public let workspace: WorkspaceRow

    init(_ db: Database, workspace: WorkspaceRow) {
        self.db = db
        self.workspace = workspace
    }

    /// The workspace's row as the database holds it now, for comparing it with the log.
    public func storedWorkspace() throws(CatalogError) -> WorkspaceRow? {
        try first("SELECT * FROM workspace", [], WorkspaceRow.init)
    }

    /// All rows of a query, each made into a value.
    func rows<T>(
        _ sql: String, _ arguments: StatementArguments = [],
        _ make: (Row) throws(CatalogError) -> T
    ) throws(CatalogError) -> [T] {
        var result: [T] = []
        try each(sql, arguments) { row throws(CatalogError) in result.append(try make(row)) }
        return result
    }

    /// Visits all rows of a query without keeping them.
    func each(
        _ sql: String, _ arguments: StatementArguments = [],
        _ visit: (Row) throws(CatalogError) -> Void
    ) throws(CatalogError) {
        try mapped {
            let statement = try db.cachedStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: arguments)
            while let row = try cursor.next() { try visit(row) }
        }
    }

    /// The first row of a query, or nil.
    func first<T>(
        _ sql: String, _ arguments: StatementArguments = [],
        _ make: (Row) throws(CatalogError) -> T
    ) throws(CatalogError) -> T? {
        try mapped {
            let statement = try db.cachedStatement(sql: sql)
            return try Row.fetchOne(statement, arguments: arguments).map { try make($0) }
        }
    }

    /// The one number a query answers.
    func number(_ sql: String, _ arguments: StatementArguments = []) throws(CatalogError) -> Int64 {
        try mapped {
            try Int64.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments) ?? 0
        }
    }
}

/// Runs GRDB calls and gives their errors this room's type.
func mapped<T>(_ body: () throws -> T) throws(CatalogError) -> T {
    do {
        return try body()
    } catch let error as CatalogError {
        throw error
    } catch let error as DatabaseError {
        throw CatalogError(sqlite: error)
    } catch {
        throw CatalogError(.database, "the catalog cannot be read or written: \(error)")
    }
}

extension CatalogError {
    /// SQLite's own words without the statement's arguments, which may be personal.
    init(sqlite error: DatabaseError) {
        let text = error.message ?? "no message"
        switch error.resultCode {
        case .SQLITE_CONSTRAINT:
            self.init(
                .conflict, "the catalog refuses the change: \(text)",
                hint: "the name is taken, or something it refers to does not exist")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.conflict, "the catalog is busy: \(text)", hint: "try again")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .integrity, "catalog.sqlite is damaged: \(text)", hint: "restore from a backup")
        default:
            self.init(.database, "SQLite error \(error.resultCode.rawValue): \(text)")
        }
    }
}
