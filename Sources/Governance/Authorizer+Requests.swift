@_spi(ChokePoint) public import Catalog
public import Records

extension Authorizer {
    /// Proposes something that a second person approves: a release, an engine, a policy, …
    ///
    /// - Parameters:
    ///   - permission: a `propose-…` permission, which the actor must have.
    ///   - facts: what exactly is proposed, nothing personal.
    ///   - reason: why; kept in the erasable detail.
    @discardableResult
    public func propose(
        _ permission: Permission, on resource: Resource, purpose: String? = nil,
        facts: JSONValue = [:], reason: String = "", session: Session
    ) throws(GovernanceError) -> RequestRow {
        guard permission.approval != nil else {
            throw GovernanceError(.invalid, "\(permission.rawValue) is no proposal")
        }
        let request = RequestRow(
            action: permission.rawValue, object: resource.text, purpose: purpose, facts: facts,
            proposer: session.principal, created: now())
        return try perform(
            permission, on: resource, purpose: purpose, session: session,
            event: Self.requestEvent(request, reason)
        ) { change in try change.add(request) }.value
    }

    /// Asks for what a role allows only after a second person's approval: raw data,
    /// re-identification, an owner's export.
    @discardableResult
    public func request(
        _ permission: Permission, on resource: Resource, purpose: String? = nil,
        reason: String = "", session: Session
    ) throws(GovernanceError) -> RequestRow {
        let request = RequestRow(
            action: permission.rawValue, object: resource.text, purpose: purpose,
            proposer: session.principal, created: now())
        return try refusing(permission, on: resource, purpose: purpose, session: session) {
            var event = Self.requestEvent(request, reason)
            event.requestID = session.requestID
            return try catalog.commit(event, signer: session.signer) { change in
                try Self.checkKey(change, session)
                let decision = try Decision(reader: change, now: now()).decide(
                    permission, principal: session.principal, on: resource, purpose: purpose)
                switch decision {
                case .needsApproval: return try change.add(request)
                case .allowed(let reasons):
                    throw GovernanceError(
                        .invalid, "\(permission.rawValue) needs no approval now",
                        reasons: reasons)
                case .denied(let reasons):
                    throw GovernanceError(
                        .denied, "\(permission.rawValue) on \(resource.text) is denied",
                        reasons: reasons)
                }
            }.value
        }
    }

    static func requestEvent(_ request: RequestRow, _ reason: String) -> EventDraft {
        EventDraft(
            "request.create", object: "request:" + request.id,
            facts: [
                "action": .string(request.action), "facts": request.facts,
                "id": .string(request.id), "object": .string(request.object),
                "purpose": request.purpose.map { .string($0) } ?? .null,
            ], detail: ["reason": .string(reason)])
    }

    /// Approves another person's request; a release takes effect with it.
    @discardableResult
    public func approve(_ id: String, session: Session) throws(GovernanceError) -> RequestRow {
        try decide(id, .approved, session: session)
    }

    /// Refuses another person's request.
    @discardableResult
    public func reject(_ id: String, session: Session) throws(GovernanceError) -> RequestRow {
        try decide(id, .rejected, session: session)
    }

    /// Marks an approved request as carried out.
    public func finish(_ request: String, session: Session) throws(GovernanceError) {
        let event = EventDraft(
            "request.finish", object: "request:" + request, requestID: session.requestID)
        try governed {
            try catalog.commit(event, signer: session.signer) { change in
                try Self.checkKey(change, session)
                guard let row = try change.request(request),
                    row.proposer == session.principal || row.approver == session.principal
                else {
                    throw GovernanceError(
                        .denied, "request \(request) is finished by who made or approved it")
                }
                try change.finish(request: request)
            }
        }
    }

    private func decide(_ id: String, _ state: RequestState, session: Session)
        throws(GovernanceError) -> RequestRow
    {
        let request = try governed {
            try catalog.read { reader in
                guard let request = try reader.request(id) else {
                    throw GovernanceError(.notFound, "there is no request \(id)")
                }
                return request
            }
        }
        let permission = Permission(rawValue: request.action) ?? .approveErasure
        let resource = Resource(text: request.object) ?? .workspace
        let event = EventDraft(
            state == .approved ? "request.approve" : "request.reject", object: "request:" + id,
            requestID: session.requestID,
            facts: [
                "id": .string(id), "proposer": .string(request.proposer),
                "selfApproved": .bool(request.proposer == session.principal),
            ])
        return try refusing(
            permission.approval ?? permission, on: resource, purpose: request.purpose,
            session: session
        ) {
            try catalog.commit(event, signer: session.signer) { change in
                try Self.checkKey(change, session)
                try checkApprover(of: request, change, session)
                try change.decide(id, state, by: session.principal)
                if state == .approved, request.action == Permission.proposeRelease.rawValue {
                    try release(request, change, session)
                }
                guard let decided = try change.request(id) else {
                    throw GovernanceError(.notFound, "there is no request \(id)")
                }
                return decided
            }.value
        }
    }

    /// A second person, with the right role: in a workspace of one it may be the same, recorded.
    private func checkApprover(
        of request: RequestRow, _ change: CatalogChange, _ session: Session
    ) throws {
        let isSelf = request.proposer == session.principal
        let isAppointee = request.facts["principal"]?.stringValue == session.principal
        if (isSelf || isAppointee) && !change.workspace.solo {
            throw GovernanceError(
                .selfApproval, "nobody approves what they asked for themselves",
                hint: "another person approves it")
        }
        let decision = Decision(reader: change, now: now())
        let resource = Resource(text: request.object) ?? .workspace
        if request.action == BreakGlass.action {
            try mayApprove(.readRaw, resource, decision, session)
        } else if let permission = Permission(rawValue: request.action) {
            if let approval = permission.approval {
                try Self.pass(decision, approval, resource, request.purpose, session)
            } else {
                try mayApprove(permission, resource, decision, session)
            }
        } else {
            throw GovernanceError(.integrity, "request \(request.id) asks for nothing known")
        }
    }

    /// Whether the actor holds one of the roles that approve requests for an `A` cell.
    private func mayApprove(
        _ permission: Permission, _ resource: Resource, _ decision: Decision, _ session: Session
    ) throws {
        let target = try ResolvedResource(resource, decision.reader)
        let roles = AccessMatrix.approvers(of: permission)
        let isApprover = try decision.held(by: session.principal).contains { held in
            roles.contains(held.role) && target.isReached(by: held.grant.scope)
        }
        guard isApprover else {
            let names = roles.map(\.rawValue).joined(separator: " or ")
            throw GovernanceError(
                .denied, "approving \(permission.rawValue) on \(resource.text) is denied",
                reasons: ["it takes the role \(names) over it"])
        }
    }
}
