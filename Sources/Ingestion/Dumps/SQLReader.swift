internal import Records

/// Reads the rows of a database dump: INSERT and REPLACE with VALUES, and COPY … FROM stdin.
///
/// Statements are cut one row at a time, so memory stays that of the longest row. Columns come
/// from the statement, else from CREATE TABLE. Other statements are counted as `other-statement`
/// and left out. Without a records path each row says its `table`.
final class SQLReader {
    private let window: ByteWindow
    private let sink: RowSink
    private let limit: Int
    private let wanted: String?
    private let dialect: SQLDialect
    private let cursor: SQLCursor
    private var tables: [String: [String]] = [:]

    init(window: ByteWindow, sink: RowSink, options: IngestOptions) {
        self.window = window
        self.sink = sink
        limit = options.maximumRecordBytes
        wanted = options.recordsPath
        dialect = unsafe window.withBytes { unsafe SQLDialect(sample: $0) }
        cursor = SQLCursor(
            window: window, limit: limit, hasBackslashes: dialect.backslashEscapes)
    }

    /// Reads to the end.
    func run() throws {
        while try cursor.skipSpace() != nil {
            let start = try cursor.look(64)
            let words = start.split { !SQLCutter.isWordByte($0) }.prefix(2).map {
                String(decoding: $0, as: UTF8.self).uppercased()
            }
            if start.starts(with: cursor.terminator) {
                window.consume(cursor.terminator.count)
            } else if start.first == UInt8(ascii: "\\") {
                // A command of psql.
                try cursor.skipLine()
            } else {
                switch words.first {
                case "INSERT", "REPLACE": try readInsert()
                case "COPY": try readCopy()
                case "CREATE": try readCreate()
                case "DELIMITER": try readDelimiter()
                default: try skipStatement(isCounted: true)
                }
            }
        }
    }

    // MARK: Statements

    private func readInsert() throws {
        let header = try cursor.cut(.header)
        guard let text = header.text, Self.endsInValues(text) else {
            window.consume(header.length)
            return try skipStatement(isCounted: true)
        }
        window.consume(header.length)
        let keywords: Set<String> = [
            "INSERT", "REPLACE", "INTO", "OR", "IGNORE", "ABORT", "FAIL", "ROLLBACK", "DELAYED",
            "LOW_PRIORITY", "HIGH_PRIORITY", "OVERWRITE", "TABLE", "ONLY",
        ]
        guard let target = SQLNames.header(text, after: keywords) else {
            return try skipStatement(isCounted: true)
        }
        while try cursor.skipSpace() == UInt8(ascii: "(") {
            let start = window.sourceOffset
            let row = try cursor.cut(.list)
            let width = unsafe window.withBytes { view in
                unsafe window.sourceBytes(of: UnsafeBufferPointer(rebasing: view[..<row.length]))
            }
            if row.isTooLong || !row.isFound {
                window.consume(row.length)
                let span = SourceSpan(offset: start, length: window.sourceOffset - start)
                let reason = row.isTooLong ? RejectReason.tooLong : .sqlSyntax
                let why =
                    row.isTooLong
                    ? "longer than the limit of \(limit) bytes" : "the file ends inside of a row"
                try sink.reject(reason, why, span, content: .none)
            } else {
                try unsafe window.withBytes { view in
                    let text = unsafe UnsafeBufferPointer(rebasing: view[..<row.length])
                    try unsafe take(text, target, SourceSpan(offset: start, length: width))
                }
                window.consume(row.length)
            }
            guard try cursor.skipSpace() == UInt8(ascii: ",") else { break }
            window.consume(1)
        }
        // What may follow: ON CONFLICT, ON DUPLICATE KEY, RETURNING.
        try skipStatement(isCounted: false)
    }

