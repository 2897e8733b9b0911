/// Everything that can be allowed; every command and every route maps to one.
public enum Permission: String, Sendable, CaseIterable, Hashable {
    /// See what there is: datasets, versions, counts, policies, runs.
    case readMetadata = "read-metadata"
    /// Read all records of a redacted or synthetic version.
    case readRedacted = "read-redacted"
    /// Read a sample of a redacted or synthetic version.
    case sampleRedacted = "sample-redacted"
    /// Read records of a raw version.
    case readRaw = "read-raw"
    /// Turn a pseudonym back into the person.
    case reidentify
    /// Label records, confirm findings.
    case label
    /// Bring files in.
    case ingest
    /// Clean a version.
    case clean
    /// Redact a version.
    case redact
    /// Generate children of records.
    case augment
    /// Propose that a version be released for training.
    case proposeRelease = "propose-release"
    /// Approve that.
    case approveRelease = "approve-release"
    /// Fine-tune on a released version.
    case train
    /// Predict, chat, evaluate, serve.
    case useModel = "use-model"
    /// Propose that a model be promoted or exported.
    case proposeModelExport = "propose-model-export"
    /// Approve that.
    case approveModelExport = "approve-model-export"
    /// Take a dataset out of the workspace.
    case exportDataset = "export-dataset"
    /// Propose an engine.
    case proposeEngine = "propose-engine"
    /// Approve that.
    case approveEngine = "approve-engine"
    /// Bring a base model in.
    case importModel = "import-model"
    /// Propose a change of a policy.
    case proposePolicy = "propose-policy"
    /// Approve that.
    case approvePolicy = "approve-policy"
    /// Give the roles viewer, annotator, steward and trainer.
    case grantRoles = "grant-roles"
    /// Propose a privacy officer, auditor, admin or co-owner.
    case proposeAppointment = "propose-appointment"
    /// Approve that.
    case approveAppointment = "approve-appointment"
    /// Propose a purpose, retention or legal hold.
    case proposePurpose = "propose-purpose"
    /// Set a purpose, retention or legal hold.
    case setPurpose = "set-purpose"
    /// Propose that a person be erased.
    case proposeErasure = "propose-erasure"
    /// Approve that.
    case approveErasure = "approve-erasure"
    /// Add and disable principals, fill groups.
    case managePrincipals = "manage-principals"
    /// Rotate, back up and hand over keys, without being able to open them.
    case manageKeys = "manage-keys"
    /// Read and verify the audit log.
    case readAudit = "read-audit"

    /// Whether a grant's or dataset's purpose limits it: what shows or uses records does.
    public var isPurposeBound: Bool {
        switch self {
        case .readRedacted, .sampleRedacted, .readRaw, .reidentify, .train, .exportDataset: true
        default: false
        }
    }

    /// Whether it makes no sense on a raw version.
    var needsRedacted: Bool {
        switch self {
        case .readRedacted, .sampleRedacted, .augment, .train, .proposeRelease, .approveRelease:
            true
        default: false
        }
    }

    /// Whether, asked of the workspace, a role held anywhere in it counts.
    var isWorkspaceWide: Bool {
        switch self {
        case .readMetadata, .importModel, .proposePolicy: true
        default: false
        }
    }

    /// For a proposal: the permission that approves it.
    public var approval: Permission? {
        switch self {
        case .proposeRelease: .approveRelease
        case .proposeModelExport: .approveModelExport
        case .proposeEngine: .approveEngine
        case .proposePolicy: .approvePolicy
        case .proposeAppointment: .approveAppointment
        case .proposePurpose: .setPurpose
        case .proposeErasure: .approveErasure
        default: nil
        }
    }
}
