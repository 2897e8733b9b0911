internal import GRDB
public import Records

/// Something that needs a second person.
public struct RequestRow: Sendable, Hashable {
    /// `q-` and 8 hex digits.
    public var id: String
    /// What is asked for: a permission's word, `release` or `appoint`.
    public var action: String
    /// On what: `version:<hex>`, `dataset:<hex>`, `principal:p-…`.
    public var object: String
    /// For what purpose.
    public var purpose: String?
    /// More, nothing personal.
    public var facts: JSONValue
    /// Who asks.
    public var proposer: String
    /// When.
    public var created: Timestamp
    /// Who decided.
    public var approver: String?
    /// When it was decided.
    public var decided: Timestamp?
    /// How it stands.
    public var state: RequestState
    /// Whether proposer and approver are one, as a workspace of one allows.
    public var selfApproved: Bool
    /// Index of the event that made it.
    public var eventIndex: UInt64

    /// Makes a pending request.
    public init(
        id: String? = nil, action: String, object: String, purpose: String? = nil,
        facts: JSONValue = [:], proposer: String, created: Timestamp
    ) {
        self.id = id ?? ShortID.random("q")
        self.action = action
        self.object = object
        self.purpose = purpose
        self.facts = facts
        self.proposer = proposer
        self.created = created
        state = .pending
        selfApproved = false
        eventIndex = 0
    }

    init(_ row: Row) throws(CatalogError) {
        id = try row.text("id")
        action = try row.text("action")
        object = try row.text("object")
        purpose = try row.optional("purpose")
        facts = try row.json("facts")
        proposer = try row.text("proposer")
        created = try row.time("created")
        approver = try row.optional("approver")
        decided = try row.optionalTime("decided")
        state = try row.word("state")
        selfApproved = try row.value("self_approved", as: Bool.self)
        eventIndex = UInt64(try row.value("event", as: Int64.self))
    }
}

/// The approval that makes a version usable for training for one purpose.
public struct ReleaseRow: Sendable, Hashable {
    /// Version id.
    public var version: [UInt8]
    /// For what purpose.
    public var purpose: String
    /// The request it rests on.
    public var request: String
    /// Who proposed it.
    public var proposedBy: String
    /// Who approved it.
    public var approvedBy: String
    /// When.
    public var at: Timestamp
    /// Index of the event that made it.
    public var eventIndex: UInt64
    /// Since when it is withdrawn, if so.
    public var withdrawn: Timestamp?

    /// Whether one person proposed and approved it.
    public var selfApproved: Bool { proposedBy == approvedBy }

    /// Makes a release row.
    public init(
        version: [UInt8], purpose: String, request: String, proposedBy: String,
        approvedBy: String, at: Timestamp, eventIndex: UInt64 = 0
    ) {
        self.version = version
        self.purpose = purpose
        self.request = request
        self.proposedBy = proposedBy
        self.approvedBy = approvedBy
        self.at = at
        self.eventIndex = eventIndex
    }

    init(_ row: Row) throws(CatalogError) {
        version = try row.bytes("version")
        purpose = try row.text("purpose")
        request = try row.text("request")
        proposedBy = try row.text("proposed_by")
        approvedBy = try row.text("approved_by")
        at = try row.time("at")
        eventIndex = UInt64(try row.value("event", as: Int64.self))
        withdrawn = try row.optionalTime("withdrawn")
    }

    /// What the log keeps of it.
    public var facts: JSONValue {
        [
            "approvedBy": .string(approvedBy), "at": .string(at.rfc3339),
            "proposedBy": .string(proposedBy), "purpose": .string(purpose),
            "request": .string(request), "selfApproved": .bool(selfApproved),
            "version": .string(Hex.encode(version)),
        ]
    }
}
