internal import ReaderProtocol
internal import Records

/// A database file: one record for each row of its ordinary tables, or of the one that is named.
///
/// Numbers come as the text that reads back the same. A BLOB that is plain UTF-8 text is that text;
/// any other is left out and counted. A table that breaks off is refused from there on.
enum SQLiteReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let file = try SQLiteFile(input)
        if file.isWriteAhead {
            try sink.note("changes that are still in a -wal file beside the database are not read")
        }
        let schema = try SQLiteSchema(file)
        var tables = schema.tables
        if let name = request.recordsPath {
            let found =
                schema.all.first { $0 == name }
                ?? schema.all.first { $0.lowercased() == name.lowercased() }
            guard let found else {
                throw .malformed(
                    "a database that has no table of the name in the records path",
                    hint: "its tables are \(schema.shortList)")
            }
            tables = [found]
        } else {
            for (count, what) in [
                (schema.views, "views"), (schema.virtual, "virtual tables"),
                (schema.all.count - tables.count, "tables of virtual tables"),
            ] where count > 0 {
                try sink.note("\(count) \(what) are not read")
            }
        }
        var rows = SQLiteRows(
            file, sink, limits: request.limits, isAlone: tables.count == 1)
        for table in tables { try rows.put(table) }
        if rows.count == 0 { try sink.note("no table of the database has rows") }
        return ReaderSummary(parser: "sqlite/1", encoding: file.encoding)
    }
}

/// What tables a database has.
struct SQLiteSchema {
    /// Every table with rows of its own, in the order they were made.
    private(set) var all: [String] = []
    /// Those that are no part of a virtual table.
    private(set) var tables: [String] = []
    private(set) var views = 0
    private(set) var virtual = 0

    init(_ file: SQLiteFile) throws(ReaderFault) {
        var found: [String] = []
        var (views, virtuals) = (0, [String]())
        try file.select("SELECT type, name, rootpage FROM sqlite_schema ORDER BY rowid") {
            row throws(ReaderFault) in
            let name = row.text(1)
            switch row.text(0) {
            case "view": views += 1
            case "table":
                if case .number(let page) = row.value(2), page != "0" {
                    if !name.lowercased().hasPrefix("sqlite_") { found.append(name) }
                } else {
                    virtuals.append(name)
                }
            default: break
            }
            return found.count < 10_000
        }
        all = found
        // Full-text and spatial indexes keep their content in tables `NAME_…`.
        tables = found.filter { name in !virtuals.contains { name.hasPrefix("\($0)_") } }
        self.views = views
        virtual = virtuals.count
    }

    /// The first names, for a hint.
    var shortList: String {
        let names = all.prefix(10).map { name in
            String(
                decoding: name.utf8.prefix(64).map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 },
                as: UTF8.self)
        }
        return names.isEmpty
            ? "none" : names.joined(separator: ", ") + (all.count > 10 ? ", …" : "")
    }
}

/// Turns rows into records.
private struct SQLiteRows {
    private let file: SQLiteFile
    private let sink: any DocumentSink
    private let size: UInt64
    /// Whether only one table is read; else each record names its own.
    private let isAlone: Bool
    private var meter: ExpansionMeter
    /// How many rows so far.
    private(set) var count: UInt64 = 0

    init(
        _ file: SQLiteFile, _ sink: any DocumentSink, limits: ReaderLimits, isAlone: Bool
    ) {
        self.file = file
        self.sink = sink
        size = max(file.byteCount, 4096)
        self.isAlone = isAlone
        meter = ExpansionMeter(limits: limits)
    }

    mutating func put(_ table: String) throws(ReaderFault) {
        let name = table.replacing("\"", with: "\"\"")
        var names: [String] = []
        var rows = 0
        var binary = 0
        // Pages that many others point to could make rows without end: what comes out is counted.
        var (meter, count) = (meter, count)
        do throws(ReaderFault) {
            try file.select("SELECT * FROM \"\(name)\"") { row throws(ReaderFault) in
                if names.isEmpty { names = row.names }
                var fields: [String: JSONValue] = [:]
                var bytes = 8
                for (index, name) in names.enumerated() {
                    switch row.value(index) {
                    case .null: fields[name] = .null
                    case .number(let text), .text(let text):
                        fields[name] = .string(text)
                        bytes += text.utf8.count
                    case .blob(let blob):
                        bytes += blob.count
                        if let text = Self.text(blob) {
                            fields[name] = .string(text)
                        } else {
                            binary += 1
                        }
                    }
                }
                try meter.add(bytes, from: size)
                if !isAlone, fields["table"] == nil { fields["table"] = .string(table) }
                rows += 1
                try sink.record(fields, place: "\(table) row \(rows)", offset: count)
                count += 1
                return true
            }
        } catch {
            guard error.code == .malformed else { throw error }
            try sink.refuse(
                "sqlite-broken", "a table that breaks off: \(error.message)",
                place: "\(table) row \(rows + 1)", offset: count)
            count += 1
        }
        (self.meter, self.count) = (meter, count)
        if binary > 0 {
            try sink.note("\(binary) binary values of the table '\(table)' were left out")
        }
    }

    /// Text that a program stored as bytes.
    private static func text(_ blob: [UInt8]) -> String? {
        let isPlain = blob.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        return isPlain ? String(validating: blob, as: UTF8.self) : nil
    }
}
