internal import FoundationEssentials
internal import GRDB
internal import Records

// Written by `Governance` alone, which decides before it writes: hence the SPI.

@_spi(ChokePoint)
extension CatalogChange {
    /// Adds a grant; its event index becomes that of this transaction's event.
    @discardableResult
    public func add(_ grant: GrantRow, event index: UInt64? = nil) throws(CatalogError)
        -> GrantRow
    {
        var grant = grant
        grant.eventIndex = index ?? eventIndex
        try run(
            """
            INSERT INTO grants (id, role, principal, scope, stage, purpose, valid_from,
                valid_until, granted_by, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                grant.id, grant.role, grant.principal, grant.scope.text, grant.stage?.rawValue,
                grant.purpose, grant.from.rfc3339, grant.until?.rfc3339, grant.grantedBy,
                Int64(grant.eventIndex),
            ])
        return grant
    }

    /// Takes a grant back from now on.
    public func revokeGrant(_ id: String) throws(CatalogError) {
        try runOne(
            "live grant \(id)", "UPDATE grants SET revoked = ? WHERE id = ? AND revoked IS NULL",
            [time.rfc3339, id])
    }

    /// Adds an explicit deny.
    @discardableResult
    public func add(_ deny: DenyRow) throws(CatalogError) -> DenyRow {
        var deny = deny
        deny.eventIndex = eventIndex
        try run(
            """
            INSERT INTO denies (id, permission, principal, scope, denied_by, event)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                deny.id, deny.permission, deny.principal, deny.scope.text, deny.deniedBy,
                Int64(eventIndex),
            ])
        return deny
    }

    /// Lifts a deny from now on.
    public func liftDeny(_ id: String) throws(CatalogError) {
        try runOne(
            "deny \(id)", "UPDATE denies SET lifted = ? WHERE id = ? AND lifted IS NULL",
            [time.rfc3339, id])
    }

    /// Adds a request for a second person's approval.
    @discardableResult
    public func add(_ request: RequestRow) throws(CatalogError) -> RequestRow {
        var request = request
        request.eventIndex = eventIndex
        try run(
            """
            INSERT INTO requests (id, action, object, purpose, facts, proposer, created, state,
                self_approved, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
            """,
            [
                request.id, request.action, request.object, request.purpose,
                jsonText(request.facts), request.proposer, request.created.rfc3339,
                request.state.rawValue, Int64(eventIndex),
            ])
        return request
    }

    /// Decides a pending request.
    public func decide(_ id: String, _ state: RequestState, by approver: String)
        throws(CatalogError)
    {
        try runOne(
            "pending request \(id)",
            """
            UPDATE requests SET state = ?, approver = ?, decided = ?,
                self_approved = (proposer = ?) WHERE id = ? AND state = 'pending'
            """, [state.rawValue, approver, time.rfc3339, approver, id])
    }

    /// Marks an approved request as carried out.
    public func finish(request id: String) throws(CatalogError) {
        try runOne(
            "approved request \(id)",
            "UPDATE requests SET state = 'done' WHERE id = ? AND state = 'approved'", [id])
    }

    /// Adds a lease.
    public func add(_ lease: LeaseRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO leases (id, principal, scope, version, stage, permission, purpose, run,
                request, issued, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                lease.id, lease.principal, lease.scope.text, blobOrNull(lease.version),
                lease.stage?.rawValue, lease.permission, lease.purpose, lease.run, lease.request,
                lease.issued.rfc3339, lease.expires.rfc3339,
            ])
    }

    /// Ends a lease from now on.
    public func revokeLease(_ id: String) throws(CatalogError) {
        try runOne(
            "live lease \(id)", "UPDATE leases SET revoked = ? WHERE id = ? AND revoked IS NULL",
            [time.rfc3339, id])
    }

    /// Adds a release.
    @discardableResult
    public func add(_ release: ReleaseRow) throws(CatalogError) -> ReleaseRow {
        var release = release
        release.eventIndex = eventIndex
        try run(
            """
            INSERT INTO releases (version, purpose, request, proposed_by, approved_by, at, event)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(release.version), release.purpose, release.request, release.proposedBy,
                release.approvedBy, release.at.rfc3339, Int64(eventIndex),
            ])
        return release
    }

    /// Withdraws the releases of a version for a purpose from now on.
    public func withdrawReleases(of version: [UInt8], purpose: String) throws(CatalogError) {
        try run(
            """
            UPDATE releases SET withdrawn = ?
            WHERE version = ? AND purpose = ? AND withdrawn IS NULL
            """, [time.rfc3339, blob(version), purpose])
        guard db.changesCount > 0 else {
            throw CatalogError(
                .notFound, "version \(Hex.encode(version)) is not released for \(purpose)")
        }
    }
}
