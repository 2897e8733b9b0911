internal import GRDB
public import Records

/// What a workspace is; written once, when it is made.
public struct WorkspaceRow: Sendable, Hashable {
    /// 16 random bytes.
    public let id: [UInt8]
    /// The audit log's origin line, also the name of its key.
    public let origin: String
    /// When it was made.
    public let created: Timestamp
    /// Whether one person may approve what they propose (recorded as self-approved).
    public let solo: Bool
    /// The principal that holds the root key and signs checkpoints.
    public let custodian: String

    init(id: [UInt8], origin: String, created: Timestamp, solo: Bool, custodian: String) {
        self.id = id
        self.origin = origin
        self.created = created
        self.solo = solo
        self.custodian = custodian
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.bytes("id")
        origin = try row.text("origin")
        created = try row.time("created")
        solo = try row.value("solo", as: Bool.self)
        custodian = try row.text("custodian")
    }

    /// The row as it stands now, which must be the one that the log's first event tells of:
    /// whoever could set `solo` behind the log's back would need no second person any more.
    static func stored(in db: Database) throws -> WorkspaceRow {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM workspace") else {
            throw CatalogError(.integrity, "catalog.sqlite holds no workspace")
        }
        let workspace = try WorkspaceRow(row)
        var logged: JSONValue?
        try LogStorage(db).entries(from: 0, limit: 1) { entry throws(CatalogError) in
            logged = try entry.event().facts["workspace"]
        }
        guard logged == workspace.facts else {
            throw CatalogError(
                .integrity, "the workspace's row is not the one that the log's first event made",
                hint: "it was changed; restore catalog.sqlite from a backup")
        }
        return workspace
    }

    /// What the log's first event says of the workspace.
    public var facts: JSONValue {
        [
            "created": .string(created.rfc3339), "custodian": .string(custodian),
            "id": .string(Hex.encode(id)), "origin": .string(origin), "solo": .bool(solo),
        ]
    }
}
