public import Records

/// What became of the rows of one input: `read = accepted + quarantined + dropped`.
public struct IngestCount: Sendable, Hashable {
    /// Rows found, whatever became of them.
    public var read: UInt64 = 0
    /// Rows that became records.
    public var accepted: UInt64 = 0
    /// Rows in quarantine, by ``RejectReason``.
    public var quarantined: [String: UInt64] = [:]
    /// Rows left out on purpose, by reason (`blank-line`, later `erased`, …).
    public var dropped: [String: UInt64] = [:]

    /// Nothing read yet.
    public init() {}

    /// Counts a row that became a record.
    public mutating func accept() {
        read += 1
        accepted += 1
    }

    /// Adds what `other` counted.
    public mutating func merge(_ other: IngestCount) {
        read += other.read
        accepted += other.accepted
        quarantined.merge(other.quarantined, uniquingKeysWith: +)
        dropped.merge(other.dropped, uniquingKeysWith: +)
    }

    /// Moves an accepted row into quarantine, for a reason found later (`duplicate-key`).
    public mutating func reject(_ reason: String) {
        accepted -= 1
        quarantined[reason, default: 0] += 1
    }

    /// Moves an accepted row to the dropped ones, for a reason found later (`erased`).
    public mutating func drop(_ reason: String) {
        accepted -= 1
        dropped[reason, default: 0] += 1
    }

    mutating func countRejected(_ reason: RejectReason) {
        read += 1
        quarantined[reason.rawValue, default: 0] += 1
    }

    mutating func countDropped(_ reason: String) {
        read += 1
        dropped[reason, default: 0] += 1
    }

    /// Rows in quarantine, for whatever reason.
    public var quarantinedTotal: UInt64 { quarantined.values.reduce(0, +) }

    /// Rows left out, for whatever reason.
    public var droppedTotal: UInt64 { dropped.values.reduce(0, +) }

    /// Whether every row read is accounted for.
    public var isBalanced: Bool { read == accepted + quarantinedTotal + droppedTotal }

    /// Throws ``IngestionError/Code/unbalanced`` unless every row is accounted for.
    public func check() throws(IngestionError) {
        guard !isBalanced else { return }
        throw IngestionError(
            .unbalanced, "rows do not add up: \(text)",
            hint: "this is an error in the program; the run is not committed")
    }

    /// `{"read", "accepted", "quarantined": {reason: n}, "dropped": {reason: n}}`
    public var json: JSONValue {
        [
            "read": .integer(Int(read)), "accepted": .integer(Int(accepted)),
            "quarantined": .object(quarantined.mapValues { .integer(Int($0)) }),
            "dropped": .object(dropped.mapValues { .integer(Int($0)) }),
        ]
    }

    /// One line for people: `in 5 = accepted 3 + quarantined 1 (csv-field-count 1) + dropped 1 (…)`.
    public var text: String {
        "in \(read) = accepted \(accepted) + quarantined \(Self.list(quarantined))"
            + " + dropped \(Self.list(dropped))"
    }

    private static func list(_ counts: [String: UInt64]) -> String {
        let total = counts.values.reduce(0, +)
        guard total > 0 else { return "0" }
        let parts = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return "\(total) (\(parts.joined(separator: ", ")))"
    }
}