    private static func endsInValues(_ text: [UInt8]) -> Bool {
        let end = text.suffix(6).map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }
        return end == Array("VALUES".utf8) || end.suffix(5) == Array("VALUE".utf8)[...]
    }

    private func take(
        _ list: UnsafeBufferPointer<UInt8>, _ target: SQLNames.Header, _ span: SourceSpan
    ) throws {
        guard wanted.map(target.matches) ?? true else { return sink.drop("other-table") }
        let content = unsafe Content.bytes(list)
        let values: [SQLValues.Value]
        do throws(JSONFault) {
            values = try unsafe SQLValues.read(list, dialect: dialect)
        } catch {
            return try sink.reject(error.reason, error.message, span, content: content)
        }
        try put(values, target, span, content)
    }

    private func put(
        _ values: [SQLValues.Value], _ target: SQLNames.Header, _ span: SourceSpan,
        _ content: Content
    ) throws {
        let known = target.columns ?? tables[target.table.lowercased()]
        let columns = known ?? CSVColumns.numbered(values.count)
        guard columns.count == values.count else {
            return try sink.reject(
                .sqlColumnCount, "\(values.count) values, expected \(columns.count)", span,
                content: content)
        }
        var fields: [String: JSONValue] = [:]
        var types: [String: Schema.ColumnType] = [:]
        for (name, value) in zip(columns, values) {
            fields[name] = value.value
            types[name] = value.type
        }
        if wanted == nil {
            let name = columns.contains("table") ? "sql_table" : "table"
            fields[name] = .string(target.table)
            types[name] = .string
        }
        try sink.accept(fields, span, types: types, content: content)
    }

    private func readCreate() throws {
        let statement = try cursor.cut(.statement)
        if let text = statement.text, let table = SQLNames.createTable(text),
            let columns = table.columns
        {
            tables[table.table.lowercased()] = columns
        }
        window.consume(statement.length)
        sink.drop("other-statement")
    }

    /// MySQL's client command that changes what ends a statement, around procedures.
    private func readDelimiter() throws {
        let line = try cursor.takeLine(limit: 1 << 16)
        let words = (line ?? []).split { ByteSearch.isSpace($0) }
        if words.count > 1, words[1].count <= 16 { cursor.terminator = Array(words[1]) }
    }

    private func skipStatement(isCounted: Bool) throws {
        try cursor.skipStatement()
        if isCounted { sink.drop("other-statement") }
    }

    // MARK: COPY

    private func readCopy() throws {
        let header = try cursor.cut(.statement)
        let text = header.text ?? []
        window.consume(header.length)
        let words = String(decoding: text.prefix(1 << 16), as: UTF8.self).uppercased()
            .split { !$0.isLetter && !$0.isNumber }
        guard words.contains("STDIN"), words.contains("FROM"),
            let target = SQLNames.header(text, after: ["COPY"])
        else { return try skipStatement(isCounted: true) }
        let isPlain =
            !words.contains("CSV") && !words.contains("BINARY")
            && !words.contains("DELIMITER") && !words.contains("DELIMITERS")
        if !isPlain {
            sink.note("a COPY that is not in PostgreSQL's text form was left out")
        }
        window.consume(min(cursor.terminator.count, window.count))
        try cursor.skipLine()
        while true {
            let start = window.sourceOffset
            guard try !cursor.atEnd() else {
                let span = SourceSpan(offset: start, length: 0)
                return try sink.reject(
                    .sqlSyntax, "the file ends inside of a COPY", span, content: .none)
            }
            guard let line = try cursor.takeLine(limit: limit) else {
                let span = SourceSpan(offset: start, length: window.sourceOffset - start)
                try sink.reject(
                    .tooLong, "longer than the limit of \(limit) bytes", span, content: .none)
                continue
            }
            if line == [UInt8(ascii: "\\"), UInt8(ascii: ".")] { return }
            let isWanted = wanted.map(target.matches) ?? true
            guard isPlain, isWanted else {
                sink.drop(isWanted ? "other-statement" : "other-table")
                continue
            }
            let width = window.sourceOffset - start
            let span = SourceSpan(
                offset: start, length: width > 0 ? width - cursor.lineEndBytes : 0)
            try takeCopied(line, target, span)
        }
    }

    private func takeCopied(
        _ line: [UInt8], _ target: SQLNames.Header, _ span: SourceSpan
    ) throws {
        let content = Content.copied(line)
        var values: [SQLValues.Value] = []
        for field in line.split(separator: 0x09, omittingEmptySubsequences: false) {
            if field.elementsEqual([UInt8(ascii: "\\"), UInt8(ascii: "N")]) {
                values.append((.null, .null))
                continue
            }
            var bytes: [UInt8] = []
            var i = field.startIndex
            while i < field.endIndex {
                if field[i] == UInt8(ascii: "\\"), i + 1 < field.endIndex {
                    i += SQLEscapes.decode(field[i...], isC: true, into: &bytes)
                } else {
                    bytes.append(field[i])
                    i += 1
                }
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return try sink.reject(
                    .encodingInvalid, "bytes that the encoding does not allow", span,
                    content: content)
            }
            values.append((.string(text), .string))
        }
        try put(values, target, span, content)
    }
}
