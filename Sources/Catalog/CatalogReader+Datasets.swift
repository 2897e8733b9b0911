internal import FoundationEssentials
internal import GRDB
public import Records

extension CatalogReader {
    /// The dataset with a scope id, or nil.
    public func dataset(_ id: [UInt8]) throws(CatalogError) -> DatasetRow? {
        try first("SELECT * FROM datasets WHERE id = ?", [blob(id)], DatasetRow.init)
    }

    /// The dataset with a name, or nil.
    public func dataset(named name: String) throws(CatalogError) -> DatasetRow? {
        try first("SELECT * FROM datasets WHERE name = ?", [name], DatasetRow.init)
    }

    /// All datasets by name.
    public func datasets() throws(CatalogError) -> [DatasetRow] {
        try rows("SELECT * FROM datasets ORDER BY name", [], DatasetRow.init)
    }

    /// The version with an id, or nil.
    public func version(_ id: [UInt8]) throws(CatalogError) -> VersionRow? {
        try first("SELECT * FROM versions WHERE id = ?", [blob(id)], VersionRow.init)
    }

    /// The versions of a dataset, oldest first.
    public func versions(of dataset: [UInt8], stage: Stage? = nil) throws(CatalogError)
        -> [VersionRow]
    {
        try rows(
            """
            SELECT versions.* FROM versions JOIN numbers ON version = id
            WHERE versions.dataset = ? AND (? IS NULL OR stage = ?) ORDER BY number
            """, [blob(dataset), stage?.rawValue, stage?.rawValue], VersionRow.init)
    }

    /// The newest version of a dataset, or of one of its stages.
    public func newest(of dataset: [UInt8], stage: Stage? = nil) throws(CatalogError)
        -> VersionRow?
    {
        try first(
            """
            SELECT versions.* FROM versions JOIN numbers ON version = id
            WHERE versions.dataset = ? AND (? IS NULL OR stage = ?)
            ORDER BY number DESC LIMIT 1
            """, [blob(dataset), stage?.rawValue, stage?.rawValue], VersionRow.init)
    }

    /// The number of a version within its dataset: 1, 2, 3, …
    public func number(of version: [UInt8]) throws(CatalogError) -> Int? {
        try first("SELECT number FROM numbers WHERE version = ?", [blob(version)]) {
            row throws(CatalogError) in try row.value("number", as: Int.self)
        }
    }

    /// `reviews@3`, or nil for an unknown version.
    public func label(of version: [UInt8]) throws(CatalogError) -> String? {
        try first(
            """
            SELECT name, number FROM numbers JOIN datasets ON dataset = id WHERE version = ?
            """, [blob(version)]
        ) { row throws(CatalogError) in
            "\(try row.text("name"))@\(try row.value("number", as: Int.self))"
        }
    }

    /// The tags of a dataset.
    public func tags(of dataset: [UInt8]) throws(CatalogError) -> [RefRow] {
        try rows("SELECT tag, version FROM tags WHERE dataset = ? ORDER BY tag", [blob(dataset)]) {
            row throws(CatalogError) in
            RefRow(name: try row.text("tag"), version: try row.bytes("version"))
        }
    }

    /// The numbers and tags of a dataset.
    public func refs(of dataset: [UInt8]) throws(CatalogError) -> [RefRow] {
        let numbered = try rows(
            "SELECT number, version FROM numbers WHERE dataset = ? ORDER BY number",
            [blob(dataset)]
        ) { row throws(CatalogError) in
            RefRow(
                name: String(try row.value("number", as: Int.self)),
                version: try row.bytes("version"))
        }
        return numbered + (try tags(of: dataset))
    }

    /// The versions a version was made of, in order.
    public func parents(of version: [UInt8]) throws(CatalogError) -> [[UInt8]] {
        try rows(
            "SELECT parent FROM version_parents WHERE version = ? ORDER BY position",
            [blob(version)]
        ) { row throws(CatalogError) in try row.bytes("parent") }
    }

    /// The versions made of a version.
    public func children(of version: [UInt8]) throws(CatalogError) -> [[UInt8]] {
        try rows(
            "SELECT DISTINCT version FROM version_parents WHERE parent = ? ORDER BY version",
            [blob(version)]
        ) { row throws(CatalogError) in try row.bytes("version") }
    }

    /// The signed attestations on a version.
    public func attestations(of version: [UInt8]) throws(CatalogError) -> [[UInt8]] {
        try rows("SELECT body FROM attestations WHERE version = ? ORDER BY id", [blob(version)]) {
            row throws(CatalogError) in try row.bytes("body")
        }
    }

    /// Finds the version that a ref names.
    ///
    /// `reviews` is the newest version, `reviews@3` the third, `reviews@redacted` the newest of a
    /// stage, `reviews@gold` a tag; 8 and more hex digits are the beginning of a version id.
    public func resolve(_ ref: String) throws(CatalogError) -> VersionRow {
        let parts = ref.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        if let dataset = try dataset(named: parts[0]) {
            if parts.count == 1 {
                if let found = try newest(of: dataset.id) { return found }
                throw CatalogError(.notFound, "dataset \(ref) has no version yet")
            }
            return try resolve(parts[1], in: dataset)
        }
        let isHex =
            ref.utf8.count >= 8 && ref.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        if isHex {
            let found = try rows(
                "SELECT * FROM versions WHERE lower(hex(id)) LIKE ? || '%' LIMIT 2", [ref],
                VersionRow.init)
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                throw CatalogError(.notFound, "\(ref) is the beginning of several version ids")
            }
        }
        throw CatalogError(
            .notFound, "there is no dataset \(parts[0])", hint: "see `tundish dataset list`")
    }

    private func resolve(_ name: String, in dataset: DatasetRow) throws(CatalogError)
        -> VersionRow
    {
        let id = try first(
            """
            SELECT version FROM numbers WHERE dataset = ?1 AND CAST(number AS TEXT) = ?2
            UNION SELECT version FROM tags WHERE dataset = ?1 AND tag = ?2
            """, [blob(dataset.id), name]
        ) { row throws(CatalogError) in try row.bytes("version") }
        if let id, let found = try version(id) { return found }
        if let stage = Stage(rawValue: name), let found = try newest(of: dataset.id, stage: stage) {
            return found
        }
        throw CatalogError(
            .notFound, "dataset \(dataset.name) has no version or tag \(name)",
            hint: "see `tundish dataset versions \(dataset.name)`")
    }
}
