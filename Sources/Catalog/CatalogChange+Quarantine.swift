internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogChange {
    /// Adds a quarantined row.
    @discardableResult
    public func add(_ row: QuarantineRow) throws(CatalogError) -> Int64 {
        try run(
            """
            INSERT INTO quarantine
            (dataset, reason, file_digest, offset, length, object, version, place, encoding)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(row.dataset), row.reason, blob(row.fileDigest), row.offset, row.length,
                blobOrNull(row.object), blobOrNull(row.version), row.place, row.encoding,
            ])
        return db.lastInsertedRowID
    }

    /// Gives a quarantined row another reason: it was read again and refused again.
    public func setReason(_ reason: String, ofQuarantine id: Int64) throws(CatalogError) {
        try runOne(
            "quarantined row \(id)", "UPDATE quarantine SET reason = ? WHERE id = ?",
            [reason, id])
    }

    /// Removes a quarantined row, after it was taken in or erased.
    public func removeQuarantine(_ id: Int64) throws(CatalogError) {
        try runOne("quarantined row \(id)", "DELETE FROM quarantine WHERE id = ?", [id])
    }

    /// Notes what was found out about a file; what is known of it already stays.
    public func add(_ file: SourceFileRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO source_files (dataset, digest, path, facts) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """, [blob(file.dataset), blob(file.digest), file.path, file.facts])
    }
}
