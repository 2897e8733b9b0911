/// What can go wrong with a fine-tune: what, where, how to mend it. Never holds training text.
public struct TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable {
        /// A setting that is unknown, out of range or contradicts another.
        case configuration
        /// The base model does not fit.
        case model
        /// The examples do not fit the model.
        case data
        /// The adapter does not fit the base model.
        case adapter
        /// A checkpoint is damaged or of another run.
        case checkpoint
        /// The loss or a gradient is infinite or not a number.
        case notFinite = "not-finite"
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
