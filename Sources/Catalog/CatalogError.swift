/// The one error of this room: what went wrong, where, and how to mend it.
///
/// Texts name ids and file names only, never record content, personal data or secrets.
public struct CatalogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// No such row.
        case notFound
        /// A name or id is already taken, or someone else changed the row first.
        case conflict
        /// The caller's value cannot be stored.
        case invalid
        /// SQLite or the file system refused.
        case database
        /// What is stored contradicts itself.
        case integrity
        /// The database is older than the last checkpoint kept outside the workspace.
        case rolledBack
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened and where.
    public let message: String
    /// How to mend it, if anything can be said.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint.
    public var description: String {
        if let hint { "\(message) (\(hint))" } else { message }
    }
}
