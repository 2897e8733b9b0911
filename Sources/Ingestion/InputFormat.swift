internal import Records

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

    /// The format called `option`; accepts the usual file extensions too.
    public init(option: String) throws(IngestionError) {
        guard let format = Self.byExtension[option.lowercased()] else {
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
        "md": .markdown, "markdown": .markdown,
    ]

    /// Whether rows have columns by position.
    var isDelimited: Bool { self == .csv || self == .tsv }
}

/// What becomes one record of a plain text or Markdown file.
public enum TextUnit: String, CaseIterable, Sendable, Hashable {
    /// Each line that is not blank.
    case line
    /// Each run of lines that are not blank.
    case paragraph
    /// The whole file.
    case file

    /// The unit called `option`.
    public init(option: String) throws(IngestionError) {
        guard let unit = TextUnit(rawValue: option.lowercased()) else {
            throw IngestionError(
                .badOption, "there is no text unit '\(option)'",
                hint: Suggestion.hint(
                    for: option, in: Self.allCases.map(\.rawValue), called: "units"))
        }
        self = unit
    }
}
