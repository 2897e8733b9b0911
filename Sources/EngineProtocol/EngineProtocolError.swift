/// What can go wrong between an engine and the process that drives it.
///
/// Messages name frames, commands and files, never record content, tokens or texts.
public struct EngineProtocolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, stable for programs.
    public enum Code: String, Sendable, Hashable {
        /// The other side closed the connection in the middle of something.
        case closed
        /// Nothing came for longer than the channel waits.
        case timedOut = "timed-out"
        /// A system call on the socket failed.
        case socket
        /// A frame longer than its kind allows, or shorter than its kind byte.
        case frameSize = "frame-size"
        /// A frame of a kind that is unknown or has no place here.
        case unexpectedFrame = "unexpected-frame"
        /// JSON or a command line that does not have its form.
        case malformed
        /// The peer's token or rank was not accepted.
        case refused
        /// A split, artifact or verb that this run does not allow.
        case forbidden
        /// Bytes whose count or SHA-256 is not what was announced.
        case digestMismatch = "digest-mismatch"
        /// The peer reported a failure of its own.
        case remote
        /// A hyper-parameter that does not exist, or a value that it cannot take.
        case hyperParameter = "hyper-parameter"
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, and where.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// Makes an error out of its three parts.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message with its hint.
    public var description: String { "\(message) (\(hint))" }
}
