public import Records

/// A row that can become a record: its fields, and where they stood.
public struct IngestedRow: Sendable, Hashable {
    /// What the record is for.
    public let kind: RecordKind
    /// Standard fields under their standard names, other columns under their own. Numbers are
    /// strings with their source text, at every depth.
    public let fields: [String: JSONValue]
    /// The values of the subject columns as written, trimmed, blank ones left out.
    public let subjects: [String]
    /// The value of the key column (several joined by U+001F); nil if none was declared.
    public let key: String?
    /// Where the row begins in the source file, in bytes; of a document that has no such places,
    /// the number of the row, counted from 0.
    public let offset: UInt64
    /// How long it is there, in bytes, without its line end; 0 where that is not known.
    public let length: UInt64
    /// Where it stands in a document, for people: `page 3`, `message 7`; nil where offset and
    /// length say it.
    public let place: String?
}

/// A row for the quarantine: why, and where it stands.
public struct RejectedRow: Sendable, Hashable {
    /// The most bytes of ``content``.
    public static let contentLimit = 1 << 20

    /// Why it was refused.
    public let reason: RejectReason
    /// Why in words, without any content of the row.
    public let message: String
    /// Where the row begins in the source file, in bytes.
    public let offset: UInt64
    /// How long it is there, in bytes.
    public let length: UInt64
    /// Where it stands in a document, for people.
    public let place: String?
    /// Whether this is no row but the whole file, which cannot be read.
    public let isWholeFile: Bool
    /// The decoded bytes of the row, cut at ``contentLimit``; empty for one that is too long and
    /// for a whole file. This is personal data: seal it.
    public let content: [UInt8]
}

/// Some consecutive rows of one file, each list in source order.
public struct IngestBatch: Sendable {
    /// Rows that can become records.
    public internal(set) var rows: [IngestedRow] = []
    /// Rows for the quarantine.
    public internal(set) var rejected: [RejectedRow] = []

    /// Whether there is nothing in it.
    public var isEmpty: Bool { rows.isEmpty && rejected.isEmpty }
}

/// Where something stands in the source file, in bytes.
struct SourceSpan: Sendable, Hashable {
    var offset: UInt64
    var length: UInt64
}
