/// Where a text stands: what a detector may know besides the bytes.
public struct FieldContext: Sendable, Hashable {
    /// The record's field, such as `text` or `messages`; nil for a bare text.
    public var field: String?
    /// The name of the source column, where it differs from the field.
    public var column: String?
    /// Who speaks in a chat: `system`, `user`, `assistant`, `tool`.
    public var role: String?
    /// The clinical form that the record came in, if any.
    public var form: ClinicalForm?
    /// Member names from the record's field down to the text, the field first.
    public var path: [String] = []

    /// Makes a context; everything may be unknown.
    public init(field: String? = nil, column: String? = nil, role: String? = nil) {
        self.field = field
        self.column = column
        self.role = role
    }
}

/// One text as detectors see it.
///
/// The bytes are an array so that a view can be kept and shared without a copy; hot loops take
/// `bytes.span` or `bytes.withUnsafeBufferPointer` once.
public struct DocumentView: Sendable {
    /// The text in UTF-8 (always valid: `Redactor` refuses other bytes).
    public let bytes: [UInt8]
    /// Where the text stands.
    public let context: FieldContext

    /// Makes a view of UTF-8 `bytes`.
    public init(_ bytes: [UInt8], context: FieldContext = FieldContext()) {
        self.bytes = bytes
        self.context = context
    }

    /// The number of bytes.
    public var count: Int { bytes.count }
}

/// Something that finds personal data in a text.
///
/// A detector is a pure function of the document: the same bytes give the same findings, in any
/// process and on any thread, and its `digest` changes when its findings may. Findings may overlap
/// and come in any order; `Redactor` resolves them.
public protocol Detector: Sendable {
    /// A short stable name, written into every finding.
    var name: String { get }
    /// 32 bytes that change when code, word lists or weights change what is found.
    var digest: [UInt8] { get }
    /// All findings in `document`, byte ranges on code-point boundaries.
    ///
    /// - Complexity: must be linear in the document's length, whatever its content.
    func findings(in document: DocumentView) -> [Finding]
}
