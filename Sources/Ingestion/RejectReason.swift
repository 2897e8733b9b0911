/// Why a row, or a whole file, went to quarantine; the raw values are stable and stand in reports
/// and manifests. Readers of single formats, and the reader process, have further ones.
public struct RejectReason: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The word as it stands in reports.
    public let rawValue: String

    /// Makes a reason.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes a reason.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The word as it stands in reports.
    public var description: String { rawValue }

    /// A CSV record with another number of fields than the header.
    public static let csvFieldCount = RejectReason("csv-field-count")
    /// A CSV field whose quote is never closed.
    public static let csvUnclosedQuote = RejectReason("csv-unclosed-quote")
    /// Text after the closing quote of a CSV field.
    public static let csvStrayQuote = RejectReason("csv-stray-quote")
    /// JSON that RFC 8259 does not allow.
    public static let jsonSyntax = RejectReason("json-syntax")
    /// A JSON object that names a member twice.
    public static let jsonDuplicateMember = RejectReason("json-duplicate-member")
    /// JSON nested deeper than the limit.
    public static let jsonDepth = RejectReason("json-depth")
    /// JSON that is neither an object nor an array of columns.
    public static let jsonNotARecord = RejectReason("json-not-a-record")
    /// JSON that ends in the middle of a value.
    public static let jsonTruncated = RejectReason("json-truncated")
    /// Bytes that the encoding does not allow.
    public static let encodingInvalid = RejectReason("encoding-invalid")
    /// A record longer than the limit.
    public static let tooLong = RejectReason("too-long")
    /// No text, or a blank one.
    public static let missingText = RejectReason("missing-text")
    /// No label, or a blank one.
    public static let missingLabel = RejectReason("missing-label")
    /// Another required field is absent or blank.
    public static let missingField = RejectReason("missing-field")
    /// The declared key column is absent or blank.
    public static let missingKey = RejectReason("missing-key")
    /// A chat that is not a list of `{role, content}`.
    public static let badMessages = RejectReason("bad-messages")
    /// A standard field that is not text.
    public static let badValue = RejectReason("bad-value")
    /// A value that is not of the type that the mapping declares for its column.
    public static let typeMismatch = RejectReason("type-mismatch")
}
