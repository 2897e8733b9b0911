/// What a use case could not do: what, where, and how to mend it. Never holds record content.
public struct WorkspaceError: Error, Sendable, CustomStringConvertible {
    /// How the command ends: the exit codes of `docs/cli.md`.
    public enum Code: Int32, Sendable {
        /// Something failed.
        case failed = 1
        /// The command was not used as it must be.
        case usage = 2
        /// Done, but a check failed or rows were quarantined under `--strict`.
        case checksFailed = 3
        /// The roles do not allow it.
        case denied = 4
        /// What was named does not exist.
        case notFound = 5
        /// Stored bytes, keys or the log are not what they were.
        case integrity = 6
        /// Somebody else changed it meanwhile; try again.
        case conflict = 7
        /// It was stopped before its end: 128 + SIGINT, as a shell says it.
        case interrupted = 130
    }

    /// The exit code.
    public let code: Code
    /// What happened and where.
    public let message: String
    /// How to mend it.
    public let hint: String?
    /// Further lines, such as the reasons of a refusal.
    public let reasons: [String]

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil, reasons: [String] = []) {
        self.code = code
        self.message = message
        self.hint = hint
        self.reasons = reasons
    }

    /// The message, then the reasons and the hint on lines of their own.
    public var description: String {
        let hints = [hint].compactMap { $0 }.filter { !$0.isEmpty }.map { "hint: \($0)" }
        return ([message] + reasons.map { "  - \($0)" } + hints).joined(separator: "\n")
    }
}
