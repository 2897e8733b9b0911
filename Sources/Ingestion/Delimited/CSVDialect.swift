public import Records

/// The quotation mark of delimited text.
public enum CSVQuoting: Sendable, Hashable {
    /// Found out from the input.
    case detect
    /// Quotation marks are ordinary characters.
    case none
    /// This byte encloses fields.
    case character(UInt8)
}

/// The header of delimited text.
public enum CSVHeader: Sendable, Hashable {
    /// Found out from the input (and from the mapping, if one names columns).
    case detect
    /// The first record names the columns.
    case present
    /// There is none: columns are called `column1`, `column2`, …
    case absent
    /// There is none: columns are called like this.
    case names([String])
}

/// How a delimited file is written.
public struct CSVDialect: Sendable, Hashable {
    /// The byte between fields.
    public internal(set) var delimiter: UInt8
    /// The byte that encloses fields; nil if none does.
    public internal(set) var quote: UInt8?
    /// The byte that takes the meaning from a quote inside quotes; nil if quotes are doubled
    /// (RFC 4180 §2.7).
    public internal(set) var escape: UInt8?
    /// Whether the first record names the columns.
    public internal(set) var hasHeader: Bool

    /// `{"delimiter", "quote", "escape", "header"}`
    public var json: JSONValue {
        func text(_ byte: UInt8?) -> JSONValue {
            byte.map { .string(String(UnicodeScalar($0))) } ?? .null
        }
        return [
            "delimiter": text(delimiter), "quote": text(quote), "escape": text(escape),
            "header": .bool(hasHeader),
        ]
    }
}
