internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogReader {
    /// The quarantined rows of a dataset, oldest first; those of one reason, if named.
    public func quarantine(
        dataset: [UInt8], reason: String? = nil, limit: Int = Int.max
    ) throws(CatalogError) -> [QuarantineRow] {
        try rows(
            """
            SELECT * FROM quarantine WHERE dataset = ? AND (? IS NULL OR reason = ?)
            ORDER BY id LIMIT ?
            """, [blob(dataset), reason, reason, limit], QuarantineRow.init)
    }

    /// One quarantined row, or nil.
    public func quarantined(_ id: Int64) throws(CatalogError) -> QuarantineRow? {
        try first("SELECT * FROM quarantine WHERE id = ?", [id], QuarantineRow.init)
    }

    /// Whether the same piece of input is in quarantine already, for the same reason.
    public func isQuarantined(_ row: QuarantineRow) throws(CatalogError) -> Bool {
        try number(
            """
            SELECT count(*) FROM quarantine WHERE dataset = ? AND file_digest = ? AND offset = ?
            AND length = ? AND reason = ? AND place IS ?
            """,
            [
                blob(row.dataset), blob(row.fileDigest), row.offset, row.length, row.reason,
                row.place,
            ]) > 0
    }

    /// How many rows of a dataset are quarantined for each reason.
    public func quarantineCounts(dataset: [UInt8]) throws(CatalogError) -> [String: Int] {
        var counts: [String: Int] = [:]
        try each(
            "SELECT reason, count(*) AS n FROM quarantine WHERE dataset = ? GROUP BY reason",
            [blob(dataset)]
        ) { row throws(CatalogError) in
            counts[try row.text("reason")] = try row.value("n", as: Int.self)
        }
        return counts
    }

    /// What was found out about a file of a dataset, or nil.
    public func sourceFile(
        digest: [UInt8], dataset: [UInt8]
    ) throws(CatalogError) -> SourceFileRow? {
        try first(
            "SELECT * FROM source_files WHERE dataset = ? AND digest = ?",
            [blob(dataset), blob(digest)], SourceFileRow.init)
    }
}
