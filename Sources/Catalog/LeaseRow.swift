internal import GRDB
public import Records

/// A short, scoped permission to open sealed bytes, as stored.
public struct LeaseRow: Sendable, Hashable {
    /// `l-` and 8 hex digits.
    public var id: String
    /// Who holds it.
    public var principal: String
    /// The dataset or model whose objects it opens.
    public var scope: GrantScope
    /// The one version it opens; nil for a model.
    public var version: [UInt8]?
    /// That version's stage.
    public var stage: Stage?
    /// The permission it was made for.
    public var permission: String
    /// For what purpose.
    public var purpose: String?
    /// The run it belongs to.
    public var run: String?
    /// The approved request it rests on.
    public var request: String?
    /// When it was made.
    public var issued: Timestamp
    /// When it ends by itself.
    public var expires: Timestamp
    /// When it was ended early.
    public var revoked: Timestamp?

    /// Makes a lease row; this alone opens nothing.
    public init(
        id: String? = nil, principal: String, scope: GrantScope, version: [UInt8]?,
        stage: Stage?, permission: String, purpose: String?, run: String? = nil,
        request: String? = nil, issued: Timestamp, expires: Timestamp
    ) {
        self.id = id ?? ShortID.random("l")
        self.principal = principal
        self.scope = scope
        self.version = version
        self.stage = stage
        self.permission = permission
        self.purpose = purpose
        self.run = run
        self.request = request
        self.issued = issued
        self.expires = expires
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.text("id")
        principal = try row.text("principal")
        scope = try row.scope("scope")
        version = try row.optionalBytes("version")
        stage = try row.optionalWord("stage")
        permission = try row.text("permission")
        purpose = try row.optional("purpose")
        run = try row.optional("run")
        request = try row.optional("request")
        issued = try row.time("issued")
        expires = try row.time("expires")
        revoked = try row.optionalTime("revoked")
    }

    /// Whether it opens anything at a moment.
    public func isLive(at time: Timestamp) -> Bool {
        revoked == nil && issued <= time && time < expires
    }

    /// What the log keeps of it.
    public var facts: JSONValue {
        [
            "expires": .string(expires.rfc3339), "id": .string(id),
            "permission": .string(permission), "principal": .string(principal),
            "purpose": purpose.map { .string($0) } ?? .null,
            "request": request.map { .string($0) } ?? .null,
            "run": run.map { .string($0) } ?? .null, "scope": .string(scope.text),
            "version": version.map { .string(Hex.encode($0)) } ?? .null,
        ]
    }
}
