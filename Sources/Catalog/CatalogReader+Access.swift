internal import FoundationEssentials
internal import GRDB
public import Records

extension CatalogReader {
    /// The grant with an id, or nil.
    public func grant(_ id: String) throws(CatalogError) -> GrantRow? {
        try first("SELECT * FROM grants WHERE id = ?", [id], GrantRow.init)
    }

    /// The grants of a principal (nil: of everybody), also ended ones, in the order given.
    public func grants(of principal: String? = nil) throws(CatalogError) -> [GrantRow] {
        try rows(
            """
            SELECT * FROM grants WHERE ? IS NULL OR principal = ? ORDER BY event, id
            """, [principal, principal], GrantRow.init)
    }

    /// The deny with an id, or nil.
    public func deny(_ id: String) throws(CatalogError) -> DenyRow? {
        try first("SELECT * FROM denies WHERE id = ?", [id], DenyRow.init)
    }

    /// The denies of a principal (nil: of everybody), also lifted ones.
    public func denies(of principal: String? = nil) throws(CatalogError) -> [DenyRow] {
        try rows(
            """
            SELECT * FROM denies WHERE ? IS NULL OR principal = ? ORDER BY event, id
            """, [principal, principal], DenyRow.init)
    }

    /// The request with an id, or nil.
    public func request(_ id: String) throws(CatalogError) -> RequestRow? {
        try first("SELECT * FROM requests WHERE id = ?", [id], RequestRow.init)
    }

    /// The requests in a state (nil: all), oldest first.
    public func requests(state: RequestState? = nil) throws(CatalogError) -> [RequestRow] {
        try rows(
            """
            SELECT * FROM requests WHERE ? IS NULL OR state = ? ORDER BY event, id
            """, [state?.rawValue, state?.rawValue], RequestRow.init)
    }

    /// The lease with an id, or nil.
    public func lease(_ id: String) throws(CatalogError) -> LeaseRow? {
        try first("SELECT * FROM leases WHERE id = ?", [id], LeaseRow.init)
    }

    /// The leases of a principal (nil: of everybody), also ended ones.
    public func leases(of principal: String? = nil) throws(CatalogError) -> [LeaseRow] {
        try rows(
            """
            SELECT * FROM leases WHERE ? IS NULL OR principal = ? ORDER BY issued, id
            """, [principal, principal], LeaseRow.init)
    }

    /// The leases that open something at a moment.
    public func leases(liveAt time: Timestamp) throws(CatalogError) -> [LeaseRow] {
        try rows(
            "SELECT * FROM leases WHERE revoked IS NULL AND expires > ? ORDER BY issued, id",
            [time.rfc3339], LeaseRow.init
        ).filter { $0.isLive(at: time) }
    }

    /// The releases of a version (nil: all), also withdrawn ones.
    public func releases(of version: [UInt8]? = nil) throws(CatalogError) -> [ReleaseRow] {
        try rows(
            """
            SELECT * FROM releases WHERE ? IS NULL OR version = ? ORDER BY event
            """, [blobOrNull(version), blobOrNull(version)], ReleaseRow.init)
    }

    /// The release that lets a version be used for a purpose, or nil.
    public func release(of version: [UInt8], purpose: String) throws(CatalogError) -> ReleaseRow? {
        try first(
            """
            SELECT * FROM releases WHERE version = ? AND purpose = ? AND withdrawn IS NULL
            ORDER BY event DESC LIMIT 1
            """, [blob(version), purpose], ReleaseRow.init)
    }
}
