public import Records

/// What a reader process is asked: JSON, its only argument. The document is its standard input.
public struct ReaderRequest: Sendable, Hashable {
    /// What to do: `unpack`, or a document format such as `docx`.
    public var task: DocumentFormat
    /// The document's name, for messages and for parsers that look at it; no path.
    public var name: String
    /// What becomes one record, where the format leaves a choice; nil: the format's own.
    public var unit: String?
    /// XML: the path of the elements that are records, such as `orders/order`. SQLite: the table.
    public var recordsPath: String?
    /// The encoding, where the user declared one.
    public var encoding: String?
    /// What a document may take.
    public var limits: ReaderLimits

    /// Makes a request.
    public init(
        _ task: DocumentFormat, name: String, unit: String? = nil, recordsPath: String? = nil,
        encoding: String? = nil, limits: ReaderLimits = ReaderLimits()
    ) {
        self.task = task
        self.name = name
        self.unit = unit
        self.recordsPath = recordsPath
        self.encoding = encoding
        self.limits = limits
    }

    /// The request as its JSON argument.
    public var json: JSONValue {
        [
            "task": .string(task.rawValue), "name": .string(name),
            "unit": unit.map { .string($0) } ?? .null,
            "recordsPath": recordsPath.map { .string($0) } ?? .null,
            "encoding": encoding.map { .string($0) } ?? .null, "limits": limits.json,
        ]
    }

    /// Reads the JSON argument.
    public init(json text: [UInt8]) throws(ReaderProtocolError) {
        let json = try ReaderMessage.parse(text)
        guard let task = DocumentFormat(rawValue: try ReaderMessage.text("task", of: json)) else {
            throw ReaderMessage.lacks("task", "request")
        }
        self.init(
            task, name: try ReaderMessage.text("name", of: json),
            unit: json["unit"]?.stringValue, recordsPath: json["recordsPath"]?.stringValue,
            encoding: json["encoding"]?.stringValue,
            limits: try ReaderLimits(json: json["limits"] ?? .null))
    }
}

/// The formats that are read in a process of their own.
public enum DocumentFormat: String, CaseIterable, Sendable, Hashable {
    /// A compressed file or an archive: its members come out as they are.
    case unpack
    /// XML with repeated elements as records, or as text.
    case xml
    /// A web page: its main text.
    case html
    /// A C-CDA clinical document.
    case ccda
    /// An SQLite database file.
    case sqlite
    /// One mail message (RFC 5322).
    case eml
    /// A mailbox of many messages.
    case mbox
    /// A Word document.
    case docx
    /// An Excel workbook.
    case xlsx
    /// A PowerPoint presentation.
    case pptx
    /// PDF with a text layer.
    case pdf
    /// Rich text.
    case rtf
}

/// What a document may take before it is refused.
public struct ReaderLimits: Sendable, Hashable {
    /// Address space in bytes (`RLIMIT_AS`).
    public var memoryBytes: UInt64 = 2 << 30
    /// Processor time in seconds (`RLIMIT_CPU`).
    public var cpuSeconds: UInt64 = 120
    /// The most bytes that come out of one archive, or out of the parts of one document.
    public var expandedBytes: UInt64 = 8 << 30
    /// The most bytes out per byte in, once 10 MB have come out.
    public var expansionRatio: UInt64 = 1000
    /// The most members of an archive.
    public var memberCount: UInt64 = 100_000
    /// How deep elements, parts or folders may nest.
    public var depth: UInt64 = 256
    /// The longest record in bytes.
    public var recordBytes: UInt64 = 100_000_000

    /// The defaults.
    public init() {}

    var json: JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: Self.members.map {
                    ($0.name, .string(String(self[keyPath: $0.path])))
                }))
    }

    init(json: JSONValue) throws(ReaderProtocolError) {
        for member in Self.members {
            self[keyPath: member.path] = try ReaderMessage.number(member.name, of: json)
        }
    }

    private static var members: [(name: String, path: WritableKeyPath<ReaderLimits, UInt64>)] {
        [
            ("memoryBytes", \.memoryBytes), ("cpuSeconds", \.cpuSeconds),
            ("expandedBytes", \.expandedBytes), ("expansionRatio", \.expansionRatio),
            ("memberCount", \.memberCount), ("depth", \.depth), ("recordBytes", \.recordBytes),
        ]
    }
}
