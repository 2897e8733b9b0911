public import Records

/// What the first pass over a file found.
public struct FileFacts: Sendable, Hashable {
    /// The file.
    public let file: InputFile
    /// SHA-256 of its bytes.
    public let digest: [UInt8]
    /// Its size.
    public let byteCount: UInt64
    /// How its bytes were read as text; of a document, see ``encodingName``.
    public let encoding: TextEncoding
    /// The encoding as it stands in the origin of each record: of text the one that was decided,
    /// of a document the declared one, or `document` where its own declarations were followed.
    public let encodingName: String
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
    /// Whether a row's offset and length are bytes of a regular file, so that it can be read again.
    public let canReread: Bool
    /// Remarks for people: repeated header names, a guessed encoding.
    public let notes: [String]

    /// For manifests and reports; the path is the relative one.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "path": .string(file.relativePath), "sha256": .string(Hex.encode(digest)),
            "bytes": .integer(Int(byteCount)), "encoding": .string(encodingName),
            "format": .string(format.rawValue), "parser": .string(parser),
            "notes": .array(notes.map { .string($0) }),
        ]
        if encodingGuessed { members["encodingGuessed"] = true }
        if let dialect { members["dialect"] = dialect.json }
        if let columns { members["columns"] = .array(columns.map { .string($0) }) }
        return .object(members)
    }
}
