/// How many places were changed, by `OPERATION/REASON`.
struct ReasonCounts: Sendable, Hashable {
    private(set) var values: [String: UInt64] = [:]

    /// Notes changed places.
    mutating func add(_ reason: String, _ count: Int = 1) {
        if count > 0 { values[reason, default: 0] += UInt64(count) }
    }

    /// Adds what was noted elsewhere.
    mutating func merge(_ other: ReasonCounts) { values.merge(other.values, uniquingKeysWith: +) }
}
