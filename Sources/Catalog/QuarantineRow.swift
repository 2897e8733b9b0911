internal import GRDB

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
    /// The version that was made when it was rejected.
    public var version: [UInt8]?
    /// Where it stood in people's words, such as `page 3`; for documents.
    public var place: String?
    /// The encoding of the sealed bytes; nil for UTF-8.
    public var encoding: String?

    /// Makes a row not yet stored.
    public init(
        dataset: [UInt8], reason: String, fileDigest: [UInt8], offset: Int, length: Int,
        object: [UInt8]?, version: [UInt8]? = nil, place: String? = nil, encoding: String? = nil
    ) {
        self.version = version
        self.place = place
        self.encoding = encoding
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
        version = try row.optionalBytes("version")
        place = try row.optional("place")
        encoding = try row.optional("encoding")
    }
}

/// What was found out about a file that was ingested, so that a rejected row of it can be read
/// again as it was read then.
public struct SourceFileRow: Sendable, Hashable {
    /// Dataset scope id.
    public var dataset: [UInt8]
    /// SHA-256 of the file.
    public var digest: [UInt8]
    /// Its relative path.
    public var path: String
    /// Format, encoding, dialect and columns, as JSON.
    public var facts: String

    /// Makes a row.
    public init(dataset: [UInt8], digest: [UInt8], path: String, facts: String) {
        self.dataset = dataset
        self.digest = digest
        self.path = path
        self.facts = facts
    }

    init(_ row: Row) throws(CatalogError) {
        dataset = try row.bytes("dataset")
        digest = try row.bytes("digest")
        path = try row.text("path")
        facts = try row.text("facts")
    }
}
