public import Catalog

/// One thing that is wrong with a workspace.
public struct AuditFinding: Sendable, Hashable, CustomStringConvertible {
    /// Where the damage is.
    public enum Kind: String, Sendable, CaseIterable {
        /// A principal differs from what the log says.
        case changedPrincipal = "changed-principal"
        /// A group differs from what the log says.
        case changedGroup = "changed-group"
        /// A grant differs from what the log says.
        case changedGrant = "changed-grant"
        /// An explicit deny differs from what the log says.
        case changedDeny = "changed-deny"
        /// A request or its approval differs from what the log says.
        case changedRequest = "changed-request"
        /// A release differs from what the log says.
        case changedRelease = "changed-release"
        /// The workspace's own row differs from what the log says.
        case changedWorkspace = "changed-workspace"
        /// A dataset differs from what the log says.
        case changedDataset = "changed-dataset"
        /// A version is not what its id says, no event made it, or it is gone.
        case changedVersion = "changed-version"
        /// A registered engine differs from what the log says.
        case changedEngine = "changed-engine"
        /// A run differs from what the log says.
        case changedRun = "changed-run"
        /// A model or its files differ from what the log says.
        case changedModel = "changed-model"
        /// A review decision or an attestation differs from what the log says.
        case changedReview = "changed-review"
        /// A segment cannot be checked, since a key is missing or damaged.
        case unreadableSegment = "unreadable-segment"
        /// A sealed object cannot be opened as what it should be.
        case damagedObject = "damaged-object"
        /// The records of a version do not have its record root.
        case changedRecords = "changed-records"
    }

    /// Where the damage is.
    public let kind: Kind
    /// The row or object that it is in.
    public let subject: String
    /// What is wrong, in words.
    public let message: String

    /// The kind and the message.
    public var description: String { "\(kind.rawValue): \(message)" }
}

/// What `audit verify` found.
public struct AuditReport: Sendable {
    /// The log itself.
    public internal(set) var log: LogReport
    /// What is wrong beside the log.
    public internal(set) var findings: [AuditFinding] = []
    /// Rows compared with the log.
    public internal(set) var rows = 0
    /// Sealed objects checked.
    public internal(set) var objects = 0
    /// Versions whose record root was recomputed.
    public internal(set) var versions = 0

    /// Whether nothing is wrong.
    public var isIntact: Bool { log.isIntact && findings.isEmpty }
}
