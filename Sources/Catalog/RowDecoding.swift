internal import FoundationEssentials
internal import GRDB
internal import Records

// Values are decoded without GRDB's trapping subscripts: a database that someone tampered with
// must give an error, never a crash.

extension Row {
    func value<T: DatabaseValueConvertible>(_ column: String, as type: T.Type = T.self)
        throws(CatalogError) -> T
    {
        guard let value: T = try optional(column) else {
            throw CatalogError(.integrity, "the catalog's column \(column) has no value")
        }
        return value
    }

    func optional<T: DatabaseValueConvertible>(_ column: String, as type: T.Type = T.self)
        throws(CatalogError) -> T?
    {
        let stored: DatabaseValue = self[column]
        if stored.isNull { return nil }
        guard let value = T.fromDatabaseValue(stored) else {
            throw CatalogError(.integrity, "the catalog's column \(column) has an unreadable value")
        }
        return value
    }

    func bytes(_ column: String) throws(CatalogError) -> [UInt8] {
        [UInt8](try value(column, as: Data.self))
    }

    func optionalBytes(_ column: String) throws(CatalogError) -> [UInt8]? {
        try optional(column, as: Data.self).map { [UInt8]($0) }
    }

    func text(_ column: String) throws(CatalogError) -> String { try value(column) }

    func time(_ column: String) throws(CatalogError) -> Timestamp {
        try Self.timestamp(try text(column), column)
    }

    func optionalTime(_ column: String) throws(CatalogError) -> Timestamp? {
        guard let text = try optional(column, as: String.self) else { return nil }
        return try Self.timestamp(text, column)
    }

    func word<T: RawRepresentable>(_ column: String, as type: T.Type = T.self)
        throws(CatalogError) -> T where T.RawValue == String
    {
        let text = try text(column)
        guard let word = T(rawValue: text) else {
            throw CatalogError(.integrity, "the catalog's column \(column) holds an unknown word")
        }
        return word
    }

    func optionalWord<T: RawRepresentable>(_ column: String, as type: T.Type = T.self)
        throws(CatalogError) -> T? where T.RawValue == String
    {
        guard try optional(column, as: String.self) != nil else { return nil }
        return try word(column, as: type)
    }

    func json(_ column: String) throws(CatalogError) -> JSONValue {
        do {
            return try JSONParser.parse([UInt8](try text(column).utf8))
        } catch {
            throw CatalogError(.integrity, "the catalog's column \(column) is not JSON")
        }
    }

    func optionalJSON(_ column: String) throws(CatalogError) -> JSONValue? {
        guard try optional(column, as: String.self) != nil else { return nil }
        return try json(column)
    }

    func scope(_ column: String) throws(CatalogError) -> GrantScope {
        guard let scope = GrantScope(text: try text(column)) else {
            throw CatalogError(.integrity, "the catalog's column \(column) is not a scope")
        }
        return scope
    }

    private static func timestamp(_ text: String, _ column: String) throws(CatalogError)
        -> Timestamp
    {
        guard let time = try? Timestamp(rfc3339: text) else {
            throw CatalogError(.integrity, "the catalog's column \(column) is not a time")
        }
        return time
    }
}

/// A blob for SQLite.
func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

/// A blob for SQLite, or NULL.
func blobOrNull(_ bytes: [UInt8]?) -> Data? { bytes.map { Data($0) } }

/// Canonical JSON text for SQLite.
func jsonText(_ value: JSONValue) -> String {
    String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
}

extension GrantScope {
    /// The scope as stored and as written in events: `workspace`, `dataset:<hex>`, `model:<hex>`.
    public var text: String {
        switch self {
        case .workspace: "workspace"
        case .dataset(let id): "dataset:" + Hex.encode(id)
        case .model(let id): "model:" + Hex.encode(id)
        }
    }

    /// Reads ``text``; nil when it is none.
    public init?(text: String) {
        if text == "workspace" {
            self = .workspace
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let id = Hex.decode(String(parts[1])), id.count == 16 else {
            return nil
        }
        switch parts[0] {
        case "dataset": self = .dataset(id)
        case "model": self = .model(id)
        default: return nil
        }
    }
}
