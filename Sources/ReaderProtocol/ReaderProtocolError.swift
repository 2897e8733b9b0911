/// What goes wrong between us and a reader process. Never holds content of the document.
public struct ReaderProtocolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable, Hashable {
        /// Bytes that are no frame.
        case malformedFrame = "malformed-frame"
        /// A frame longer than its kind allows.
        case frameSize = "frame-size"
        /// A frame whose JSON lacks a member or has another type.
        case malformedMessage = "malformed-message"
    }

    /// The kind of error.
    public let code: Code
    /// What happened and where.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message and the hint.
    public var description: String { "\(message) (\(hint))" }
}
