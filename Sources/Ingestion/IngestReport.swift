public import Records

/// What became of all the files of one ingest.
public struct IngestReport: Sendable {
    /// The files in reading order, an archive before its members.
    public let files: [FileReport]
    /// What became of all rows.
    public let count: IngestCount
    /// Where files of one format differ in their columns.
    public let drift: [SchemaDrift]

    /// Sums up the reports of ``Ingestor/read(_:deliver:)``.
    public init(_ files: [FileReport]) {
        self.files = files
        count = files.reduce(into: IngestCount()) { $0.merge($1.count) }
        drift = SchemaDrift.find(in: files)
    }

    /// The files that could not be read as a whole, or not to their end.
    public var refused: [FileReport] { files.filter { $0.refusal != nil } }

    /// `{"files": […], "counts": …, "drift": […]}`
    public var json: JSONValue {
        [
            "files": .array(files.map(\.json)), "counts": count.json,
            "drift": .array(drift.map(\.json)),
        ]
    }

    /// For people: each file with its format and encoding, notes, refusals, nulls; then the drift.
    public var lines: [String] {
        var lines: [String] = []
        for report in files {
            let facts = report.facts
            var line = "\(facts.file.relativePath): \(facts.parser)"
            line += ", \(report.decodedAs ?? facts.encodingName)"
            if let form = report.form { line += ", \(form)" }
            if let members = report.members { line += ", \(members) members" }
            lines.append(line)
            lines += report.notes.map { "  note: \($0)" }
            if let refusal = report.refusal {
                lines.append("  refused (\(refusal.reason)): \(refusal.message) (\(refusal.hint))")
            }
            for column in report.columns where !column.nulls.isEmpty {
                let spellings = column.nulls.sorted { $0.key < $1.key }
                    .map { "\($0.key.isEmpty ? "blank" : "'\($0.key)'") \($0.value)" }
                lines.append("  nulls in \(column.name): \(spellings.joined(separator: ", "))")
            }
        }
        return lines + drift.map(\.text)
    }
}

/// A column of a file that differs from the first file of the same format.
public struct SchemaDrift: Sendable, Hashable {
    /// What is different.
    public enum Change: String, Sendable, Hashable {
        /// The first file does not have it.
        case new
        /// The first file has it.
        case missing
        /// It is of another type.
        case retyped
    }

    /// The file, by its relative path.
    public let file: String
    /// The column, under the name of the record's field.
    public let column: String
    /// What is different.
    public let change: Change
    /// The type in the first file; nil for a new column.
    public let was: FieldType?
    /// The type in this file; nil for a missing column.
    public let now: FieldType?

    /// `{"file", "column", "change", "was", "now"}`
    public var json: JSONValue {
        [
            "file": .string(file), "column": .string(column), "change": .string(change.rawValue),
            "was": was.map { .string($0.rawValue) } ?? .null,
            "now": now.map { .string($0.rawValue) } ?? .null,
        ]
    }

    /// One line for people.
    public var text: String {
        switch change {
        case .new: "drift: \(file): column '\(column)' is new (\(now?.rawValue ?? ""))"
        case .missing: "drift: \(file): column '\(column)' is missing"
        case .retyped:
            "drift: \(file): column '\(column)' is \(now?.rawValue ?? ""), "
                + "was \(was?.rawValue ?? "")"
        }
    }

    /// Compares each file that has rows with the first one of its format; CSV and TSV count as
    /// one, so do JSON and JSON Lines. A column of nothing but nulls is of every type.
    static func find(in files: [FileReport]) -> [SchemaDrift] {
        var first: [InputFormat: [String: FieldType]] = [:]
        var drift: [SchemaDrift] = []
        for report in files where !report.columns.isEmpty {
            let family: InputFormat =
                switch report.facts.format {
                case .tsv: .csv
                case .jsonl: .json
                default: report.facts.format
                }
            let types = Dictionary(
                report.columns.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
            guard let known = first[family] else {
                first[family] = types
                continue
            }
            let path = report.facts.file.relativePath
            for name in Set(known.keys).union(types.keys).sorted() {
                let (was, now) = (known[name], types[name])
                let change: Change
                switch (was, now) {
                case (nil, _): change = .new
                case (_, nil): change = .missing
                case (.null?, _), (_, .null?): continue
                default: change = .retyped
                }
                if was == now { continue }
                drift.append(
                    SchemaDrift(file: path, column: name, change: change, was: was, now: now))
            }
        }
        return drift
    }
}
