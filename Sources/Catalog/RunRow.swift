internal import GRDB
public import Records

/// One fine-tune: a frozen request and what came of it.
public struct RunRow: Sendable, Hashable {
    /// Unique id, e.g. `r-1a2b3c4d`.
    public var id: String
    /// The name its user gave it.
    public var name: String
    /// How far it is.
    public var state: RunState
    /// The frozen request as RFC 8785 bytes.
    public var request: [UInt8]
    /// Who asked for it.
    public var actor: String
    /// The dataset version it reads.
    public var version: [UInt8]?
    /// For what purpose.
    public var purpose: String?
    /// The lease it runs under.
    public var lease: String?
    /// When it was frozen.
    public var created: Timestamp
    /// When its engine started.
    public var started: Timestamp?
    /// When it ended.
    public var finished: Timestamp?
    /// Its evaluation.
    public var metrics: JSONValue?
    /// SHA-256 of its signed provenance statement.
    public var statementDigest: [UInt8]?

    /// Makes a planned run.
    public init(
        id: String? = nil, name: String, state: RunState = .planned, request: [UInt8],
        actor: String, version: [UInt8]?, purpose: String?, lease: String? = nil,
        created: Timestamp = .now, started: Timestamp? = nil, finished: Timestamp? = nil,
        metrics: JSONValue? = nil, statementDigest: [UInt8]? = nil
    ) {
        self.id = id ?? ShortID.random("r")
        self.name = name
        self.state = state
        self.request = request
        self.actor = actor
        self.version = version
        self.purpose = purpose
        self.lease = lease
        self.created = created
        self.started = started
        self.finished = finished
        self.metrics = metrics
        self.statementDigest = statementDigest
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.text("id")
        name = try row.text("name")
        state = try row.word("state")
        request = try row.bytes("request")
        actor = try row.text("actor")
        version = try row.optionalBytes("version")
        purpose = try row.optional("purpose")
        lease = try row.optional("lease")
        created = try row.time("created")
        started = try row.optionalTime("started")
        finished = try row.optionalTime("finished")
        metrics = try row.optionalJSON("metrics")
        statementDigest = try row.optionalBytes("statement_digest")
    }
}

/// One thing an engine said.
public struct RunEventRow: Sendable, Hashable {
    /// Which run.
    public var run: String
    /// 0, 1, 2, … within the run.
    public var sequence: Int
    /// The event.
    public var event: JSONValue
}
