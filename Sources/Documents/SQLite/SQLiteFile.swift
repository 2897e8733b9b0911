internal import CSQLite
internal import ReaderProtocol

/// A database file that is not trusted: opened for reading, as if nobody ever wrote to it.
///
/// Views, triggers and virtual tables do not run, and nothing but `SELECT` is allowed (the
/// precautions of <https://www.sqlite.org/security.html>).
@safe final class SQLiteFile {
    private let handle: OpaquePointer
    /// The file's bytes, where they are read from memory.
    private let memory: DocumentBytes?
    /// How long it is.
    let byteCount: UInt64
    /// The database's own text encoding.
    let encoding: String
    /// Whether the last changes may be in a `-wal` file beside it.
    let isWriteAhead: Bool

    /// Opens what comes from `input`.
    ///
    /// - Throws: `.malformed` where it is no database, `.overLimit`.
    init(_ input: DocumentInput) throws(ReaderFault) {
        let head = try input.head(100)
        guard head.count == 100, head.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw .malformed(
                "a file that is no SQLite database, or an encrypted one",
                hint: "decrypt it, or export its tables as CSV")
        }
        encoding = [2: "utf-16le", 3: "utf-16be"][head[59]] ?? "utf-8"
        isWriteAhead = head[18] == 2
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        let isFile = input.isRegularFile
        let path =
            isFile ? "file:/proc/self/fd/\(input.descriptor)?mode=ro&immutable=1" : ":memory:"
        let status = unsafe sqlite3_open_v2(
            path, &opened, isFile ? flags : flags | SQLITE_OPEN_MEMORY, nil)
        guard status == SQLITE_OK, let handle = unsafe opened else {
            unsafe sqlite3_close(opened)
            throw .malformed("a database that cannot be opened (SQLite error \(status))")
        }
        unsafe self.handle = unsafe handle
        memory = isFile ? nil : try unsafe Self.load(input, into: handle)
        byteCount = input.regularFileSize ?? UInt64(memory?.count ?? 0)
        guard unsafe tnd_sqlite_harden(handle) == SQLITE_OK else {
            throw .unsupported(
                "this SQLite library cannot read files that are not trusted",
                hint: "install SQLite 3.40 or later")
        }
        limit(input.limits)
        try run("PRAGMA temp_store = MEMORY")
        try run("PRAGMA cell_size_check = ON")
        try run("PRAGMA mmap_size = 0")
        unsafe sqlite3_set_authorizer(
            handle,
            { _, action, _, function, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ: SQLITE_OK
                // Generated columns may use them; those with side effects are off.
                case SQLITE_FUNCTION: SQLITE_OK
                default: SQLITE_DENY
                }
            }, nil)
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    private static func load(
        _ input: DocumentInput, into handle: OpaquePointer
    ) throws(ReaderFault) -> DocumentBytes {
        var bytes = try input.whole()
        if bytes[18] == 2 || bytes[19] == 2 {
            // In memory there is no write-ahead log (<https://www.sqlite.org/c3ref/deserialize>).
            var copy = bytes[0..<bytes.count]
            (copy[18], copy[19]) = (1, 1)
            bytes = DocumentBytes(copy)
        }
        let count = sqlite3_int64(bytes.count)
        let status = unsafe bytes.withUnsafeBytes {
            unsafe sqlite3_deserialize(
                handle, "main",
                UnsafeMutablePointer(mutating: $0.baseAddress?.assumingMemoryBound(to: UInt8.self)),
                count, count, UInt32(SQLITE_DESERIALIZE_READONLY))
        }
        guard status == SQLITE_OK else {
            throw .malformed("a database that cannot be opened (SQLite error \(status))")
        }
        return bytes
    }

    private func limit(_ limits: ReaderLimits) {
        let bytes = Int32(clamping: limits.recordBytes)
        for (what, most) in [
            (SQLITE_LIMIT_LENGTH, bytes), (SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
            (SQLITE_LIMIT_COLUMN, 2000), (SQLITE_LIMIT_EXPR_DEPTH, 100),
            (SQLITE_LIMIT_COMPOUND_SELECT, 1), (SQLITE_LIMIT_VDBE_OP, 25_000),
            (SQLITE_LIMIT_FUNCTION_ARG, 16), (SQLITE_LIMIT_ATTACHED, 0),
            (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000), (SQLITE_LIMIT_VARIABLE_NUMBER, 1),
            (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            _ = unsafe sqlite3_limit(handle, what, most)
        }
    }

    private func run(_ sql: String) throws(ReaderFault) {
        guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw fault() }
    }

    /// The last error as a fault.
    func fault() -> ReaderFault {
        let code = unsafe sqlite3_extended_errcode(handle)
        return code & 0xFF == SQLITE_NOMEM
            ? .overLimit("a database that needs more memory than the limit")
            : .malformed("a database that is broken (SQLite error \(code))")
    }

    /// Runs a `SELECT`; rows come one by one until `row` returns false.
    func select(
        _ sql: String, _ row: (SQLiteRow) throws(ReaderFault) -> Bool
    ) throws(ReaderFault) {
        var prepared: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil) == SQLITE_OK,
            let statement = unsafe prepared
        else { throw fault() }
        defer { unsafe sqlite3_finalize(statement) }
        let view = unsafe SQLiteRow(statement)
        while true {
            let status = unsafe sqlite3_step(statement)
            switch status {
            case SQLITE_ROW: if try !row(view) { return }
            case SQLITE_DONE: return
            default: throw fault()
            }
        }
    }
}

/// The row that a statement stands at.
@safe struct SQLiteRow {
    /// A value as SQLite stores it.
    enum Value {
        case null
        /// A number as text that reads back the same.
        case number(String)
        case text(String)
        case blob([UInt8])
    }

    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { unsafe self.statement = unsafe statement }

    /// The names of the columns.
    var names: [String] {
        unsafe (0..<sqlite3_column_count(statement)).map { index in
            unsafe sqlite3_column_name(statement, index).map { unsafe String(cString: $0) } ?? ""
        }
    }

    /// The value of a column, counted from 0.
    func value(_ index: Int) -> Value {
        let column = Int32(index)
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .number(String(unsafe sqlite3_column_int64(statement, column)))
        case SQLITE_FLOAT: return .number("\(unsafe sqlite3_column_double(statement, column))")
        case SQLITE_TEXT:
            guard let text = unsafe sqlite3_column_text(statement, column) else {
                return .text("")
            }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            return .text(
                unsafe String(
                    decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        default:
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            guard let bytes = unsafe sqlite3_column_blob(statement, column) else {
                return .blob([])
            }
            return .blob(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        }
    }

    /// A text column; empty for anything else.
    func text(_ index: Int) -> String {
        if case .text(let text) = value(index) { text } else { "" }
    }
}
