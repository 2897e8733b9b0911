/// What stops an ingest: what happened, where, and how to mend it. Never holds record content.
public struct IngestionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No such file, or a pattern that matches none.
        case notFound = "not-found"
        /// A file that the system will not open or read.
        case unreadable
        /// A file that is none of the formats read here.
        case unsupportedFormat = "unsupported-format"
        /// Text in an encoding that is not read here.
        case unsupportedEncoding = "unsupported-encoding"
        /// A mapping that names a column the input does not have.
        case unknownColumn = "unknown-column"
        /// A mapping that is not well-formed.
        case badMapping = "bad-mapping"
        /// No mapping was given and none can be inferred.
        case noMapping = "no-mapping"
        /// An option with a value that it does not take.
        case badOption = "bad-option"
        /// A file whose bytes changed between the two passes.
        case fileChanged = "file-changed"
        /// No file to read.
        case emptyInput = "empty-input"
        /// A document or an archive that cannot be read; ``IngestionError/reason`` says why.
        case refused
        /// The program that reads documents is not there or cannot be started.
        case readerMissing = "reader-missing"
        /// Rows that are neither accepted, quarantined nor dropped: an error of this program.
        case unbalanced
    }

    /// The kind of error.
    public let code: Code
    /// What happened and where.
    public let message: String
    /// How to mend it.
    public let hint: String
    /// The reason as it stands in the quarantine where the file is one of several: the code, or a
    /// finer word such as `document-encrypted`.
    public let reason: String

    /// Makes an error; its reason defaults to its code.
    public init(_ code: Code, _ message: String, hint: String, reason: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.reason = reason ?? code.rawValue
    }

    /// The message and the hint.
    public var description: String { "\(message) (\(hint))" }

    /// Whether it is about one file, so that others can still be read.
    var isAboutOneFile: Bool {
        switch code {
        case .unsupportedFormat, .unsupportedEncoding, .unknownColumn, .noMapping, .refused: true
        default: false
        }
    }
}
