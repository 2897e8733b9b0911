/// What is wrong with a recipe: what, where, and how to mend it. Never holds record content.
public struct CleaningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A recipe that does not have its form.
        case badRecipe = "bad-recipe"
        /// An operation that does not exist.
        case unknownOperation = "unknown-operation"
        /// A parameter that the operation does not have.
        case unknownParameter = "unknown-parameter"
        /// A parameter with a value that it does not take.
        case badParameter = "bad-parameter"
        /// An operation that learns from the train part, and a train part that has nothing to learn.
        case nothingToFit = "nothing-to-fit"
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
