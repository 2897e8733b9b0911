internal import Cryptography
internal import Glibc
public import Records

/// Collects records for an ``AnonymityReport``; the order does not matter, and the counters of
/// shards can be merged.
///
/// Values are kept as the first 16 bytes of their HMAC under a key of the counter's own, so memory
/// holds no personal data: about 100 bytes a class, and 32 a record for the list of the riskiest.
public struct AnonymityCounter: Sendable {
    /// How many records ``AnonymityReport/riskiest`` names.
    public static let riskiestCount = 20
    /// The class sizes that are counted below.
    static let sizes = [2, 3, 5, 11, 20]

    private struct Digest: Hashable, Sendable {
        let high: UInt64
        let low: UInt64
    }

    private struct Group: Sendable {
        var count = 0
        /// The smallest rids, as many as the report could name.
        var rids: [RecordID] = []
        var sensitive: [Digest: Int] = [:]
    }

    private let quasiIdentifiers: [String]
    private let sensitive: String?
    private let key: SymmetricKey
    private var groups: [Digest: Group] = [:]
    private var byField: [[Digest: Int]]
    private var recordCount = 0

    /// Makes a counter.
    ///
    /// - Parameters:
    ///   - quasiIdentifiers: field names; a dot reaches into an object: `patient.birth_time`.
    ///   - sensitive: a field whose values should differ within a class.
    public init(quasiIdentifiers: [String], sensitive: String? = nil) {
        self.quasiIdentifiers = quasiIdentifiers
        self.sensitive = sensitive
        key = .random()
        byField = Array(repeating: [:], count: quasiIdentifiers.count)
    }

    /// Adds a record; a field that it lacks is a value of its own.
    public mutating func add(_ record: Record) {
        recordCount += 1
        var whole: [UInt8] = []
        for (index, name) in quasiIdentifiers.enumerated() {
            let value = CanonicalJSON.encode(Self.value(at: name, of: record))
            whole += BigEndian.bytes(UInt64(value.count)) + value
            byField[index][digest(value), default: 0] += 1
        }
        let id = digest(whole)
        var group = groups[id] ?? Group()
        group.count += 1
        if group.count <= Self.riskiestCount {
            group.rids.append(record.rid)
        } else if let last = group.rids.max(), record.rid < last,
            let at = group.rids.firstIndex(of: last)
        {
            group.rids[at] = record.rid
        }
        if let sensitive {
            let value = digest(CanonicalJSON.encode(Self.value(at: sensitive, of: record)))
            group.sensitive[value, default: 0] += 1
        }
        groups[id] = group
    }

    /// The report over everything that was added.
    public var report: AnonymityReport {
        let sizes = groups.values.map(\.count)
        var below: [Int: Int] = [:]
        for size in Self.sizes { below[size] = sizes.filter { $0 < size }.reduce(0, +) }
        let riskiest = groups.values.flatMap { group in
            group.rids.map { AnonymityReport.RiskyRecord(rid: $0, classSize: group.count) }
        }.sorted { $0.classSize != $1.classSize ? $0.classSize < $1.classSize : $0.rid < $1.rid }
        let hasDiversity = sensitive != nil && recordCount > 0
        return AnonymityReport(
            quasiIdentifiers: quasiIdentifiers, sensitive: sensitive, recordCount: recordCount,
            classCount: groups.count, k: sizes.min() ?? 0,
            uniqueCount: sizes.count { $0 == 1 }, below: below,
            distinctDiversity: hasDiversity ? groups.values.map(\.sensitive.count).min() : nil,
            entropyDiversity: hasDiversity
                ? groups.values.map { Self.diversity(Array($0.sensitive.values)) }.min() : nil,
            uniqueByField: Dictionary(
                zip(quasiIdentifiers, byField).map { name, counts in
                    (
                        name,
                        recordCount == 0
                            ? 0
                            : Double(counts.values.count { $0 == 1 }) / Double(recordCount)
                    )
                }, uniquingKeysWith: { a, _ in a }),
            riskiest: Array(riskiest.prefix(Self.riskiestCount)))
    }

    /// exp(−Σ p ln p): the number of equally frequent values that would be as diverse.
    private static func diversity(_ counts: [Int]) -> Double {
        let total = Double(counts.reduce(0, +))
        return exp(
            -counts.reduce(0) { sum, count in
                let share = Double(count) / total
                return sum + share * log(share)
            })
    }

    private static func value(at path: String, of record: Record) -> JSONValue {
        if let value = record.fields[path] { return value }
        var parts = path.split(separator: ".").map(String.init)[...]
        guard let first = parts.popFirst(), var value = record.fields[first] else { return .null }
        for part in parts { value = value[part] ?? .null }
        return value
    }

    private func digest(_ bytes: [UInt8]) -> Digest {
        let code = HMACSHA256.authenticate(bytes, key: key)
        return Digest(
            high: code[0..<8].reduce(0) { $0 << 8 | UInt64($1) },
            low: code[8..<16].reduce(0) { $0 << 8 | UInt64($1) })
    }
}
