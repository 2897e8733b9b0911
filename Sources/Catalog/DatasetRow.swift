internal import GRDB
public import Records

/// A dataset: a line of immutable versions, with the purposes it may be used for.
public struct DatasetRow: Sendable, Hashable {
    /// Scope id, 16 random bytes.
    public var id: [UInt8]
    /// Unique name.
    public var name: String
    /// What its records may be used for.
    public var purposes: [String]
    /// Why processing is lawful, e.g. `consent`; empty: none stated.
    public var legalBasis: String
    /// The principal who answers for it.
    public var owner: String
    /// When it was made.
    public var created: Timestamp
    /// Whether nothing of it may be destroyed.
    public var legalHold: Bool

    /// Makes a dataset row.
    public init(
        id: [UInt8], name: String, purposes: [String], legalBasis: String, owner: String,
        created: Timestamp = .now, legalHold: Bool = false
    ) {
        self.id = id
        self.name = name
        self.purposes = purposes
        self.legalBasis = legalBasis
        self.owner = owner
        self.created = created
        self.legalHold = legalHold
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.bytes("id")
        name = try row.text("name")
        purposes = try row.json("purposes").stringArray ?? []
        legalBasis = try row.text("legal_basis")
        owner = try row.text("owner")
        created = try row.time("created")
        legalHold = try row.value("legal_hold", as: Bool.self)
    }
}

/// A file that was ingested, by its digest, and into which version.
public struct IngestedFileRow: Sendable, Hashable {
    /// SHA-256 of the file.
    public var digest: [UInt8]
    /// Dataset scope id.
    public var dataset: [UInt8]
    /// The version that ingesting it made.
    public var version: [UInt8]
}
