/// What went wrong in detection or redaction. Never holds content of a record.
public struct RedactionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable, Hashable {
        /// A policy file is not well formed or asks for what it may not.
        case policy
        /// A key is missing that the policy's operators need.
        case key
        /// A text is not UTF-8.
        case encoding
        /// A text or a nesting is larger than can be handled.
        case tooLarge = "too-large"
        /// A member or column whose name is itself personal data.
        case personalName = "personal-name"
        /// A pattern of the policy cannot be compiled, or gave up on a text.
        case pattern
        /// A finding does not lie on the text: a detector is broken.
        case detector
        /// Marked data for scoring is not well formed.
        case gold
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and where.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Message and hint.
    public var description: String { hint.isEmpty ? message : "\(message) (\(hint))" }
}
