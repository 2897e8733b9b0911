@_spi(ChokePoint) public import Catalog
internal import Records

/// What came of asking for a release.
public enum ReleaseOutcome: Sendable, Hashable {
    /// It is released.
    case released(ReleaseRow)
    /// A privacy officer must approve the request.
    case proposed(RequestRow)
}

extension Authorizer {
    /// Proposes that a version be released for training for a purpose; in a workspace of one the
    /// same person approves it at once, recorded as self-approved.
    public func release(version: [UInt8], purpose: String, session: Session)
        throws(GovernanceError) -> ReleaseOutcome
    {
        try checkPurpose(purpose, of: version)
        let request = try propose(
            .proposeRelease, on: .version(version), purpose: purpose,
            facts: ["version": .string(Hex.encode(version))], session: session)
        guard catalog.workspace.solo,
            try decide(
                .approveRelease, principal: session.principal, on: .version(version)
            ).isAllowed
        else { return .proposed(request) }
        try approve(request.id, session: session)
        let row = try governed {
            try catalog.read { try $0.release(of: version, purpose: purpose) }
        }
        guard let row else { throw GovernanceError(.conflict, "the release was withdrawn") }
        return .released(row)
    }

    private func checkPurpose(_ purpose: String, of version: [UInt8]) throws(GovernanceError) {
        try governed {
            try catalog.read { reader in
                guard let row = try reader.version(version),
                    let dataset = try reader.dataset(row.dataset)
                else { throw GovernanceError(.notFound, "there is no such version") }
                guard dataset.purposes.contains(purpose) else {
                    throw GovernanceError(
                        .invalid,
                        "purpose \(purpose) is not among those of dataset \(dataset.name): "
                            + dataset.purposes.joined(separator: ", "))
                }
                if try reader.release(of: version, purpose: purpose) != nil {
                    throw GovernanceError(
                        .conflict, "the version is released for \(purpose) already")
                }
            }
        }
    }

    /// The effect of approving a release, in the transaction of the approval.
    func release(_ request: RequestRow, _ change: CatalogChange, _ session: Session) throws {
        guard case .version(let version)? = Resource(text: request.object),
            let purpose = request.purpose
        else { throw GovernanceError(.integrity, "request \(request.id) names no version") }
        let row = try change.add(
            ReleaseRow(
                version: version, purpose: purpose, request: request.id,
                proposedBy: request.proposer, approvedBy: session.principal, at: now()))
        try change.finish(request: request.id)
        change.also(
            EventDraft(
                "release.create", object: request.object, facts: ["release": row.facts]))
    }

    /// Withdraws a release: new runs are refused and running ones stop.
    @discardableResult
    public func withdrawRelease(version: [UInt8], purpose: String, session: Session)
        throws(GovernanceError) -> Revocation
    {
        let event = EventDraft(
            "release.withdraw", object: Resource.version(version).text,
            facts: ["purpose": .string(purpose)])
        return try perform(
            .approveRelease, on: .version(version), session: session, event: event
        ) { change in
            try change.withdrawReleases(of: version, purpose: purpose)
            return try endUnfounded(change)
        }.value
    }
}
