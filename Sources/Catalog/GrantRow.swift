internal import GRDB
public import Records

/// A role given to a principal over a scope.
///
/// Its non-personal facts stand in the log too, so that a changed row can be told from a granted one.
public struct GrantRow: Sendable, Hashable {
    /// `g-` and 8 hex digits.
    public var id: String
    /// The role's word; `Governance` knows which exist.
    public var role: String
    /// Person, service or group that holds it.
    public var principal: String
    /// What it covers.
    public var scope: GrantScope
    /// Only this stage, if named.
    public var stage: Stage?
    /// Only this purpose, if named.
    public var purpose: String?
    /// From when.
    public var from: Timestamp
    /// Until when; nil only for owners.
    public var until: Timestamp?
    /// Who gave it.
    public var grantedBy: String
    /// Index of the event that made it.
    public var eventIndex: UInt64
    /// Since when it is taken back, if so.
    public var revoked: Timestamp?

    /// Makes a grant row.
    public init(
        id: String? = nil, role: String, principal: String, scope: GrantScope,
        stage: Stage? = nil, purpose: String? = nil, from: Timestamp, until: Timestamp?,
        grantedBy: String, eventIndex: UInt64 = 0, revoked: Timestamp? = nil
    ) {
        self.id = id ?? ShortID.random("g")
        self.role = role
        self.principal = principal
        self.scope = scope
        self.stage = stage
        self.purpose = purpose
        self.from = from
        self.until = until
        self.grantedBy = grantedBy
        self.eventIndex = eventIndex
        self.revoked = revoked
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.text("id")
        role = try row.text("role")
        principal = try row.text("principal")
        scope = try row.scope("scope")
        stage = try row.optionalWord("stage")
        purpose = try row.optional("purpose")
        from = try row.time("valid_from")
        until = try row.optionalTime("valid_until")
        grantedBy = try row.text("granted_by")
        eventIndex = UInt64(try row.value("event", as: Int64.self))
        revoked = try row.optionalTime("revoked")
    }

    /// Whether it counts at a moment.
    public func isLive(at time: Timestamp) -> Bool {
        if let revoked, revoked <= time { return false }
        if let until, until <= time { return false }
        return from <= time
    }

    /// What the log keeps of it for ever, and `audit verify` compares the row with.
    public var facts: JSONValue {
        [
            "by": .string(grantedBy), "from": .string(from.rfc3339), "id": .string(id),
            "principal": .string(principal),
            "purpose": purpose.map { .string($0) } ?? .null, "role": .string(role),
            "scope": .string(scope.text), "stage": stage.map { .string($0.rawValue) } ?? .null,
            "until": until.map { .string($0.rfc3339) } ?? .null,
        ]
    }
}

/// An explicit deny; it wins over every grant.
public struct DenyRow: Sendable, Hashable {
    /// `d-` and 8 hex digits.
    public var id: String
    /// The permission's word, or `*` for all.
    public var permission: String
    /// Whom it concerns.
    public var principal: String
    /// What it covers.
    public var scope: GrantScope
    /// Who denied.
    public var deniedBy: String
    /// Index of the event that made it.
    public var eventIndex: UInt64
    /// Since when it is lifted, if so.
    public var lifted: Timestamp?

    /// Makes a deny row.
    public init(
        id: String? = nil, permission: String, principal: String, scope: GrantScope,
        deniedBy: String, eventIndex: UInt64 = 0, lifted: Timestamp? = nil
    ) {
        self.id = id ?? ShortID.random("d")
        self.permission = permission
        self.principal = principal
        self.scope = scope
        self.deniedBy = deniedBy
        self.eventIndex = eventIndex
        self.lifted = lifted
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.text("id")
        permission = try row.text("permission")
        principal = try row.text("principal")
        scope = try row.scope("scope")
        deniedBy = try row.text("denied_by")
        eventIndex = UInt64(try row.value("event", as: Int64.self))
        lifted = try row.optionalTime("lifted")
    }

    /// What the log keeps of it for ever.
    public var facts: JSONValue {
        [
            "by": .string(deniedBy), "id": .string(id), "permission": .string(permission),
            "principal": .string(principal), "scope": .string(scope.text),
        ]
    }
}
