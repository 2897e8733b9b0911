/// Why a tokenizer could not be made out of its file.
public struct TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, stable for programs.
    public enum Code: String, Sendable, Hashable {
        /// The file is not what its format says (JSON syntax, wrong member types, duplicate ids).
        case malformed
        /// The file is well formed but asks for something that this reader does not do.
        case unsupported
        /// A special token that the model needs has no id.
        case missingToken
        /// There is no token at all.
        case emptyVocabulary
        /// A conversation does not fit the chat template.
        case invalidChat
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
