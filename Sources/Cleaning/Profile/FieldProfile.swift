internal import Records

/// What one field holds over all records.
struct FieldProfile: Sendable {
    private(set) var present: UInt64 = 0
    private(set) var missing: UInt64 = 0
    private(set) var types: [String: UInt64] = [:]
    private(set) var lengths = LengthHistogram()
    private(set) var distinct = DistinctCounter()

    /// Notes one value.
    mutating func add(_ value: JSONValue) {
        present += 1
        if MissingRule.isMissing(value) {
            missing += 1
            return
        }
        types[Self.look(of: value), default: 0] += 1
        if case .string(let text) = value {
            lengths.add(ScalarBytes.count(text.utf8))
            distinct.add(hash: DistinctCounter.hash(text.utf8))
        } else {
            distinct.add(hash: DistinctCounter.hash(CanonicalJSON.encode(value)))
        }
    }

    /// Adds another part of the data.
    mutating func merge(_ other: FieldProfile) {
        present += other.present
        missing += other.missing
        types.merge(other.types, uniquingKeysWith: +)
        lengths.merge(other.lengths)
        distinct.merge(other.distinct)
    }

    /// Records without a value, of `total`: absent, null or written as missing.
    func missing(of total: UInt64) -> UInt64 { total - present + missing }

    /// The type that its values look like; `mixed` if not all do.
    var look: String {
        let looks = types.keys.sorted()
        if looks == ["integer", "number"] { return "number" }
        return looks.count > 1 ? "mixed" : looks.first ?? "null"
    }

    /// What a value looks like: text that is a number or a date counts as one.
    private static func look(of value: JSONValue) -> String {
        guard case .string(let text) = value else { return Schema.type(of: value).rawValue }
        let bytes = text.utf8
        guard bytes.count <= 40, let first = bytes.first else { return "string" }
        let isNumeric =
            first == 0x2B || first == 0x2D || first == 0x2E || (0x30...0x39).contains(first)
        if isNumeric {
            if bytes.count <= 19, Int64(text) != nil { return "integer" }
            if Double(text) != nil { return "number" }
            if bytes.count >= 8, isDate(Array(bytes)) { return "date" }
        }
        let lower = bytes.count <= 5 ? text.lowercased() : ""
        return lower == "true" || lower == "false" ? "boolean" : "string"
    }

    /// `YYYY-MM-DD…`, or three groups of digits with `/` or `.` between.
    private static func isDate(_ bytes: [UInt8]) -> Bool {
        let day = bytes.prefix { $0 != 0x20 && $0 != UInt8(ascii: "T") }
        let groups = day.split(omittingEmptySubsequences: false) {
            $0 == 0x2D || $0 == 0x2F || $0 == 0x2E
        }
        return groups.count == 3
            && groups.allSatisfy { group in
                (1...4).contains(group.count) && group.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// `{"type", "missing", "distinct", "distinctExact", "length"}`
    func json(total: UInt64) -> JSONValue {
        [
            "type": .string(look), "missing": .integer(Int(missing(of: total))),
            "distinct": .integer(distinct.count), "distinctExact": .bool(distinct.isExact),
            "length": lengths.json,
        ]
    }
}
