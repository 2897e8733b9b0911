/// What a principal may be to a workspace, a dataset or a model.
public enum Role: String, Sendable, CaseIterable, Hashable {
    /// Looks at redacted data.
    case viewer
    /// Labels, and confirms findings, of the datasets assigned to it.
    case annotator
    /// Brings data in, cleans, redacts, augments.
    case steward
    /// Fine-tunes on released versions.
    case trainer
    /// Approves what touches people's data.
    case privacyOfficer = "privacy-officer"
    /// Reads and checks the audit log.
    case auditor
    /// Keeps principals and key custody, and sees no data.
    case admin
    /// Answers for a workspace or dataset, and gives roles.
    case owner

    /// The roles that an owner gives without anyone else; all others are appointed.
    public var isGrantedByOwner: Bool {
        switch self {
        case .viewer, .annotator, .steward, .trainer: true
        case .privacyOfficer, .auditor, .admin, .owner: false
        }
    }

    /// The roles that nobody may hold beside this one.
    public var incompatible: Set<Role> {
        switch self {
        case .admin: [.auditor, .privacyOfficer]
        case .auditor, .privacyOfficer: [.admin]
        default: []
        }
    }

    /// Whether the last holder over the whole workspace must stay.
    public var needsAHolder: Bool { self == .owner || self == .privacyOfficer }
}
