@_spi(ChokePoint) public import Catalog
internal import Records

/// Access in an emergency, before anyone approved: at most one hour, with a reason, announced by
/// its own event at once, and reviewed by a second person within 72 hours, or the principal is
/// suspended. It opens records of one version, and never the audit log or keys.
enum BreakGlass {
    static let action = "break-glass"
}

extension Authorizer {
    /// Opens a raw version in an emergency to somebody whose role could read it after approval.
    ///
    /// - Returns: the lease, and the request that another person must review with
    ///   ``approve(_:session:)`` or ``reject(_:session:)``.
    public func breakGlass(
        version: [UInt8], purpose: String, reason: String, session: Session
    ) throws(GovernanceError) -> (lease: Lease, review: RequestRow) {
        guard reason.utf8.contains(where: { $0 > 0x20 }) else {
            throw GovernanceError(.invalid, "breaking the glass needs a reason")
        }
        let time = now()
        let resource = Resource.version(version)
        let place = try governed { try catalog.read { try ResolvedResource(resource, $0) } }
        let request = RequestRow(
            action: BreakGlass.action, object: resource.text, purpose: purpose,
            proposer: session.principal, created: time)
        let row = LeaseRow(
            principal: session.principal, scope: place.scope, version: version,
            stage: place.stage, permission: Permission.readRaw.rawValue, purpose: purpose,
            request: request.id, issued: time, expires: time.adding(seconds: Limits.breakGlass))
        var event = Self.requestEvent(request, reason)
        event.action = BreakGlass.action
        event.requestID = session.requestID
        return try refusing(.readRaw, on: resource, purpose: purpose, session: session) {
            try catalog.commit(event, signer: session.signer) { change in
                try Self.checkKey(change, session)
                let decision = try Decision(reader: change, now: now()).decide(
                    .readRaw, principal: session.principal, on: resource, purpose: purpose)
                if case .denied(let reasons) = decision {
                    throw GovernanceError(
                        .denied, "breaking the glass on \(resource.text) is denied",
                        reasons: reasons)
                }
                let review = try change.add(request)
                try change.add(row)
                change.also(
                    EventDraft(
                        "lease.issue", object: "lease:" + row.id, facts: ["lease": row.facts]))
                return (Lease(row), review)
            }.value
        }
    }
}
