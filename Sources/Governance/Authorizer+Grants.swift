@_spi(ChokePoint) public import Catalog
public import Records

extension Authorizer {
    static func grantEvent(_ grant: GrantRow) -> EventDraft {
        EventDraft("grant.create", object: "grant:" + grant.id, facts: ["grant": grant.facts])
    }

    /// Gives a role: an owner gives viewer, annotator, steward and trainer, and nobody gives
    /// anything else; the other roles are appointed.
    ///
    /// - Parameter until: when it ends; 90 days from now unless said.
    @discardableResult
    public func grant(
        _ role: Role, to principal: String, on scope: GrantScope, stage: Stage? = nil,
        purpose: String? = nil, until: Timestamp? = nil, session: Session
    ) throws(GovernanceError) -> GrantRow {
        let time = now()
        let grant = GrantRow(
            role: role.rawValue, principal: principal, scope: scope, stage: stage,
            purpose: purpose, from: time, until: until ?? time.adding(seconds: Limits.grant),
            grantedBy: session.principal)
        let made = try perform(
            .grantRoles, on: scope.resource, session: session, event: Self.grantEvent(grant)
        ) { change in
            guard role.isGrantedByOwner else {
                throw GovernanceError(
                    .denied, "an owner does not grant \(role.rawValue)",
                    hint: "propose it: `tundish grant \(role.rawValue) …` makes an appointment "
                        + "that the named principal accepts")
            }
            try checkTarget(principal, change, session)
            if let until, until <= time {
                throw GovernanceError(.invalid, "the grant would have ended at \(until.rfc3339)")
            }
            try checkPurpose(purpose, scope, change)
            let row = try change.add(grant)
            try keepApart(try Self.people(principal, change), change)
            return row
        }.value
        try reconcileStageKeys()
        return made
    }

    private func checkTarget(
        _ principal: String, _ change: CatalogChange, _ session: Session
    ) throws {
        guard let row = try change.principal(principal) else {
            throw GovernanceError(.notFound, "there is no principal \(principal)")
        }
        guard row.disabled == nil else {
            throw GovernanceError(.invalid, "\(principal) is disabled")
        }
        if try Self.people(principal, change).contains(session.principal) {
            throw GovernanceError(
                .selfGrant, "nobody grants to themselves, nor to a group they are in",
                hint: "another owner can")
        }
    }

    private func checkPurpose(
        _ purpose: String?, _ scope: GrantScope, _ change: CatalogChange
    ) throws {
        guard let purpose, case .dataset(let id) = scope, let dataset = try change.dataset(id)
        else { return }
        guard dataset.purposes.contains(purpose) else {
            throw GovernanceError(
                .invalid, "purpose \(purpose) is not among those of dataset \(dataset.name)")
        }
    }

    /// A principal, or everyone in it when it is a group.
    static func people(_ principal: String, _ reader: CatalogReader) throws -> [String] {
        try reader.principal(principal)?.kind == .group
            ? [principal] + reader.everyone(in: principal) : [principal]
    }

    /// Takes a grant back: at once, with the leases and runs that rest on it.
    @discardableResult
    public func revoke(grant id: String, session: Session) throws(GovernanceError) -> Revocation {
        let scope = try governed {
            try catalog.read { reader in
                guard let grant = try reader.grant(id) else {
                    throw GovernanceError(.notFound, "there is no grant \(id)")
                }
                return grant.scope
            }
        }
        var event = EventDraft("grant.revoke", object: "grant:" + id)
        event.facts = ["grant": .string(id)]
        let body: (CatalogChange) throws -> Revocation = { [self] change in
            try change.revokeGrant(id)
            try keepHolders(change)
            var result = try endUnfounded(change)
            result.grants = [id]
            return result
        }
        let isOwn = try governed {
            try catalog.read { try $0.grant(id)?.principal } == session.principal
        }
        let result: Revocation
        if isOwn {
            // Everybody may lay down a role.
            result = try refusing(.grantRoles, on: scope.resource, session: session) {
                event.requestID = session.requestID
                return try catalog.commit(event, signer: session.signer) { change in
                    try Self.checkKey(change, session)
                    return try body(change)
                }.value
            }
        } else {
            result = try perform(
                .grantRoles, on: scope.resource, session: session, event: event, body
            ).value
        }
        try reconcileStageKeys()
        return result
    }

    /// Takes back every live grant of a role that a principal holds over a scope.
    @discardableResult
    public func revoke(
        _ role: Role, from principal: String, on scope: GrantScope, session: Session
    ) throws(GovernanceError) -> Revocation {
        let ids = try governed {
            try catalog.read { reader in
                try reader.grants(of: principal).filter {
                    $0.role == role.rawValue && $0.scope == scope && $0.revoked == nil
                }.map(\.id)
            }
        }
        if ids.isEmpty {
            throw GovernanceError(
                .notFound, "\(principal) holds no role \(role.rawValue) on \(scope.text)")
        }
        var result = Revocation()
        for id in ids {
            let one = try revoke(grant: id, session: session)
            result.grants += one.grants
            result.leases += one.leases
            result.runs += one.runs
        }
        return result
    }

    /// Forbids a permission (nil: all) to a principal or group, whatever roles they hold.
    @discardableResult
    public func deny(
        _ permission: Permission?, to principal: String, on scope: GrantScope, session: Session
    ) throws(GovernanceError) -> DenyRow {
        let deny = DenyRow(
            permission: permission?.rawValue ?? "*", principal: principal, scope: scope,
            deniedBy: session.principal)
        let event = EventDraft(
            "deny.create", object: "deny:" + deny.id, facts: ["deny": deny.facts])
        let row = try perform(.grantRoles, on: scope.resource, session: session, event: event) {
            change in
            guard try change.principal(principal) != nil else {
                throw GovernanceError(.notFound, "there is no principal \(principal)")
            }
            let row = try change.add(deny)
            _ = try endUnfounded(change)
            return row
        }.value
        try reconcileStageKeys()
        return row
    }

    /// Lifts an explicit deny; nobody lifts their own.
    public func liftDeny(_ id: String, session: Session) throws(GovernanceError) {
        let deny = try governed {
            try catalog.read { reader in
                guard let deny = try reader.deny(id) else {
                    throw GovernanceError(.notFound, "there is no deny \(id)")
                }
                return deny
            }
        }
        let event = EventDraft("deny.lift", object: "deny:" + id, facts: ["deny": .string(id)])
        try perform(.grantRoles, on: deny.scope.resource, session: session, event: event) {
            change in
            if try Self.people(deny.principal, change).contains(session.principal) {
                throw GovernanceError(.selfGrant, "nobody lifts a deny of their own")
            }
            try change.liftDeny(id)
        }
        try reconcileStageKeys()
    }
}

extension GrantScope {
    /// The resource that giving roles over this scope is about.
    var resource: Resource {
        switch self {
        case .workspace: .workspace
        case .dataset(let id): .dataset(id)
        case .model(let id): .model(id)
        }
    }
}
