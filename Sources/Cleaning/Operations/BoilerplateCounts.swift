internal import Records

/// In how many records each line is: a count-min sketch, so that memory does not grow with the data
/// and parts make the whole in any order.
///
/// A count is never too low. It is too high by more than e·lines/2²⁰ with a chance of e⁻⁴ < 2 %
/// (G. Cormode, S. Muthukrishnan, An improved data stream summary, 2005); by 26 for ten million lines.
/// Memory: 16 MB, once a line was noted.
struct BoilerplateCounts: Sendable {
    private static let width = 1 << 20
    private static let depth = 4
    /// More sources than this share one count of records.
    private static let sourceLimit = 1 << 16

    private var cells: [UInt32] = []
    private var records: [UInt64: Int] = [:]

    /// Notes the lines of one record, each once.
    mutating func collect(_ record: Record, rule: BoilerplateRule) {
        let source = rule.sourceHash(of: record)
        if records[source] != nil || records.count < Self.sourceLimit {
            records[source, default: 0] += 1
        }
        var hashes: Set<UInt64> = []
        for name in rule.names(in: record) {
            guard let value = record.fields[name] else { continue }
            Self.collect(value, rule, source, &hashes)
        }
        for hash in hashes { note(hash) }
    }

    private static func collect(
        _ value: JSONValue, _ rule: BoilerplateRule, _ source: UInt64, _ hashes: inout Set<UInt64>
    ) {
        switch value {
        case .string(let text):
            let lines = Array(text.utf8).split(separator: 0x0A)
            guard lines.count > 1 else { return }
            for line in lines {
                let key = BoilerplateLine(line)
                if key.words >= rule.minimumWords { hashes.insert(key.hash(in: source)) }
            }
        case .array(let elements):
            for element in elements { collect(element, rule, source, &hashes) }
        case .object(let members):
            if let content = members["content"] { collect(content, rule, source, &hashes) }
        case .null, .bool, .number: break
        }
    }

    /// Adds what another part of the data has.
    mutating func merge(_ other: BoilerplateCounts) {
        records.merge(other.records, uniquingKeysWith: +)
        guard !other.cells.isEmpty else { return }
        guard !cells.isEmpty else {
            cells = other.cells
            return
        }
        for index in cells.indices { cells[index] += other.cells[index] }
    }

    /// Whether enough records of the source hold the line.
    func isBoilerplate(_ hash: UInt64, source: UInt64, rule: BoilerplateRule) -> Bool {
        guard !cells.isEmpty, let records = records[source] else { return false }
        let count = (0..<Self.depth).map { Int(cells[Self.cell(hash, row: $0)]) }.min() ?? 0
        return count >= rule.minimumRecords && Double(count) >= rule.share * Double(records)
    }

    private mutating func note(_ hash: UInt64) {
        if cells.isEmpty { cells = [UInt32](repeating: 0, count: Self.width * Self.depth) }
        for row in 0..<Self.depth { cells[Self.cell(hash, row: row)] += 1 }
    }

    /// Rows use different bits of one hash: h₁ + row·h₂ (A. Kirsch, M. Mitzenmacher, 2006).
    private static func cell(_ hash: UInt64, row: Int) -> Int {
        let step = (hash &* 0x9E37_79B9_7F4A_7C15) >> 32 | 1
        return row * width + Int((hash &+ UInt64(row) &* step) & UInt64(width - 1))
    }
}
