public import Records

/// What one column of a file holds.
public struct ColumnReport: Sendable, Hashable {
    /// The name of the record's field.
    public let name: String
    /// The type of its values over the whole file.
    public let type: FieldType
    /// Rows with a value.
    public let filled: UInt64
    /// Rows without: absent, blank, or one of the spellings of null.
    public let missing: UInt64
    /// How often each spelling of null occurs; the empty one is a blank.
    public let nulls: [String: UInt64]

    /// `{"name", "type", "filled", "missing", "nulls": {spelling: n}}`
    public var json: JSONValue {
        [
            "name": .string(name), "type": .string(type.rawValue),
            "filled": .integer(Int(filled)), "missing": .integer(Int(missing)),
            "nulls": .object(nulls.mapValues { .integer(Int($0)) }),
        ]
    }
}

/// Counts what one column holds.
struct ColumnTally {
    private(set) var filled: UInt64 = 0
    private var nulls: [String: UInt64] = [:]
    private var blanks: UInt64 = 0
    private var shapes = TextShape.all
    private var hasText = false
    /// The types of values that the source types itself (JSON).
    private var typed: Schema.ColumnType?

    /// Counts a cell of a source that has only text.
    mutating func note(_ text: UnsafeBufferPointer<UInt8>) {
        let body = unsafe UnsafeBufferPointer(rebasing: text[ByteSearch.trimmed(text)])
        if body.isEmpty {
            blanks += 1
        } else if let spelling = unsafe NullSpelling.of(body) {
            nulls[spelling, default: 0] += 1
        } else {
            filled += 1
            hasText = true
            if !shapes.isEmpty { unsafe shapes.formIntersection(TextShape.of(body)) }
        }
    }

    /// Counts a value of a source that types its values.
    mutating func note(_ value: JSONValue, _ type: Schema.ColumnType) {
        if case .string(var text) = value, type == .string {
            let spelling = text.withUTF8 { bytes -> String? in
                guard bytes.count <= 12 else { return nil }
                let body = unsafe UnsafeBufferPointer(rebasing: bytes[ByteSearch.trimmed(bytes)])
                return unsafe body.isEmpty ? "" : NullSpelling.of(body)
            }
            if spelling == "" { return blanks += 1 }
            if let spelling { return nulls[spelling, default: 0] += 1 }
        }
        if type == .null { return nulls["null", default: 0] += 1 }
        filled += 1
        if typed != type { typed = typed?.united(with: type) ?? type }
    }

    /// The type over all values.
    var type: FieldType {
        if let typed { return FieldType(rawValue: typed.rawValue) ?? .mixed }
        guard hasText else { return nulls.isEmpty && blanks > 0 ? .string : .null }
        if shapes.contains(.integer) { return .integer }
        if shapes.contains(.number) { return .number }
        if shapes.contains(.boolean) { return .boolean }
        return shapes.contains(.date) ? .date : .string
    }

    /// The report over `rowCount` rows, some of which may lack the column.
    func report(_ name: String, rowCount: UInt64) -> ColumnReport {
        var nulls = nulls
        if blanks > 0 { nulls[""] = blanks }
        return ColumnReport(
            name: name, type: type, filled: filled, missing: rowCount - min(rowCount, filled),
            nulls: nulls)
    }
}

/// Counts what the columns of a file hold, by their names.
struct ColumnTallies {
    /// Columns that are counted; input may name every row's differently.
    static let limit = 10_000

    private var places: [String: Int] = [:]
    private(set) var names: [String] = []
    private var tallies: [ColumnTally] = []
    /// The places of the columns of the row before: most rows have the same ones in one order.
    private var lastPlaces: [Int] = []
    /// Rows counted.
    private(set) var rowCount: UInt64 = 0

    /// Every column with what it holds.
    var all: [(name: String, tally: ColumnTally)] { Array(zip(names, tallies)) }

    /// Counts one row.
    mutating func note(_ members: [TypedMember]) {
        rowCount += 1
        for (index, member) in members.enumerated() {
            var place = index < lastPlaces.count ? lastPlaces[index] : -1
            if place < 0 || names[place] != member.name {
                guard let found = self.place(of: member.name) else { continue }
                place = found
                if index < lastPlaces.count {
                    lastPlaces[index] = place
                } else {
                    lastPlaces.append(place)
                }
            }
            tallies[place].note(member.value, member.type)
        }
    }

    /// Takes over columns that a reader counted by itself.
    mutating func adopt(_ columns: [(name: String, tally: ColumnTally)], rowCount: UInt64) {
        for (name, tally) in columns {
            if let place = place(of: name) { tallies[place] = tally }
        }
        self.rowCount = rowCount
    }

    private mutating func place(of name: String) -> Int? {
        if let known = places[name] { return known }
        guard names.count < Self.limit else { return nil }
        places[name] = names.count
        names.append(name)
        tallies.append(ColumnTally())
        return names.count - 1
    }
}
