/// What kind of actor a principal is.
public enum PrincipalKind: String, Sendable, CaseIterable {
    /// A human being with an identity of their own.
    case person
    /// A machine account, the Custodian among them.
    case service
    /// A set of principals; holds no keys.
    case group
}

/// What a grant or deny covers.
public enum GrantScope: Hashable, Sendable {
    /// Everything in the workspace.
    case workspace
    /// One dataset and all its versions, by its 16-byte scope id.
    case dataset([UInt8])
    /// One model, by its 16-byte scope id.
    case model([UInt8])
}

/// What a sealed object holds.
public enum ObjectKind: RawRepresentable, Hashable, Sendable {
    /// A segment of records.
    case segment
    /// A version's origin table.
    case origins
    /// The raw bytes of quarantined rows.
    case quarantine
    /// A findings report.
    case findings
    /// A model artifact.
    case model
    /// A training checkpoint.
    case checkpoint
    /// An assignment table of a global operation.
    case table
    /// Anything else, by name.
    case other(String)

    private static let named: [String: ObjectKind] = [
        "segment": .segment, "origins": .origins, "quarantine": .quarantine,
        "findings": .findings, "model": .model, "checkpoint": .checkpoint, "table": .table,
    ]

    /// Reads a kind; an unknown name is kept as ``other(_:)``.
    public init(rawValue: String) { self = Self.named[rawValue] ?? .other(rawValue) }

    /// The kind as stored.
    public var rawValue: String {
        switch self {
        case .segment: "segment"
        case .origins: "origins"
        case .quarantine: "quarantine"
        case .findings: "findings"
        case .model: "model"
        case .checkpoint: "checkpoint"
        case .table: "table"
        case .other(let name): name
        }
    }
}

/// How far a run has come.
public enum RunState: String, Sendable, CaseIterable {
    /// Its request is frozen.
    case planned
    /// Its engine works.
    case running
    /// It must stop at the next chance.
    case stopping
    /// It ended well.
    case finished
    /// It ended with an error.
    case failed
    /// It was stopped.
    case stopped

    /// Whether the run will never change again.
    public var isFinal: Bool { self == .finished || self == .failed || self == .stopped }
}

/// Where a model comes from.
public enum ModelKind: String, Sendable, CaseIterable {
    /// Imported.
    case base
    /// Made by a run.
    case finetuned
}

/// How far a model has come.
public enum ModelState: String, Sendable, CaseIterable {
    /// Usable by those who may use it.
    case draft
    /// Approved.
    case promoted
    /// Not to be used again.
    case retired
}

/// What became of a request for a second person's approval.
public enum RequestState: String, Sendable, CaseIterable {
    /// Waits for a decision.
    case pending
    /// Approved.
    case approved
    /// Refused.
    case rejected
    /// Its effect has taken place (an appointment accepted, a release made).
    case done
}
