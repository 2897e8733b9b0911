@_spi(ChokePoint) public import Catalog
internal import Records

extension Authorizer {
    /// Gives a new workspace its first principal: the owner; in a workspace of one also steward,
    /// trainer, privacy officer and auditor.
    ///
    /// Works once, and only for the Custodian.
    public func bootstrap(firstPrincipal: NewPrincipal) throws(GovernanceError) {
        guard let custodian else {
            throw GovernanceError(.invalid, "only the Custodian can make the first principal")
        }
        let time = now()
        let isSolo = catalog.workspace.solo
        let roles: [Role] =
            isSolo ? [.owner, .steward, .trainer, .privacyOfficer, .auditor] : [.owner]
        let event = EventDraft(
            "principal.add", object: "principal:" + firstPrincipal.id,
            facts: ["principal": firstPrincipal.facts],
            detail: ["name": .string(firstPrincipal.name)])
        try governed {
            try catalog.commit(event, signer: custodian.signer) { change in
                guard try change.grants().isEmpty else {
                    throw GovernanceError(.conflict, "the workspace has its first principal")
                }
                try change.add(firstPrincipal)
                for (offset, role) in roles.enumerated() {
                    let grant = GrantRow(
                        role: role.rawValue, principal: firstPrincipal.id, scope: .workspace,
                        from: time,
                        until: role == .owner ? nil : time.adding(seconds: Limits.soloGrant),
                        grantedBy: custodian.principal)
                    try change.add(grant, event: change.eventIndex + 1 + UInt64(offset))
                    change.also(Self.grantEvent(grant))
                }
            }
        }
    }

    /// Adds a person, service or group.
    public func addPrincipal(_ new: NewPrincipal, session: Session) throws(GovernanceError) {
        let event = EventDraft(
            "principal.add", object: "principal:" + new.id, facts: ["principal": new.facts],
            detail: ["name": .string(new.name)])
        try perform(.managePrincipals, on: .workspace, session: session, event: event) { change in
            try change.add(new)
        }
    }

    /// Disables a principal for good: its grants count no more, its leases and runs end.
    @discardableResult
    public func disablePrincipal(_ id: String, session: Session) throws(GovernanceError)
        -> Revocation
    {
        let event = EventDraft(
            "principal.disable", object: "principal:" + id, facts: ["principal": .string(id)])
        let result = try perform(
            .managePrincipals, on: .workspace, session: session, event: event
        ) { change in
            try change.disable(id)
            try keepHolders(change)
            return try endUnfounded(change)
        }.value
        try reconcileStageKeys()
        return result
    }

    /// Puts a principal into a group, unless that would grant something to the actor, or join
    /// roles that exclude each other.
    public func addMember(_ member: String, to group: String, session: Session)
        throws(GovernanceError)
    {
        let event = EventDraft(
            "group.add", object: "principal:" + group,
            facts: ["group": .string(group), "member": .string(member)])
        try perform(.managePrincipals, on: .workspace, session: session, event: event) { change in
            let affected =
                try change.principal(member)?.kind == .group
                ? try change.everyone(in: member) : [member]
            if affected.contains(session.principal) {
                throw GovernanceError(
                    .selfGrant, "joining a group gives its roles: nobody adds themselves",
                    hint: "another principal keeper does it")
            }
            try change.addMember(member, to: group)
            try keepApart(affected, change)
        }
        try reconcileStageKeys()
    }

    /// Takes a principal out of a group.
    @discardableResult
    public func removeMember(_ member: String, from group: String, session: Session)
        throws(GovernanceError) -> Revocation
    {
        let event = EventDraft(
            "group.remove", object: "principal:" + group,
            facts: ["group": .string(group), "member": .string(member)])
        let result = try perform(
            .managePrincipals, on: .workspace, session: session, event: event
        ) { change in
            try change.removeMember(member, from: group)
            try keepHolders(change)
            return try endUnfounded(change)
        }.value
        try reconcileStageKeys()
        return result
    }

    /// The last owner and the last privacy officer stay.
    ///
    /// A workspace that has no privacy officer yet is not held up by that.
    func keepHolders(_ change: CatalogChange) throws {
        let before = try catalog.read { reader in
            let decision = Decision(reader: reader, now: now())
            return try Role.allCases.filter { role in
                try role.needsAHolder && !decision.holders(of: role).isEmpty
            }
        }
        let after = Decision(reader: change, now: now())
        for role in before where try after.holders(of: role).isEmpty {
            throw GovernanceError(
                .lastHolder, "the last \(role.rawValue) cannot be removed",
                hint: "appoint another one first")
        }
    }

    /// Roles that exclude each other never meet in one principal.
    func keepApart(_ principals: [String], _ change: CatalogChange) throws {
        let decision = Decision(reader: change, now: now())
        for principal in principals {
            // Also grants that begin later count: they would meet then.
            var roles = try decision.roles(of: principal)
            for identity in [principal] + (try change.groups(of: principal)) {
                for grant in try change.grants(of: identity) where grant.revoked == nil {
                    if let until = grant.until, until <= now() { continue }
                    if let role = Role(rawValue: grant.role) { roles.insert(role) }
                }
            }
            for role in Role.allCases where roles.contains(role) {
                if let other = role.incompatible.intersection(roles).first {
                    throw GovernanceError(
                        .separationOfDuties,
                        "\(principal) would be \(role.rawValue) and \(other.rawValue), which "
                            + "exclude each other",
                        hint: "give one of the two to somebody else")
                }
            }
        }
    }
}
