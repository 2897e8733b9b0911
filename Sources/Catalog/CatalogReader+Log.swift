internal import GRDB
internal import Records

extension CatalogReader {
    var log: LogStorage { LogStorage(db) }

    /// Number of entries in the audit log.
    public func logSize() throws(CatalogError) -> UInt64 { try log.size() }

    /// The root over the first `size` entries, from the stored hashes.
    public func logRoot(size: UInt64) throws(CatalogError) -> [UInt8] { try log.root(size: size) }

    /// Visits entries in order, one at a time.
    public func eachEntry(
        from start: UInt64 = 0, limit: Int = Int.max,
        _ visit: (LogEntry) throws(CatalogError) -> Void
    ) throws(CatalogError) {
        try log.entries(from: start, limit: limit, visit)
    }

    /// Entries of the log, oldest first.
    public func entries(from start: UInt64 = 0, limit: Int = Int.max) throws(CatalogError)
        -> [LogEntry]
    {
        var result: [LogEntry] = []
        try log.entries(from: start, limit: limit) { entry throws(CatalogError) in
            result.append(entry)
        }
        return result
    }

    /// Events of the log with their members apart, oldest first.
    public func events(from start: UInt64 = 0, limit: Int = Int.max) throws(CatalogError)
        -> [LoggedEvent]
    {
        var result: [LoggedEvent] = []
        try log.entries(from: start, limit: limit) { entry throws(CatalogError) in
            result.append(try entry.event())
        }
        return result
    }

    /// The stored checkpoints, smallest first.
    public func checkpoints() throws(CatalogError) -> [SignedCheckpoint] { try log.checkpoints() }

    /// The checkpoint of the largest size, or nil.
    public func latestCheckpoint() throws(CatalogError) -> SignedCheckpoint? {
        try first(
            "SELECT * FROM log_checkpoints ORDER BY size DESC LIMIT 1", [], SignedCheckpoint.init)
    }
}

extension CatalogChange {
    /// Erases the detail of an event and its salt; the entry and its digest stay.
    public func eraseDetail(ofEvent index: UInt64) throws(CatalogError) {
        try runOne(
            "detail of event \(index)",
            "UPDATE log_details SET salt = NULL, detail = NULL WHERE idx = ?", [Int64(index)])
    }
}
