public import Records

/// What a use case has to say: one JSON object for programs, lines for people, and the commands
/// that a person would sensibly run next.
public struct Report: Sendable {
    /// The whole result, for `--json`.
    public var json: JSONValue
    /// The same for people, a line each.
    public var lines: [String]
    /// Commands that make sense now.
    public var next: [String]
    /// Whether everything held that was checked; false makes the command end with exit code 3 or 6.
    public var verdict: Verdict

    /// How a command that ran to its end has ended.
    public enum Verdict: Sendable {
        /// All is well.
        case passed
        /// A check failed.
        case checksFailed
        /// Integrity is violated.
        case integrityViolated
    }

    /// Makes a report.
    public init(
        json: JSONValue, lines: [String], next: [String] = [], verdict: Verdict = .passed
    ) {
        self.json = json
        self.lines = lines
        self.next = next
        self.verdict = verdict
    }
}
