internal import GRDB
public import Records

/// One transaction: every change of the catalog, together with the event that tells of it.
///
/// Lives only inside ``CatalogStore/commit(_:signer:_:)``; when the body throws, neither the
/// changes nor the event remain.
public final class CatalogChange: CatalogReader {
    /// The event that will be committed; the body may complete it.
    public var event: EventDraft
    /// The index the event will have in the log.
    public let eventIndex: UInt64
    /// The moment that stands in the event.
    public let time: Timestamp
    var further: [EventDraft] = []

    init(
        _ db: Database, workspace: WorkspaceRow, event: EventDraft, index: UInt64, time: Timestamp
    ) {
        self.event = event
        eventIndex = index
        self.time = time
        super.init(db, workspace: workspace)
    }

    /// Adds another event to the same transaction, behind the first and with its request id.
    public func also(_ event: EventDraft) {
        var event = event
        event.requestID = self.event.requestID
        further.append(event)
    }

    /// Runs one statement.
    func run(_ sql: String, _ arguments: StatementArguments) throws(CatalogError) {
        try mapped {
            try db.cachedStatement(sql: sql).execute(arguments: arguments)
        }
    }

    /// Runs one statement that must change exactly one row.
    func runOne(_ what: String, _ sql: String, _ arguments: StatementArguments)
        throws(CatalogError)
    {
        try run(sql, arguments)
        guard db.changesCount == 1 else { throw CatalogError(.notFound, "there is no \(what)") }
    }
}
