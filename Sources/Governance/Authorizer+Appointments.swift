@_spi(ChokePoint) public import Catalog
public import Records

// Privacy officer, auditor, admin and co-owner are not granted: an owner proposes, a privacy officer
// approves (once there is one), and the named principal accepts with their own key.

extension Authorizer {
    /// Proposes that a principal become privacy officer, auditor, admin or co-owner.
    ///
    /// - Parameter until: when it ends; 90 days after it is accepted unless said, never for an owner.
    @discardableResult
    public func proposeAppointment(
        _ role: Role, of principal: String, until: Timestamp? = nil, session: Session
    ) throws(GovernanceError) -> RequestRow {
        guard !role.isGrantedByOwner else {
            throw GovernanceError(.invalid, "\(role.rawValue) is granted, not appointed")
        }
        let request = RequestRow(
            action: Permission.proposeAppointment.rawValue, object: "workspace",
            facts: [
                "principal": .string(principal), "role": .string(role.rawValue),
                "until": until.map { .string($0.rfc3339) } ?? .null,
            ], proposer: session.principal, created: now())
        return try perform(
            .proposeAppointment, on: .workspace, session: session,
            event: Self.requestEvent(request, "")
        ) { change in
            guard let row = try change.principal(principal), row.kind != .group,
                row.disabled == nil
            else {
                throw GovernanceError(
                    .invalid, "\(principal) cannot be appointed: no person or service in charge",
                    hint: "groups hold no key to accept with")
            }
            guard principal != session.principal else {
                throw GovernanceError(.selfGrant, "nobody appoints themselves")
            }
            let row2 = try change.add(request)
            let grant = GrantRow(
                role: role.rawValue, principal: principal, scope: .workspace, from: now(),
                until: nil, grantedBy: session.principal)
            try wouldKeepApart(grant, change)
            return row2
        }.value
    }

    /// Accepts an appointment, as the one who was named.
    @discardableResult
    public func acceptAppointment(_ id: String, session: Session) throws(GovernanceError)
        -> GrantRow
    {
        let request = try governed {
            try catalog.read { reader in
                guard let request = try reader.request(id),
                    request.action == Permission.proposeAppointment.rawValue
                else { throw GovernanceError(.notFound, "there is no appointment \(id)") }
                return request
            }
        }
        guard let role = request.facts["role"]?.stringValue.flatMap(Role.init(rawValue:)),
            let principal = request.facts["principal"]?.stringValue
        else { throw GovernanceError(.integrity, "appointment \(id) is not readable") }
        let time = now()
        var until = request.facts["until"]?.stringValue.flatMap { try? Timestamp(rfc3339: $0) }
        if until == nil, role != .owner { until = time.adding(seconds: Limits.grant) }
        let grant = GrantRow(
            role: role.rawValue, principal: principal, scope: .workspace, from: time,
            until: until, grantedBy: request.proposer)
        var event = Self.grantEvent(grant)
        event.requestID = session.requestID
        let made = try refusing(.proposeAppointment, on: .workspace, session: session) {
            try catalog.commit(event, signer: session.signer) { change in
                try Self.checkKey(change, session)
                try checkAccepted(request, principal, change, session)
                let row = try change.add(grant)
                try keepApart([principal], change)
                change.also(
                    EventDraft(
                        "request.finish", object: "request:" + id,
                        facts: ["id": .string(id), "grant": .string(grant.id)]))
                try change.finish(request: id)
                return row
            }.value
        }
        try reconcileStageKeys()
        return made
    }

    private func checkAccepted(
        _ request: RequestRow, _ principal: String, _ change: CatalogChange, _ session: Session
    ) throws {
        guard session.principal == principal else {
            throw GovernanceError(
                .denied, "appointment \(request.id) is accepted by \(principal) alone")
        }
        switch try change.request(request.id)?.state {
        case .approved: return
        case .pending:
            let officers = try Decision(reader: change, now: now()).holders(of: .privacyOfficer)
            guard officers.isEmpty else {
                throw GovernanceError(
                    .needsApproval, "appointment \(request.id) needs a privacy officer's approval",
                    hint: "`tundish approve \(request.id)`")
            }
            // Before there is a privacy officer, accepting is what a second person does.
            try change.decide(request.id, .approved, by: principal)
        default:
            throw GovernanceError(.conflict, "appointment \(request.id) is decided already")
        }
    }

    /// Refuses a proposal that could never be accepted.
    private func wouldKeepApart(_ grant: GrantRow, _ change: CatalogChange) throws {
        let held = try Decision(reader: change, now: now()).roles(of: grant.principal)
        guard let role = Role(rawValue: grant.role),
            let other = role.incompatible.intersection(held).first
        else { return }
        throw GovernanceError(
            .separationOfDuties,
            "\(grant.principal) is \(other.rawValue), which excludes \(role.rawValue)",
            hint: "appoint somebody else")
    }
}
