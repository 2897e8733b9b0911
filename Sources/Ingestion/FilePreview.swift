public import Records

/// A column of a file, and what becomes of it.
public struct MappedColumn: Sendable, Hashable {
    /// What a column is for.
    public enum Role: String, Sendable, Hashable {
        /// A standard field of the record kind.
        case field
        /// A further field under its own name.
        case extra
        /// It names the person; it stays as a further field, unless dropped.
        case subject
        /// It identifies the row.
        case key
        /// It is left out.
        case dropped
    }

    /// The name in the file.
    public let column: String
    /// The name in the record; nil for one that is left out.
    public let field: String?
    /// What it is for.
    public let role: Role
    /// The type of its values so far.
    public let type: FieldType
}

/// How a file would be read, told from its start.
public struct FilePreview: Sendable {
    /// Format, dialect, encoding, columns, notes.
    public let facts: FileFacts
    /// What its records would be for; nil if no row was seen.
    public let kind: RecordKind?
    /// The chat or tuning form that was recognised.
    public let form: String?
    /// How the rows of a recognised form are read.
    public let chat: ChatMapping?
    /// The columns in the order of their names.
    public let columns: [MappedColumn]
    /// What the values of the first rows are like, by field: never what they say.
    public let shapes: [[String: String]]
    /// Why it could not be read as a whole.
    public let refusal: FileRefusal?
    /// Remarks for people.
    public let notes: [String]

    init(_ report: FileReport, _ sink: RowSink?, rows: [IngestedRow]) {
        facts = report.facts
        kind = report.kind
        form = report.form
        chat = sink?.form?.chat
        refusal = report.refusal
        notes = report.notes
        shapes = rows.map { $0.fields.mapValues(Self.shape) }
        columns = (sink?.sourceColumns ?? []).map { column in
            // What a recognised form makes a standard field of, whatever its name in the file.
            let part = sink?.form?.chat.columns.first { part, name in
                name == column.name && sink?.mapping?.kind.standardFields.contains(part) == true
            }
            let field =
                part?.key ?? sink?.mapping.map { $0.target(of: column.name) } ?? column.name
            let role: MappedColumn.Role =
                if field == nil {
                    .dropped
                } else if sink?.mapping?.subject.contains(column.name) == true {
                    .subject
                } else if sink?.mapping?.key.contains(column.name) == true {
                    .key
                } else if let field, sink?.mapping?.kind.standardFields.contains(field) == true {
                    .field
                } else {
                    .extra
                }
            return MappedColumn(column: column.name, field: field, role: role, type: column.type)
        }
    }

    /// `string, 132 characters, 24 words`, `array of 3`, `object of 2 members`, `null`, ….
    static func shape(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .bool: return "boolean"
        case .number: return "number"
        case .array(let elements): return "array of \(elements.count)"
        case .object(let members): return "object of \(members.count) members"
        case .string(let text):
            let words = text.split(whereSeparator: \.isWhitespace).count
            return "string, \(text.unicodeScalars.count) characters, \(words) words"
        }
    }

    /// `{"file", "kind", "form", "columns": […], "shapes": […], "refusal"}`
    public var json: JSONValue {
        [
            "file": facts.json, "kind": kind.map { .string($0.rawValue) } ?? .null,
            "form": form.map { .string($0) } ?? .null,
            "columns": .array(
                columns.map {
                    [
                        "column": .string($0.column), "role": .string($0.role.rawValue),
                        "field": $0.field.map { .string($0) } ?? .null,
                        "type": .string($0.type.rawValue),
                    ]
                }),
            "shapes": .array(shapes.map { .object($0.mapValues { .string($0) }) }),
            "refusal": refusal.map { .string($0.reason) } ?? .null,
            "chat": chat?.json ?? .null, "notes": .array(notes.map { .string($0) }),
        ]
    }

    /// For people: format, encoding, dialect; kind; each column and what becomes of it; shapes.
    public var lines: [String] {
        var line = "\(facts.file.relativePath): \(facts.format.rawValue), \(facts.encodingName)"
        if let dialect = facts.dialect { line += ", \(dialect.text)" }
        if let kind { line += " → \(kind.rawValue)" }
        if let form { line += " (recognised as \(form))" }
        var lines = [line]
        if let refusal {
            lines.append("  refused (\(refusal.reason)): \(refusal.message) (\(refusal.hint))")
        }
        lines += notes.map { "  note: \($0)" }
        lines += (chat?.lines ?? []).map { "  \($0)" }
        for column in columns {
            let target = column.field.map { $0 == column.column ? "" : " → \($0)" } ?? ""
            lines.append(
                "  \(column.column)\(target): \(column.role.rawValue), \(column.type.rawValue)")
        }
        for (index, shape) in shapes.enumerated() {
            let parts = shape.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
            lines.append("  row \(index + 1): \(parts.joined(separator: "; "))")
        }
        return lines
    }
}

extension CSVDialect {
    /// In words: `comma, quote ", header`.
    var text: String {
        let names: [UInt8: String] = [0x2C: "comma", 0x09: "tab", 0x3B: "semicolon", 0x7C: "bar"]
        let separator = names[delimiter] ?? "'\(String(UnicodeScalar(delimiter)))'"
        let quotes = quote.map { "quote \(String(UnicodeScalar($0)))" } ?? "no quotes"
        let escapes = escape.map { ", escape \(String(UnicodeScalar($0)))" } ?? ""
        return "\(separator), \(quotes)\(escapes), \(hasHeader ? "header" : "no header")"
    }
}

extension Ingestor {
    /// How files would be read, from their first rows; nothing is kept. Of an archive, its first
    /// members are told.
    ///
    /// - Parameter rows: how many rows' shapes are told of each file.
    public func preview(_ files: [InputFile], rows: Int = 3) throws -> [FilePreview] {
        var options = options
        options.batchRows = max(1, rows)
        var seen: [IngestedRow] = []
        var batches = 0
        var previews: [FilePreview] = []
        let ingestor = Ingestor(options: options)
        try withoutActuallyEscaping(
            { (_: FileFacts, batch: IngestBatch) throws in
                seen += batch.rows
                batches += 1
                if seen.count >= rows || batches > 200 { throw IngestRun.Enough() }
            },
            do: { deliver in
                let run = IngestRun(ingestor, isOneOfSeveral: true, deliver: deliver)
                run.memberLimit = 20
                run.observe = { report, sink in
                    previews.append(
                        FilePreview(report, sink, rows: Array(seen.prefix(rows))))
                    seen = []
                    batches = 0
                }
                for file in files { try run.read(file) }
            })
        return previews
    }
}
