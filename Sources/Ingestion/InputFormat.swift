internal import Records
public import ReaderProtocol

/// The formats that are read.
public enum InputFormat: String, CaseIterable, Sendable, Hashable {
    /// Delimited text, RFC 4180 and its common dialects.
    case csv
    /// Tab-separated text.
    case tsv
    /// An array of records, one record, or several one after the other (RFC 8259).
    case json
    /// One JSON value per line.
    case jsonl
    /// Plain text.
    case text
    /// Markdown, read as text whose code fences stay whole.
    case markdown
    /// XML with repeated elements as records.
    case xml
    /// A web page: its main text.
    case html
    /// A C-CDA clinical document.
    case ccda
    /// An SQLite database file.
    case sqlite
    /// One mail message (RFC 5322).
    case eml
    /// A mailbox of many messages (RFC 4155).
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
    /// FHIR R4 resources: a JSON bundle, one resource, or NDJSON.
    case fhir
    /// HL7 v2 messages.
    case hl7
    /// `INSERT` statements of a database dump.
    case sql
    /// SubRip subtitles.
    case srt
    /// WebVTT subtitles.
    case vtt
    /// A log of a messenger or of IRC.
    case chatlog
    /// A compressed file or an archive; its members are read like files.
    case archive

    /// The format called `option`; accepts the usual file extensions too.
    public init(option: String) throws(IngestionError) {
        let name = option.lowercased()
        guard let format = Self.byExtension[name] ?? InputFormat(rawValue: name) else {
            throw IngestionError(
                .badOption, "there is no format '\(option)'",
                hint: Suggestion.hint(
                    for: option, in: Self.allCases.map(\.rawValue), called: "formats"))
        }
        self = format
    }

    /// Formats by file extension, lower case.
    static let byExtension: [String: InputFormat] = [
        "csv": .csv, "tsv": .tsv, "tab": .tsv, "psv": .csv, "json": .json, "geojson": .json,
        "jsonl": .jsonl, "ndjson": .jsonl, "text": .text, "txt": .text, "log": .text,
        "md": .markdown, "markdown": .markdown, "xml": .xml, "html": .html, "htm": .html,
        "xhtml": .html, "sqlite": .sqlite, "sqlite3": .sqlite, "db": .sqlite, "eml": .eml,
        "mbox": .mbox, "mbx": .mbox, "docx": .docx, "docm": .docx, "dotx": .docx, "dotm": .docx,
        "xlsx": .xlsx, "xlsm": .xlsx, "xltx": .xlsx, "xltm": .xlsx, "pptx": .pptx, "pptm": .pptx,
        "ppsx": .pptx, "potx": .pptx, "pdf": .pdf, "rtf": .rtf, "hl7": .hl7, "sql": .sql,
        "srt": .srt, "vtt": .vtt, "gz": .archive, "tgz": .archive, "zst": .archive,
        "bz2": .archive, "tbz2": .archive, "xz": .archive, "txz": .archive, "lzma": .archive,
        "lz4": .archive, "zip": .archive, "tar": .archive, "7z": .archive,
    ]

    /// Whether rows have columns by position.
    public var isDelimited: Bool { self == .csv || self == .tsv }

    /// The task of the reader process that reads it; nil for what is read in this process.
    public var document: DocumentFormat? {
        self == .archive ? .unpack : DocumentFormat(rawValue: rawValue)
    }

    /// Whether a process of its own reads it, an archive not counted.
    public var isDocument: Bool { document != nil && self != .archive }
}

/// What becomes one record where a format leaves a choice.
public enum TextUnit: String, CaseIterable, Sendable, Hashable {
    /// Each line that is not blank.
    case line
    /// Each run of lines that are not blank.
    case paragraph
    /// The whole file.
    case file
    /// Each heading with what stands below it.
    case heading
    /// Each page of a PDF.
    case page

    /// The unit called `option`; `document` is another word for `file`.
    public init(option: String) throws(IngestionError) {
        let name = option.lowercased()
        guard let unit = TextUnit(rawValue: name == "document" ? "file" : name) else {
            throw IngestionError(
                .badOption, "there is no text unit '\(option)'",
                hint: Suggestion.hint(
                    for: option, in: Self.allCases.map(\.rawValue), called: "units"))
        }
        self = unit
    }

    /// How the reader process calls it.
    var documentName: String { self == .file ? "document" : rawValue }
}
