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

/// A piece of input that was rejected.
public struct QuarantineRow: Sendable, Hashable {
    /// Row number; nil before it is stored.
    public var id: Int64?
    /// Dataset scope id.
    public var dataset: [UInt8]
    /// Reason code, e.g. `column-count`.
    public var reason: String
    /// SHA-256 of the source file.
    public var fileDigest: [UInt8]
    /// Where it starts in the file, in bytes.
    public var offset: Int
    /// How many bytes.
    public var length: Int
    /// The sealed object that holds the raw bytes, if kept.
    public var object: [UInt8]?

    /// Makes a row not yet stored.
    public init(
        dataset: [UInt8], reason: String, fileDigest: [UInt8], offset: Int, length: Int,
        object: [UInt8]?
    ) {
        self.dataset = dataset
        self.reason = reason
        self.fileDigest = fileDigest
        self.offset = offset
        self.length = length
        self.object = object
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.value("id", as: Int64.self)
        dataset = try row.bytes("dataset")
        reason = try row.text("reason")
        fileDigest = try row.bytes("file_digest")
        offset = try row.value("offset")
        length = try row.value("length")
        object = try row.optionalBytes("object")
    }
}
