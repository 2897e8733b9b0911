public import Catalog

/// The one error of this room: what was refused or went wrong, why line by line, how to mend it.
public struct GovernanceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of refusal or failure it is.
    public enum Code: String, Sendable {
        /// No role allows it, or an explicit deny forbids it.
        case denied
        /// A second person must approve first.
        case needsApproval
        /// Two roles that one principal must not hold together.
        case separationOfDuties
        /// A grant to oneself.
        case selfGrant
        /// An approval of one's own request.
        case selfApproval
        /// The last owner or privacy officer.
        case lastHolder
        /// A lease that ended.
        case expired
        /// The caller's value makes no sense.
        case invalid
        /// No such thing.
        case notFound
        /// Someone else was faster.
        case conflict
        /// What is stored contradicts itself.
        case integrity
        /// The catalog or the vault failed.
        case storage
    }

    /// What kind of refusal or failure it is.
    public let code: Code
    /// What happened and where.
    public let message: String
    /// How to mend it, if anything can be said.
    public let hint: String?
    /// Why, line by line.
    public let reasons: [String]

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil, reasons: [String] = []) {
        self.code = code
        self.message = message
        self.hint = hint
        self.reasons = reasons
    }

    /// Gives a catalog's error this room's type.
    public init(_ error: CatalogError) {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .conflict: .conflict
            case .invalid: .invalid
            case .database: .storage
            case .integrity, .rolledBack: .integrity
            }
        self.init(code, error.message, hint: error.hint)
    }

    /// Whether access was refused, as opposed to something going wrong.
    public var isDenial: Bool {
        switch code {
        case .denied, .needsApproval, .separationOfDuties, .selfGrant, .selfApproval, .lastHolder,
            .expired:
            true
        default: false
        }
    }

    /// The command line's exit code for it.
    public var exitCode: Int32 {
        if isDenial { return 4 }
        return switch code {
        case .invalid: 2
        case .notFound: 5
        case .integrity: 6
        case .conflict: 7
        default: 1
        }
    }

    /// The message, the reasons, the hint.
    public var description: String {
        ([message] + reasons.map { "  " + $0 } + (hint.map { ["hint: " + $0] } ?? []))
            .joined(separator: "\n")
    }
}

/// Runs calls of other rooms and gives their errors this room's type.
@discardableResult
func governed<T>(_ body: () throws -> T) throws(GovernanceError) -> T {
    do {
        return try body()
    } catch let error as GovernanceError {
        throw error
    } catch let error as CatalogError {
        throw GovernanceError(error)
    } catch {
        throw GovernanceError(.storage, "\(error)")
    }
}
