internal import GRDB
public import Records

/// A base model or the result of a run.
public struct ModelRow: Sendable, Hashable {
    /// Scope id, 16 random bytes.
    public var id: [UInt8]
    /// Unique name.
    public var name: String
    /// Imported or made here.
    public var kind: ModelKind
    /// The run that made it.
    public var run: String?
    /// The model it was made from.
    public var base: [UInt8]?
    /// How far it is.
    public var state: ModelState
    /// When it came in.
    public var created: Timestamp
    /// Who brought or made it.
    public var actor: String
    /// Architecture, labels, licence and the like; nothing personal.
    public var info: JSONValue

    /// Makes a draft model.
    public init(
        id: [UInt8], name: String, kind: ModelKind, run: String? = nil, base: [UInt8]? = nil,
        state: ModelState = .draft, created: Timestamp = .now, actor: String,
        info: JSONValue = [:]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.run = run
        self.base = base
        self.state = state
        self.created = created
        self.actor = actor
        self.info = info
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.bytes("id")
        name = try row.text("name")
        kind = try row.word("kind")
        run = try row.optional("run")
        base = try row.optionalBytes("base")
        state = try row.word("state")
        created = try row.time("created")
        actor = try row.text("actor")
        info = try row.json("info")
    }
}

/// One sealed file of a model.
public struct ArtifactRow: Sendable, Hashable {
    /// Model scope id.
    public var model: [UInt8]
    /// File name, e.g. `model.safetensors`.
    public var name: String
    /// Object id.
    public var object: [UInt8]
    /// SHA-256 of the file in clear.
    public var sha256: [UInt8]
    /// Its size in clear, in bytes.
    public var size: Int

    /// Makes an artifact row.
    public init(model: [UInt8], name: String, object: [UInt8], sha256: [UInt8], size: Int) {
        self.model = model
        self.name = name
        self.object = object
        self.sha256 = sha256
        self.size = size
    }

    init(_ row: Row) throws(CatalogError) {
        model = try row.bytes("model")
        name = try row.text("name")
        object = try row.bytes("object")
        sha256 = try row.bytes("sha256")
        size = try row.value("size")
    }
}

/// A registered engine: its executable is pinned by digest.
public struct EngineRow: Sendable, Hashable {
    /// What a trainer chooses.
    public var name: String
    /// The executable.
    public var path: String
    /// SHA-256 of the executable.
    public var digest: [UInt8]
    /// When it was registered.
    public var created: Timestamp
    /// Who registered it.
    public var actor: String

    /// Makes an engine row.
    public init(
        name: String, path: String, digest: [UInt8], created: Timestamp = .now, actor: String
    ) {
        self.name = name
        self.path = path
        self.digest = digest
        self.created = created
        self.actor = actor
    }

    init(_ row: Row) throws(CatalogError) {
        name = try row.text("name")
        path = try row.text("path")
        digest = try row.bytes("digest")
        created = try row.time("created")
        actor = try row.text("actor")
    }
}
