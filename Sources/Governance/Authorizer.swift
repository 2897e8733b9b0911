public import Catalog
public import Records
public import Vault

/// The one choke-point: decides who may do what, writes down what was decided, and makes leases.
///
/// The rules of this room, each kept here and nowhere else:
/// - default deny, and an explicit deny wins;
/// - a decision and the change it allows happen in one transaction;
/// - a refusal is an event too, signed by who was refused;
/// - nobody grants to, or approves for, themselves, except in a workspace of one, where it is
///   recorded as self-approved.
public final class Authorizer: Sendable {
    /// The catalog that decisions are read from and written to.
    public let catalog: CatalogStore
    let custodian: Actor?
    let vault: Vault?
    let now: @Sendable () -> Timestamp

    /// A choke-point over a catalog.
    ///
    /// - Parameters:
    ///   - custodian: signs unattended events; nil where only a person's own key is at hand.
    ///   - vault: where standing read grants seal stage keys; nil to leave that for later.
    ///   - now: the clock that decides on expiry.
    public init(
        catalog: CatalogStore, custodian: Actor? = nil, vault: Vault? = nil,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.catalog = catalog
        self.custodian = custodian
        self.vault = vault
        self.now = now
    }

    /// May a principal do this, and why? Writes nothing: for `access explain`.
    public func decide(
        _ permission: Permission, principal: String, on resource: Resource, purpose: String? = nil
    ) throws(GovernanceError) -> AccessDecision {
        try governed {
            try catalog.read { reader in
                try Decision(reader: reader, now: now()).decide(
                    permission, principal: principal, on: resource, purpose: purpose)
            }
        }
    }

    /// Lets an actor pass or throws; a refusal is put into the log first.
    ///
    /// - Throws: `.denied` or `.needsApproval` with the reasons.
    @discardableResult
    public func require(
        _ permission: Permission, on resource: Resource, purpose: String? = nil, session: Session
    ) throws(GovernanceError) -> AccessDecision {
        try refusing(permission, on: resource, purpose: purpose, session: session) {
            try catalog.read { reader in
                try Self.pass(
                    Decision(reader: reader, now: now()), permission, resource, purpose, session)
            }
        }
    }

    /// Does something that a permission allows: decision, change and event in one transaction.
    ///
    /// ```swift
    /// try authorizer.perform(.ingest, on: .dataset(id), session: session, event: event) { change in
    ///     try change.add(version, segments: segments)
    /// }
    /// ```
    @discardableResult
    public func perform<T>(
        _ permission: Permission, on resource: Resource, purpose: String? = nil, session: Session,
        event: EventDraft, _ body: (CatalogChange) throws -> T
    ) throws(GovernanceError) -> Committed<T> {
        try refusing(permission, on: resource, purpose: purpose, session: session) {
            var event = event
            event.requestID = session.requestID
            return try catalog.commit(event, signer: session.signer) { change in
                try Self.pass(
                    Decision(reader: change, now: now()), permission, resource, purpose, session)
                return try body(change)
            }
        }
    }

    /// Decides for a session, whose key must be its principal's.
    @discardableResult
    static func pass(
        _ decision: Decision, _ permission: Permission, _ resource: Resource, _ purpose: String?,
        _ session: Session
    ) throws -> AccessDecision {
        try checkKey(decision.reader, session)
        let result = try decision.decide(
            permission, principal: session.principal, on: resource, purpose: purpose)
        switch result {
        case .allowed: return result
        case .needsApproval(let reasons):
            throw GovernanceError(
                .needsApproval,
                "\(permission.rawValue) on \(resource.text) needs a second person's approval",
                hint:
                    "ask with `tundish request \(permission.rawValue) …`; another person approves",
                reasons: reasons)
        case .denied(let reasons):
            throw GovernanceError(
                .denied, "\(permission.rawValue) on \(resource.text) is denied",
                hint: "`tundish access explain` shows every rule", reasons: reasons)
        }
    }

    /// Nobody acts under a name without its key.
    static func checkKey(_ reader: CatalogReader, _ session: Session) throws {
        guard let row = try reader.principal(session.principal),
            row.ed25519 == session.signer.publicKey
        else {
            throw GovernanceError(
                .denied,
                "the key is not that of a principal \(session.principal) of this workspace",
                hint: "check TUNDISH_IDENTITY and `tundish principal list`")
        }
    }

    /// Runs a body and, when it is a refusal, logs that before passing it on.
    func refusing<T>(
        _ permission: Permission, on resource: Resource, purpose: String? = nil, session: Session,
        _ body: () throws -> T
    ) throws(GovernanceError) -> T {
        do {
            return try governed(body)
        } catch {
            if error.isDenial {
                try logDenial(error, permission, resource, purpose, session)
            }
            throw error
        }
    }

    private func logDenial(
        _ error: GovernanceError, _ permission: Permission, _ resource: Resource,
        _ purpose: String?, _ session: Session
    ) throws(GovernanceError) {
        var event = EventDraft(
            "access.deny", object: resource.text, outcome: .denied, requestID: session.requestID)
        event.facts = [
            "code": .string(error.code.rawValue), "permission": .string(permission.rawValue),
            "purpose": purpose.map { .string($0) } ?? .null,
        ]
        event.detail = [
            "message": .string(error.message),
            "reasons": .array(error.reasons.map { .string($0) }),
        ]
        try governed {
            let isOwnKey = try catalog.read { reader in
                try reader.principal(session.principal)?.ed25519 == session.signer.publicKey
            }
            if isOwnKey {
                try catalog.record(event, signer: session.signer)
            } else if let custodian {
                // The claimed name stays out of the actor's place: it was not proven.
                event.facts = ["permission": .string(permission.rawValue), "unproven": true]
                try catalog.record(event, signer: custodian.signer)
            }
        }
    }
}
