internal import Records

/// A cell's value.
enum SheetValue: Hashable {
    case text(String)
    /// A number as it stands in the file.
    case number(String)
    /// A date or time in ISO 8601.
    case date(String)
    case bool(Bool)
    /// `#N/A`, `#DIV/0!` and their like.
    case error(String)

    /// The value of a column; numbers keep their source text.
    var json: JSONValue {
        switch self {
        case .text(let text), .number(let text), .date(let text), .error(let text): .string(text)
        case .bool(let value): .bool(value)
        }
    }

    /// Its text, as for the name of a column.
    var text: String {
        switch self {
        case .text(let text), .number(let text), .date(let text), .error(let text): text
        case .bool(let value): value ? "true" : "false"
        }
    }

    /// Whether there is nothing to see.
    var isBlank: Bool {
        if case .text(let text) = self { MailText.trimmed(text).isEmpty } else { false }
    }
}
