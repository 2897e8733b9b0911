/// How input is to be read. Everything has a default; what is nil is found out from the input.
public struct IngestOptions: Sendable {
    /// The format; nil: by name and content, file by file.
    public var format: InputFormat?
    /// The encoding; nil: by byte order mark, else by the whole stream.
    public var encoding: TextEncoding?
    /// The delimiter byte of CSV; nil: sniffed among `,` tab `;` `|`.
    public var delimiter: UInt8?
    /// The quotation mark of CSV.
    public var quoting: CSVQuoting = .detect
    /// The header of CSV.
    public var header: CSVHeader = .detect
    /// What becomes one record of plain text.
    public var textUnit: TextUnit = .paragraph
    /// JSON: the dotted path of the member that holds the array of records, e.g. `data.items`.
    public var recordsPath: String?
    /// Which column becomes which field; nil: inferred from the standard names.
    public var mapping: FieldMapping?
    /// The longest record in bytes of decoded text; a longer one is quarantined, not buffered.
    public var maximumRecordBytes = 100_000_000
    /// How deep JSON may be nested.
    public var maximumDepth = 256
    /// How many bytes are read at a time.
    public var chunkBytes = 1 << 20
    /// The most rows that are delivered at a time.
    public var batchRows = 1024
    /// The most source bytes, in about, that one delivery spans (one larger row excepted).
    public var batchBytes = 8 << 20

    /// The defaults.
    public init() {}
}
