/// What can be wrong with a model's files: what, where, how to mend it.
public struct ModelFilesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable {
        /// The file cannot be opened or read.
        case unreadable
        /// The file does not have the form it should have.
        case malformed
        /// A tensor or a setting that is needed is not there.
        case missing
        /// A form that exists but that this program does not read.
        case unsupported
        /// A tensor has another shape than the configuration says.
        case shape
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong and where.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Message and hint.
    public var description: String { hint.isEmpty ? message : "\(message). \(hint)" }
}
