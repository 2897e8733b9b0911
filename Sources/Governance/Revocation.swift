@_spi(ChokePoint) internal import Catalog
internal import Records

/// What taking something back ended.
public struct Revocation: Sendable, Hashable {
    /// The grants taken back.
    public var grants: [String] = []
    /// The leases that ended with them.
    public var leases: [String] = []
    /// The runs that now must stop.
    public var runs: [String] = []
}

extension Authorizer {
    /// Ends every live lease that would not be given any more, and tells its run to stop.
    ///
    /// Called inside the transaction that takes something back, so there is no moment between.
    func endUnfounded(_ change: CatalogChange) throws -> Revocation {
        var result = Revocation()
        let decision = Decision(reader: change, now: now())
        for lease in try change.leases(liveAt: now()) where try !isFounded(lease, decision) {
            try change.revokeLease(lease.id)
            result.leases.append(lease.id)
            change.also(
                EventDraft("lease.revoke", object: "lease:" + lease.id, facts: lease.facts))
            if let run = try lease.run.flatMap({ try change.run($0) }), !run.state.isFinal {
                var run = run
                run.state = .stopping
                try change.update(run)
                result.runs.append(run.id)
                change.also(EventDraft("run.stop", object: "run:" + run.id))
            }
        }
        return result
    }

    private func isFounded(_ lease: LeaseRow, _ decision: Decision) throws -> Bool {
        guard let permission = Permission(rawValue: lease.permission) else { return false }
        if lease.request != nil, permission == .readRaw || permission == .reidentify {
            // The approval was judged when the lease was made; the role must still be held.
            let result = try decision.decide(
                permission, principal: lease.principal, on: lease.resource,
                purpose: lease.purpose)
            if case .denied = result { return false }
            return true
        }
        return try decision.decide(
            permission, principal: lease.principal, on: lease.resource, purpose: lease.purpose
        ).isAllowed
    }
}

extension LeaseRow {
    /// What it was asked for.
    var resource: Resource {
        if let version { return .version(version) }
        return scope.resource
    }
}
