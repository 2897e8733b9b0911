@_spi(ChokePoint) internal import Catalog
internal import Records

extension Authorizer {
    /// Says what a dataset may be used for and why that is lawful; leases and runs for a purpose
    /// that is gone end at once.
    @discardableResult
    public func setPurposes(
        _ purposes: [String], legalBasis: String, of dataset: [UInt8], session: Session
    ) throws(GovernanceError) -> Revocation {
        let event = EventDraft(
            "purpose.set", object: Resource.dataset(dataset).text,
            facts: [
                "legalBasis": .string(legalBasis),
                "purposes": .array(purposes.map { .string($0) }),
            ])
        return try perform(.setPurpose, on: .dataset(dataset), session: session, event: event) {
            change in
            try change.setPurposes(purposes, legalBasis: legalBasis, of: dataset)
            return try endUnfounded(change)
        }.value
    }

    /// Sets or lifts the legal hold of a dataset: nothing of it is destroyed while it stands. It
    /// beats retention, and denies nobody access.
    public func setLegalHold(_ hold: Bool, of dataset: [UInt8], session: Session)
        throws(GovernanceError)
    {
        let event = EventDraft(
            hold ? "hold.set" : "hold.lift", object: Resource.dataset(dataset).text)
        try perform(.setPurpose, on: .dataset(dataset), session: session, event: event) { change in
            try change.setLegalHold(hold, of: dataset)
        }
    }
}
