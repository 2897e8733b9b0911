public import Records

/// What the first pass over a file found.
public struct FileFacts: Sendable, Hashable {
    /// The file.
    public let file: InputFile
    /// SHA-256 of its bytes.
    public let digest: [UInt8]
    /// Its size.
    public let byteCount: UInt64
    /// How its bytes were read as text.
    public let encoding: TextEncoding
    /// Whether the encoding is a guess: neither declared, nor marked, nor valid UTF-8.
    public let encodingGuessed: Bool
    /// Its format.
    public let format: InputFormat
    /// The parser and the version of its rules, as it stands in the origin of each record.
    public let parser: String
    /// How a delimited file is written; nil for other formats.
    public let dialect: CSVDialect?
    /// The columns of a delimited file, as they can be mapped; nil for other formats.
    public let columns: [String]?
    /// Remarks for people: repeated header names, a guessed encoding.
    public let notes: [String]

    /// For manifests and reports; the path is the relative one.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "path": .string(file.relativePath), "sha256": .string(Hex.encode(digest)),
            "bytes": .integer(Int(byteCount)), "encoding": .string(encoding.rawValue),
            "format": .string(format.rawValue), "parser": .string(parser),
            "notes": .array(notes.map { .string($0) }),
        ]
        if encodingGuessed { members["encodingGuessed"] = true }
        if let dialect { members["dialect"] = dialect.json }
        if let columns { members["columns"] = .array(columns.map { .string($0) }) }
        return .object(members)
    }
}

/// What became of one file.
public struct FileReport: Sendable {
    /// What the first pass found.
    public let facts: FileFacts
    /// What its records are for; nil if it had no rows.
    public let kind: RecordKind?
    /// What became of its rows.
    public let count: IngestCount
    /// What its columns hold, under the names of the record's fields, as the source types them
    /// (CSV has only strings).
    public let schema: Schema

    /// `{"file": …, "kind", "count": …, "schema": …}`
    public var json: JSONValue {
        [
            "file": facts.json, "kind": kind.map { .string($0.rawValue) } ?? .null,
            "count": count.json, "schema": schema.json,
        ]
    }
}
