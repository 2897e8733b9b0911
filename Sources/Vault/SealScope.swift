/// What an object holds, as one byte of its associated data. Each stage of a dataset has its own key.
public enum SealStage: UInt8, Sendable, CaseIterable, Hashable {
    /// Records as they came.
    case raw = 1
    /// Records after redaction.
    case redacted = 2
    /// Versions with generated children.
    case synthetic = 3
    /// Input that was refused, with its reason.
    case quarantine = 4
    /// A trained model's files.
    case model = 5
    /// A training checkpoint.
    case checkpoint = 6

    /// The stage's name in lower case, such as `redacted`.
    public var name: String {
        switch self {
        case .raw: "raw"
        case .redacted: "redacted"
        case .synthetic: "synthetic"
        case .quarantine: "quarantine"
        case .model: "model"
        case .checkpoint: "checkpoint"
        }
    }

    /// The stage called `name`.
    public init?(name: String) {
        guard let stage = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = stage
    }

    /// Whether this stage's key may be sealed to a person: only data that a standing grant can read.
    public var isSharable: Bool { self == .redacted || self == .synthetic }
}

/// Whose key an object is sealed under: a dataset or model, and a stage of it.
public struct SealScope: Hashable, Sendable, CustomStringConvertible {
    /// The dataset or model.
    public let scope: ScopeID
    /// The stage.
    public let stage: SealStage

    /// Names a scope.
    public init(_ scope: ScopeID, _ stage: SealStage) {
        self.scope = scope
        self.stage = stage
    }

    /// Scope and stage, such as `00…ff/redacted`.
    public var description: String { "\(scope.hex)/\(stage.name)" }
}

/// Everything outside the object that its associated data binds: workspace, scope, stage.
public struct SealContext: Hashable, Sendable {
    /// The workspace.
    public let workspace: WorkspaceID
    /// The dataset or model, and the stage.
    public let scope: SealScope

    /// Names a context.
    public init(workspace: WorkspaceID, scope: SealScope) {
        self.workspace = workspace
        self.scope = scope
    }
}
