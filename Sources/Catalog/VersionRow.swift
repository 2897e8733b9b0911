internal import GRDB
public import Records

/// An immutable version of a dataset.
public struct VersionRow: Sendable, Hashable {
    /// SHA-256 of the canonical manifest, 32 bytes.
    public var id: [UInt8]
    /// Dataset scope id.
    public var dataset: [UInt8]
    /// Its stage.
    public var stage: Stage
    /// The manifest as RFC 8785 bytes.
    public var manifest: [UInt8]
    /// Number of records.
    public var count: Int
    /// When it was made here.
    public var created: Timestamp
    /// Who made it.
    public var actor: String

    /// Makes a version row.
    public init(
        id: [UInt8], dataset: [UInt8], stage: Stage, manifest: [UInt8], count: Int,
        created: Timestamp = .now, actor: String
    ) {
        self.id = id
        self.dataset = dataset
        self.stage = stage
        self.manifest = manifest
        self.count = count
        self.created = created
        self.actor = actor
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.bytes("id")
        dataset = try row.bytes("dataset")
        stage = try row.word("stage")
        manifest = try row.bytes("manifest")
        count = try row.value("count")
        created = try row.time("created")
        actor = try row.text("actor")
    }
}

/// A name for a version: a number or a tag.
public struct RefRow: Sendable, Hashable {
    /// `3` or a tag.
    public var name: String
    /// Version id.
    public var version: [UInt8]
}

/// A sealed group of records, shared between versions of one dataset and stage.
public struct SegmentRow: Sendable, Hashable {
    /// Object id, 32 bytes.
    public var object: [UInt8]
    /// Dataset scope id.
    public var dataset: [UInt8]
    /// Stage of the dataset it belongs to.
    public var stage: Stage
    /// Merkle root over its record leaves, 32 bytes.
    public var root: [UInt8]
    /// Number of records.
    public var count: Int
    /// Smallest rid, 16 bytes.
    public var firstRID: [UInt8]
    /// Largest rid, 16 bytes.
    public var lastRID: [UInt8]

    /// Makes a segment row.
    public init(
        object: [UInt8], dataset: [UInt8], stage: Stage, root: [UInt8], count: Int,
        firstRID: [UInt8], lastRID: [UInt8]
    ) {
        self.object = object
        self.dataset = dataset
        self.stage = stage
        self.root = root
        self.count = count
        self.firstRID = firstRID
        self.lastRID = lastRID
    }

    init(_ row: Row) throws(CatalogError) {
        object = try row.bytes("object")
        dataset = try row.bytes("dataset")
        stage = try row.word("stage")
        root = try row.bytes("root")
        count = try row.value("count")
        firstRID = try row.bytes("first_rid")
        lastRID = try row.bytes("last_rid")
    }
}

/// Where a sealed object lies.
public struct ObjectRow: Sendable, Hashable {
    /// Object id, 32 bytes.
    public var id: [UInt8]
    /// What it holds.
    public var kind: ObjectKind
    /// Dataset or model scope id, 16 bytes.
    public var scope: [UInt8]
    /// Stage byte of its associated data.
    public var stageCode: UInt8
    /// The pack file.
    public var pack: String
    /// Where in the pack, in bytes.
    public var offset: Int
    /// Sealed length in bytes.
    public var length: Int

    /// Makes an object row.
    public init(
        id: [UInt8], kind: ObjectKind, scope: [UInt8], stageCode: UInt8, pack: String,
        offset: Int, length: Int
    ) {
        self.id = id
        self.kind = kind
        self.scope = scope
        self.stageCode = stageCode
        self.pack = pack
        self.offset = offset
        self.length = length
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.bytes("id")
        kind = ObjectKind(rawValue: try row.text("kind"))
        scope = try row.bytes("scope")
        stageCode = try row.value("stage")
        pack = try row.text("pack")
        offset = try row.value("offset")
        length = try row.value("length")
    }
}

/// An object of a version beside its segments: origin table, findings report, …
public struct VersionObject: Sendable, Hashable {
    /// What it is to the version, e.g. `origins`.
    public var role: String
    /// Object id.
    public var object: [UInt8]

    /// Names an object of a version.
    public init(role: String, object: [UInt8]) {
        self.role = role
        self.object = object
    }
}
