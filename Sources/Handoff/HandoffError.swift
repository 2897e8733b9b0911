/// Why a run could not be handed to an engine, or did not come back as it should.
///
/// Messages never hold record content, texts or tokens.
public struct HandoffError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, stable for programs.
    public enum Code: String, Sendable, Hashable {
        /// There is no executable at the registered path.
        case engineNotFound = "engine-not-found"
        /// The executable's SHA-256 is not the pinned one.
        case engineChanged = "engine-changed"
        /// The run folder, socket or process could not be made.
        case startFailed = "start-failed"
        /// A connection showed a token or rank that is not this run's, or is used up.
        case wrongToken = "wrong-token"
        /// A frame, command or event that the protocol does not allow.
        case badFrame = "bad-frame"
        /// The engine asked for a split or file that this run does not include.
        case forbidden
        /// An artifact's bytes are not what the engine announced.
        case artifactMismatch = "artifact-mismatch"
        /// The engine reported a failure of its own.
        case engineFailed = "engine-failed"
        /// The engine ended with status 0 but never said `finished`.
        case noFinish = "no-finish"
        /// The engine ended by a signal or with another status than 0.
        case killed
        /// The engine was silent for too long.
        case timedOut = "timed-out"
        /// The run was ended: by the caller, or because it is no longer allowed.
        case cancelled
        /// The run was asked to stop, and stopped; what it had checkpointed is kept.
        case stopped
        /// The engine's plan says that the run cannot be done.
        case refused
        /// A closure that serves records or files, or takes artifacts, failed.
        case dataFailed = "data-failed"
        /// A request that cannot be run as it stands.
        case invalidRequest = "invalid-request"
        /// A statement, envelope or exported folder that does not have its form.
        case malformed
        /// A signature that does not hold.
        case signature
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, and where.
    public let message: String
    /// How to mend it.
    public let hint: String
    /// What a handed-in closure threw, where that is the cause.
    public let underlying: (any Error)?
    /// The tail of the engine's standard error, where it ended badly. An engine should keep record
    /// content out of it but may fail to: show it to the person who runs it, never log it.
    public var lastWords: String?

    /// Makes an error out of its parts.
    public init(_ code: Code, _ message: String, hint: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.underlying = underlying
    }

    /// The message with its hint.
    public var description: String { "\(message) (\(hint))" }
}
