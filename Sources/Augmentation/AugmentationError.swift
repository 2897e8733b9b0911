/// What can go wrong in setting up an augmentation; never holds record content.
public struct AugmentationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable {
        /// Fewer than 1 or more than 32 children per parent.
        case childCount = "child-count"
        /// A strength outside 0…0.2.
        case strength
        /// An empty seed.
        case seed
    }

    /// The kind of error.
    public let code: Code
    /// What is wrong.
    public let message: String
    /// How to mend it.
    public let hint: String

    /// The message and the hint.
    public var description: String { "\(message). \(hint)" }
}
