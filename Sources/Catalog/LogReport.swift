/// One thing that is wrong with the log.
public struct LogFinding: Sendable, Hashable, CustomStringConvertible {
    /// What kind of damage it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// An entry is gone.
        case droppedEvent = "dropped-event"
        /// An entry's bytes are not those that were hashed, or its signature is not its actor's.
        case changedEvent = "changed-event"
        /// A detail does not have the digest that the entry names.
        case changedDetail = "changed-detail"
        /// A stored tree hash is not that of its subtree.
        case changedHash = "changed-hash"
        /// A stored checkpoint is not signed by the Custodian or has another root than the entries.
        case changedCheckpoint = "changed-checkpoint"
        /// The log is shorter than a checkpoint that was signed for it.
        case rollback = "rollback"
    }

    /// What kind of damage it is.
    public let kind: Kind
    /// The event it is at, if at one.
    public let index: UInt64?
    /// What is wrong, in words.
    public let message: String

    /// The kind and the message.
    public var description: String { "\(kind.rawValue): \(message)" }
}

/// What checking the log found.
public struct LogReport: Sendable {
    /// Whether the checkpoints' key is one that the verifier was told to trust.
    public enum Signer: String, Sendable {
        /// It is the trusted key.
        case trusted
        /// No key to trust was given.
        case unknown
        /// Another key than the trusted one.
        case other
    }

    /// Number of entries read.
    public internal(set) var size: UInt64
    /// Root over them, recomputed from the entries.
    public internal(set) var root: [UInt8]
    /// Number of checkpoints checked, the outside one included.
    public internal(set) var checkpoints: Int
    /// Whether a checkpoint is kept outside the workspace; without one a rollback goes unseen.
    public internal(set) var isHeldOutside = false
    /// Events whose detail was erased, as it may be.
    public internal(set) var erasedDetails: Int
    /// Whose key signed.
    public internal(set) var signer: Signer
    /// What is wrong; empty when nothing is.
    public internal(set) var findings: [LogFinding]

    /// Whether nothing is wrong.
    public var isIntact: Bool { findings.isEmpty && signer != .other }
}
