/// What can go wrong with the data words: what, where, how to mend it. Never holds record content.
public struct RecordsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable {
        /// An id that is not 16 bytes or 32 hex digits.
        case malformedIdentifier = "malformed-identifier"
        /// JSON that RFC 8259 does not allow.
        case malformedJSON = "malformed-json"
        /// An object that names a member twice.
        case duplicateMember = "duplicate-member"
        /// JSON nested deeper than the limit.
        case tooDeep = "too-deep"
        /// A record, segment or manifest that does not have its form.
        case malformedRecord = "malformed-record"
        /// A time that is not RFC 3339 UTC.
        case malformedTime = "malformed-time"
    }

    /// The kind of error.
    public let code: Code
    /// What happened and where, for people.
    public let message: String
    /// The byte offset in the input, where there is one.
    public let offset: Int?

    /// Makes an error.
    public init(_ code: Code, _ message: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    /// The message, with the offset where there is one.
    public var description: String {
        offset.map { "\(message) (at byte \($0))" } ?? message
    }
}
