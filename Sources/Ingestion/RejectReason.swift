/// Why a row went to quarantine; the raw values are stable and stand in reports and manifests.
public enum RejectReason: String, CaseIterable, Sendable, Hashable {
    /// A CSV record with another number of fields than the header.
    case csvFieldCount = "csv-field-count"
    /// A CSV field whose quote is never closed.
    case csvUnclosedQuote = "csv-unclosed-quote"
    /// Text after the closing quote of a CSV field.
    case csvStrayQuote = "csv-stray-quote"
    /// JSON that RFC 8259 does not allow.
    case jsonSyntax = "json-syntax"
    /// A JSON object that names a member twice.
    case jsonDuplicateMember = "json-duplicate-member"
    /// JSON nested deeper than the limit.
    case jsonDepth = "json-depth"
    /// JSON that is neither an object nor an array of columns.
    case jsonNotARecord = "json-not-a-record"
    /// JSON that ends in the middle of a value.
    case jsonTruncated = "json-truncated"
    /// Bytes that the encoding does not allow.
    case encodingInvalid = "encoding-invalid"
    /// A record longer than the limit.
    case tooLong = "too-long"
    /// No text, or a blank one.
    case missingText = "missing-text"
    /// No label, or a blank one.
    case missingLabel = "missing-label"
    /// Another required field is absent or blank.
    case missingField = "missing-field"
    /// The declared key column is absent or blank.
    case missingKey = "missing-key"
    /// A chat that is not a list of `{role, content}`.
    case badMessages = "bad-messages"
    /// A standard field that is not text.
    case badValue = "bad-value"
}
