public import Records

/// A record after redaction, with what was found where.
public struct RedactedRecord: Sendable {
    /// The record; same rid, kind, split and subjects.
    public var record: Record
    /// Findings by the path of their text; ranges are in the source text.
    public var findings: [String: [Finding]] = [:]
    /// How many, by type and by operator.
    public var counts = FindingCounts()

    init(record: Record) { self.record = record }
}

/// How much was found; counts of several records can be merged.
public struct FindingCounts: Sendable, Hashable {
    /// Findings by type.
    public var byType: [EntityType: Int] = [:]
    /// Findings by what was done with them.
    public var byOperator: [RedactionOperator: Int] = [:]

    /// No findings.
    public init() {}

    /// All findings.
    public var total: Int { byType.values.reduce(0, +) }

    /// Adds another record's or shard's counts; the order does not matter.
    public mutating func merge(_ other: FindingCounts) {
        byType.merge(other.byType, uniquingKeysWith: +)
        byOperator.merge(other.byOperator, uniquingKeysWith: +)
    }

    /// `{"byType": {…}, "byOperator": {…}, "total": n}` for reports and manifests.
    public var json: JSONValue {
        [
            "byType": .object(
                Dictionary(
                    uniqueKeysWithValues: byType.map { ($0.key.rawValue, .integer($0.value)) })),
            "byOperator": .object(
                Dictionary(
                    uniqueKeysWithValues: byOperator.map { ($0.key.rawValue, .integer($0.value)) })),
            "total": .integer(total),
        ]
    }
}
