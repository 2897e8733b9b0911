/// What the columns of a version hold: inferred over all its records.
public struct Schema: Sendable, Hashable {
    /// The type of a column.
    public enum ColumnType: String, Sendable {
        /// Nothing but nulls.
        case null
        /// Booleans.
        case boolean
        /// Whole numbers, held as their source text.
        case integer
        /// Numbers, held as their source text.
        case number
        /// Text.
        case string
        /// Arrays.
        case array
        /// Objects.
        case object
        /// More than one of the above.
        case mixed

        /// The narrowest type that holds values of both.
        public func united(with other: ColumnType) -> ColumnType {
            if self == other || other == .null { return self }
            if self == .null { return other }
            if [self, other].allSatisfy({ $0 == .integer || $0 == .number }) { return .number }
            return .mixed
        }
    }

    /// Each column's type by its name.
    public var columns: [String: ColumnType]

    /// Makes a schema.
    public init(columns: [String: ColumnType] = [:]) { self.columns = columns }

    /// Widens the schema so that it holds `fields`.
    public mutating func observe(_ fields: [String: JSONValue]) {
        for (name, value) in fields {
            let type = Self.type(of: value)
            columns[name] = columns[name]?.united(with: type) ?? type
        }
    }

    /// Widens the schema so that it holds what `other` holds.
    public mutating func unite(with other: Schema) {
        columns.merge(other.columns) { $0.united(with: $1) }
    }

    /// The type of one value; text that is a number counts as text.
    public static func type(of value: JSONValue) -> ColumnType {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .number(let literal): Int64(literal) != nil ? .integer : .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// `{column: type}`
    public var json: JSONValue { .object(columns.mapValues { .string($0.rawValue) }) }

    /// Reads `{column: type}`.
    public init(json: JSONValue) throws(RecordsError) {
        var columns: [String: ColumnType] = [:]
        for (name, value) in json.objectValue ?? [:] {
            guard let type = value.stringValue.flatMap(ColumnType.init) else {
                throw RecordsError(.malformedRecord, "the schema has a column of an unknown type")
            }
            columns[name] = type
        }
        self.init(columns: columns)
    }
}
