internal import Records

/// What a missing value can be filled with, computed from the train part alone.
public enum MissingStatistic: String, Sendable, Hashable, CaseIterable {
    /// The most frequent value; of several, the smallest by its canonical JSON.
    case mode
    /// The mean of the values that are numbers.
    case mean
    /// The middle of the values that are numbers; of two, their mean.
    case median
}

/// What one fitted `missing` operation has seen of each of its fields.
///
/// Independent of order and shards: numbers are summed in millionths as whole numbers.
struct MissingValues: Sendable {
    /// More different values than this have no mode.
    static let distinctLimit = 100_000

    fileprivate struct Column: Sendable {
        var counts: [[UInt8]: Int] = [:]
        var hasTooMany = false
        var numbers: [Double] = []
        var decimals = 0
        var areJSONNumbers = true
    }

    private var columns: [String: Column] = [:]

    /// Notes a record: which fields there are to fill, and its values if it is of the train part.
    mutating func collect(
        _ record: Record, rule: MissingRule, statistic: MissingStatistic, isTrain: Bool
    ) {
        for field in rule.fields ?? record.kind.requiredFields {
            if columns[field] == nil { columns[field] = Column() }
            guard isTrain, let value = record.fields[field], !rule.finds(value) else { continue }
            switch statistic {
            case .mode: columns[field]?.count(CanonicalJSON.encode(value))
            case .mean, .median: columns[field]?.note(value)
            }
        }
    }

    /// Adds what another part of the data has.
    mutating func merge(_ other: MissingValues) {
        columns.merge(other.columns) { first, second in
            var merged = first
            merged.merge(second)
            return merged
        }
    }

    /// The value that each field is filled with. Throws for a field without a value to learn from.
    func fitted(_ statistic: MissingStatistic) throws(CleaningError) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for (field, column) in columns.sorted(by: { $0.key < $1.key }) {
            if column.hasTooMany {
                throw CleaningError(
                    .nothingToFit,
                    "'\(field)' has more than \(Self.distinctLimit) different values: no mode",
                    hint: "use action constant, flag or drop for it")
            }
            guard let value = column.value(statistic) else {
                throw CleaningError(
                    .nothingToFit,
                    "no record of the train part has a value of '\(field)' to learn the"
                        + " \(statistic.rawValue) from",
                    hint: "add a split to the recipe or freeze one first (tundish split), and see"
                        + " that the field holds values\(statistic == .mode ? "" : " that are numbers")"
                )
            }
            values[field] = value
        }
        return values
    }
}

extension MissingValues.Column {
    fileprivate mutating func count(_ value: [UInt8], _ times: Int = 1) {
        guard !hasTooMany else { return }
        counts[value, default: 0] += times
        if counts.count > MissingValues.distinctLimit {
            hasTooMany = true
            counts = [:]
        }
    }

    fileprivate mutating func note(_ value: JSONValue) {
        let literal: String
        switch value {
        case .number(let text): literal = text
        case .string(let text):
            literal = String(
                decoding: WhiteSpace.collapsed(Array(text.utf8), keepsLines: false), as: UTF8.self)
            areJSONNumbers = false
        default: return
        }
        guard let number = Double(literal), number.isFinite, abs(number) < 1e15 else { return }
        numbers.append(number)
        let fraction = literal.split(separator: ".", maxSplits: 1).dropFirst().first ?? ""
        decimals = max(decimals, min(6, fraction.prefix { $0.isASCII && $0.isNumber }.count))
    }

    fileprivate mutating func merge(_ other: Self) {
        hasTooMany = hasTooMany || other.hasTooMany
        for (value, times) in other.counts { count(value, times) }
        if hasTooMany { counts = [:] }
        numbers += other.numbers
        decimals = max(decimals, other.decimals)
        areJSONNumbers = areJSONNumbers && other.areJSONNumbers
    }

    fileprivate func value(_ statistic: MissingStatistic) -> JSONValue? {
        switch statistic {
        case .mode:
            let best = counts.min { left, right in
                left.value != right.value
                    ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
            }
            return best.flatMap { try? JSONParser.parse($0.key) }
        case .mean:
            guard !numbers.isEmpty else { return nil }
            let millionths = numbers.reduce(Int128(0)) { $0 + Int128(($1 * 1e6).rounded()) }
            return number(Double(millionths) / 1e6 / Double(numbers.count), decimals + 1)
        case .median:
            guard !numbers.isEmpty else { return nil }
            let sorted = numbers.sorted()
            let middle = sorted.count / 2
            if sorted.count % 2 == 1 { return number(sorted[middle], decimals) }
            let mean = (sorted[middle - 1] + sorted[middle]) / 2
            return number(mean, sorted[middle - 1] == sorted[middle] ? decimals : decimals + 1)
        }
    }

    /// A number with at most so many decimals, in the form that the column has.
    private func number(_ value: Double, _ decimals: Int) -> JSONValue {
        var scale = 1.0
        for _ in 0..<min(6, decimals) { scale *= 10 }
        let rounded = JSONValue.double((value * scale).rounded() / scale)
        guard !areJSONNumbers, case .number(let literal) = rounded else { return rounded }
        return .string(literal)
    }
}
