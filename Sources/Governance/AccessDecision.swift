/// What the choke-point says, and why, line by line.
public enum AccessDecision: Sendable, Hashable {
    /// It may be done now.
    case allowed(reasons: [String])
    /// A second person must approve first.
    case needsApproval(reasons: [String])
    /// It may not be done.
    case denied(reasons: [String])

    /// Whether it may be done now.
    public var isAllowed: Bool { if case .allowed = self { true } else { false } }

    /// Why, in words.
    public var reasons: [String] {
        switch self {
        case .allowed(let reasons), .needsApproval(let reasons), .denied(let reasons): reasons
        }
    }

    /// `allowed`, `needs approval` or `denied`.
    public var word: String {
        switch self {
        case .allowed: "allowed"
        case .needsApproval: "needs approval"
        case .denied: "denied"
        }
    }
}
