public import ReaderProtocol

/// How input is to be read. Everything has a default; what is nil is found out from the input.
public struct IngestOptions: Sendable {
    /// The format; nil: by content and name, file by file. Archives are unpacked all the same.
    public var format: InputFormat?
    /// The encoding; nil: by byte order mark, declaration, else by the whole stream.
    public var encoding: TextEncoding?
    /// The delimiter byte of CSV; nil: sniffed among `,` tab `;` `|`.
    public var delimiter: UInt8?
    /// The quotation mark of CSV.
    public var quoting: CSVQuoting = .detect
    /// The header of CSV.
    public var header: CSVHeader = .detect
    /// What becomes one record of text or of a document; nil: the format's own (paragraphs of
    /// text, documents as a whole).
    public var unit: TextUnit?
    /// JSON: the dotted path of the member that holds the array of records, e.g. `data.items`;
    /// XML: the path of the elements that are records, e.g. `orders/order`; SQLite: the table.
    public var recordsPath: String?
    /// Which column becomes which field; nil: inferred from the standard names.
    public var mapping: FieldMapping?
    /// Which chat and tuning forms are looked for, and how chats are judged.
    public var chat = ChatOptions()
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
    /// What a document, or everything inside one archive, may take.
    public var limits = ReaderLimits()
    /// How many seconds the reader process may stay silent while it is waited for.
    public var readerSilence = 300.0
    /// How many seconds it may be waited for in all.
    public var readerSeconds = 3600.0
    /// How many archives may be inside each other.
    public var archiveDepth = 3

    /// The program that reads documents; nil: found by ``ReaderExecutable``.
    var readerPath: String?

    /// The defaults.
    public init() {}

    /// What becomes one record of plain text.
    public var textUnit: TextUnit {
        get { unit ?? .paragraph }
        set { unit = newValue }
    }
}
