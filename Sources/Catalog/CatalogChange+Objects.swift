internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogChange {
    /// Says where a sealed object lies.
    public func add(_ object: ObjectRow) throws(CatalogError) {
        guard object.id.count == 32, object.scope.count == 16 else {
            throw CatalogError(.invalid, "an object id has 32 bytes, a scope 16")
        }
        try run(
            """
            INSERT INTO objects (id, kind, scope, stage, pack, offset, length)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(object.id), object.kind.rawValue, blob(object.scope), object.stageCode,
                object.pack, object.offset, object.length,
            ])
    }

    /// Adds a segment; its object must be there.
    public func add(_ segment: SegmentRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO segments (object, dataset, stage, root, count, first_rid, last_rid)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(segment.object), blob(segment.dataset), segment.stage.rawValue,
                blob(segment.root), segment.count, blob(segment.firstRID), blob(segment.lastRID),
            ])
    }

    /// Says that an object lies elsewhere now.
    public func relocate(_ object: [UInt8], pack: String, offset: Int, length: Int)
        throws(CatalogError)
    {
        try runOne(
            "object \(Hex.encode(object))",
            "UPDATE objects SET pack = ?, offset = ?, length = ? WHERE id = ?",
            [pack, offset, length, blob(object)])
    }

    /// Forgets an object that nothing refers to any more.
    public func removeObject(_ object: [UInt8]) throws(CatalogError) {
        try run("DELETE FROM segments WHERE object = ?", [blob(object)])
        try runOne(
            "object \(Hex.encode(object))", "DELETE FROM objects WHERE id = ?", [blob(object)])
    }

    /// Notes that a file went into a version.
    public func addIngestedFile(digest: [UInt8], dataset: [UInt8], version: [UInt8])
        throws(CatalogError)
    {
        try run(
            """
            INSERT INTO ingested_files (digest, dataset, version) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING
            """, [blob(digest), blob(dataset), blob(version)])
    }
}
