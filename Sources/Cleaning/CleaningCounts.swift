public import Records

/// What a recipe did: `examined = kept + dropped`, and how many records each operation changed.
public struct CleaningCounts: Sendable, Hashable {
    /// Records looked at.
    public internal(set) var examined: UInt64 = 0
    /// Records that stay.
    public internal(set) var kept: UInt64 = 0
    /// Records changed, by operation.
    public internal(set) var changed: [String: UInt64] = [:]
    /// Records left out, by reason.
    public internal(set) var dropped: [String: UInt64] = [:]

    /// Places changed, by `OPERATION/REASON` (`mojibake/windows-1252`, `controls/zero-width`).
    public var reasons: [String: UInt64] { places.values }
    var places = ReasonCounts()

    /// Nothing counted.
    public init() {}

    /// Moves a kept record to the dropped ones, for a reason found later (`exact-duplicate`).
    public mutating func drop(_ reason: String) {
        kept -= 1
        dropped[reason, default: 0] += 1
    }

    /// Adds what another part of the data counted.
    public mutating func merge(_ other: CleaningCounts) {
        examined += other.examined
        kept += other.kept
        changed.merge(other.changed, uniquingKeysWith: +)
        dropped.merge(other.dropped, uniquingKeysWith: +)
        places.merge(other.places)
    }

    /// Records left out, for whatever reason.
    public var droppedTotal: UInt64 { dropped.values.reduce(0, +) }

    /// Whether every record is accounted for.
    public var isBalanced: Bool { examined == kept + droppedTotal }

    /// `{"examined", "kept", "changed": {operation: n}, "dropped": {reason: n},
    /// "reasons": {operation/reason: n}}`
    public var json: JSONValue {
        [
            "examined": .integer(Int(examined)), "kept": .integer(Int(kept)),
            "changed": .object(changed.mapValues { .integer(Int($0)) }),
            "dropped": .object(dropped.mapValues { .integer(Int($0)) }),
            "reasons": .object(reasons.mapValues { .integer(Int($0)) }),
        ]
    }

    /// One line for people.
    public var text: String {
        func list(_ counts: [String: UInt64]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", ")
        }
        let why = dropped.isEmpty ? "" : " (\(list(dropped)))"
        let what = changed.isEmpty ? "" : "; changed: \(list(changed))"
        return "examined \(examined) = kept \(kept) + dropped \(droppedTotal)\(why)\(what)"
    }
}
