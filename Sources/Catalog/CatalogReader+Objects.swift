internal import FoundationEssentials
internal import GRDB
public import Records

extension CatalogReader {
    /// The object with an id, or nil.
    public func object(_ id: [UInt8]) throws(CatalogError) -> ObjectRow? {
        try first("SELECT * FROM objects WHERE id = ?", [blob(id)], ObjectRow.init)
    }

    /// All objects, by pack and offset.
    public func objects() throws(CatalogError) -> [ObjectRow] {
        try rows("SELECT * FROM objects ORDER BY pack, offset", [], ObjectRow.init)
    }

    /// The objects in one pack, in order.
    public func objects(in pack: String) throws(CatalogError) -> [ObjectRow] {
        try rows("SELECT * FROM objects WHERE pack = ? ORDER BY offset", [pack], ObjectRow.init)
    }

    /// Every pack that holds an object.
    public func packs() throws(CatalogError) -> [String] {
        try rows("SELECT DISTINCT pack FROM objects ORDER BY pack") {
            row throws(CatalogError) in try row.text("pack")
        }
    }

    /// The segments of a version in order of their rids.
    public func segments(of version: [UInt8]) throws(CatalogError) -> [SegmentRow] {
        try rows(
            """
            SELECT segments.* FROM version_segments JOIN segments USING (object)
            WHERE version = ? ORDER BY position
            """, [blob(version)], SegmentRow.init)
    }

    /// The segment that is an object, or nil.
    public func segment(_ object: [UInt8]) throws(CatalogError) -> SegmentRow? {
        try first("SELECT * FROM segments WHERE object = ?", [blob(object)], SegmentRow.init)
    }

    /// A segment of a dataset and stage with a given record root, so that it is shared, not sealed
    /// again.
    public func segment(dataset: [UInt8], stage: Stage, root: [UInt8]) throws(CatalogError)
        -> SegmentRow?
    {
        try first(
            "SELECT * FROM segments WHERE dataset = ? AND stage = ? AND root = ? LIMIT 1",
            [blob(dataset), stage.rawValue, blob(root)], SegmentRow.init)
    }

    /// The versions that hold a segment.
    public func versions(withSegment object: [UInt8]) throws(CatalogError) -> [[UInt8]] {
        try rows(
            "SELECT DISTINCT version FROM version_segments WHERE object = ?", [blob(object)]
        ) { row throws(CatalogError) in try row.bytes("version") }
    }

    /// The objects of a version beside its segments; of one role, if named.
    public func objects(of version: [UInt8], role: String? = nil) throws(CatalogError)
        -> [VersionObject]
    {
        try rows(
            """
            SELECT role, object FROM version_objects
            WHERE version = ? AND (? IS NULL OR role = ?) ORDER BY role, position
            """, [blob(version), role, role]
        ) { row throws(CatalogError) in
            VersionObject(role: try row.text("role"), object: try row.bytes("object"))
        }
    }

    /// The files that were ingested into a dataset.
    public func ingestedFiles(dataset: [UInt8]) throws(CatalogError) -> [IngestedFileRow] {
        try rows("SELECT * FROM ingested_files WHERE dataset = ? ORDER BY digest", [blob(dataset)])
        { row throws(CatalogError) in
            IngestedFileRow(
                digest: try row.bytes("digest"), dataset: try row.bytes("dataset"),
                version: try row.bytes("version"))
        }
    }

    /// The versions of a dataset that a file, by its digest, was ingested into.
    public func ingestedFile(digest: [UInt8], dataset: [UInt8]) throws(CatalogError) -> [[UInt8]] {
        try rows(
            "SELECT version FROM ingested_files WHERE dataset = ? AND digest = ?",
            [blob(dataset), blob(digest)]
        ) { row throws(CatalogError) in try row.bytes("version") }
    }
}
