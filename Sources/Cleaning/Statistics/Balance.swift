public import Cryptography
internal import Glibc
public import Records

/// Collects the classes of the records, then says how unequal they are and which records of train
/// go if the large classes are made smaller: those with the largest keyed hashes of their rids.
///
/// Memory: 24 bytes a record with a class.
public struct Balance: Sendable {
    /// What is counted.
    public let rule: BalanceRule
    private let key: SymmetricKey
    /// Records of train by class, and how many there are of each class in all parts.
    private var trained: [String: [(order: UInt64, rid: RecordID)]] = [:]
    private var counts: [String: Int] = [:]

    /// Nothing collected; `key` is the dataset's seed.
    public init(rule: BalanceRule = BalanceRule(), key: SymmetricKey) {
        self.rule = rule
        self.key = key
    }

    /// Notes one record; one without a class is left out.
    public mutating func collect(_ record: Record) {
        guard let label = record.fields[rule.field]?.stringValue, !label.isEmpty else { return }
        counts[label, default: 0] += 1
        guard record.split == .train || record.split == nil else { return }
        let tag = HMACSHA256.authenticate(Array("balance\0".utf8) + record.rid.bytes, key: key)
        let order = tag[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        trained[label, default: []].append((order, record.rid))
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: Balance) {
        counts.merge(other.counts, uniquingKeysWith: +)
        trained.merge(other.trained, uniquingKeysWith: +)
    }

    /// The report, and the records that go; `drops` says which are dropped already.
    public func resolve(dropping drops: (RecordID) -> Bool) -> BalanceVerdict {
        let left = trained.mapValues { $0.filter { !drops($0.rid) } }
        var counts = counts
        for (label, members) in trained {
            counts[label, default: 0] -= members.count - (left[label]?.count ?? 0)
        }
        var dropped: Set<RecordID> = []
        let smallest = left.values.map(\.count).filter { $0 > 0 }.min() ?? 0
        if rule.action == .downsample, smallest > 0 {
            let most = max(1, Int((rule.ratio * Double(smallest)).rounded(.down)))
            for members in left.values where members.count > most {
                let sorted = members.sorted { ($0.order, $0.rid) < ($1.order, $1.rid) }
                dropped.formUnion(sorted[most...].map(\.rid))
            }
        }
        return BalanceVerdict(
            rule: rule, counts: counts.filter { $0.value > 0 },
            trained: left.mapValues(\.count).filter { $0.value > 0 }, dropped: dropped)
    }
}

/// How unequal the classes are, and which records go.
public struct BalanceVerdict: Sendable {
    /// What was counted.
    public let rule: BalanceRule
    /// Records of each class, in all parts.
    public let counts: [String: Int]
    /// Records of each class in train, before any go.
    public let trained: [String: Int]
    private let dropped: Set<RecordID>

    init(
        rule: BalanceRule, counts: [String: Int], trained: [String: Int], dropped: Set<RecordID>
    ) {
        self.rule = rule
        self.counts = counts
        self.trained = trained
        self.dropped = dropped
    }

    /// Whether this record goes.
    public func drops(_ rid: RecordID) -> Bool { dropped.contains(rid) }

    /// How many records go.
    public var droppedCount: Int { dropped.count }

    /// What each class weighs in train for all to count the same: n / (classes · n of the class).
    public var weights: [String: Double] {
        let total = Double(trained.values.reduce(0, +))
        return trained.mapValues { total / (Double(trained.count) * Double($0)) }
    }

    /// How many times as large as the smallest class of train the largest is.
    public var imbalance: Double {
        guard let least = trained.values.min(), let most = trained.values.max() else { return 1 }
        return Double(most) / Double(least)
    }

    /// 1 if all classes of train are of one size, nearer to 0 the more unequal they are: their
    /// entropy by that of equal classes.
    public var evenness: Double {
        guard trained.count > 1 else { return 1 }
        let total = Double(trained.values.reduce(0, +))
        let entropy = trained.values.sorted().reduce(0.0) { sum, count in
            let share = Double(count) / total
            return sum - share * log(share)
        }
        return entropy / log(Double(trained.count))
    }

    /// Numbers for manifests and reports; the 1,000 largest classes.
    public var json: JSONValue {
        func rounded(_ value: Double) -> JSONValue {
            .double((value * 10_000).rounded() / 10_000)
        }
        let weights = weights
        var classes: [String: JSONValue] = [:]
        for (label, count) in sorted.prefix(Profile.labelLimit) {
            classes[label] = [
                "records": .integer(count), "train": .integer(trained[label] ?? 0),
                "weight": weights[label].map(rounded) ?? .null,
            ]
        }
        return [
            "field": .string(rule.field), "classes": .object(classes),
            "classCount": .integer(counts.count), "imbalance": rounded(imbalance),
            "evenness": rounded(evenness), "dropped": .integer(droppedCount),
        ]
    }

    /// Lines for people.
    public var lines: [String] {
        guard !counts.isEmpty else { return ["balance: no record has a '\(rule.field)'"] }
        let weights = weights
        let shown = sorted.prefix(6).map { label, count in
            let weight = weights[label].map { ", weight \(($0 * 100).rounded() / 100)" } ?? ""
            return "\(label) \(count)\(weight)"
        }
        let rest = counts.count > 6 ? "; and \(counts.count - 6) more" : ""
        let gone = droppedCount > 0 ? "; \(droppedCount) records of large classes dropped" : ""
        return [
            "balance: \(counts.count) classes, the largest of train"
                + " \((imbalance * 10).rounded() / 10) times the smallest; "
                + shown.joined(separator: "; ") + rest + gone
        ]
    }

    private var sorted: [(key: String, value: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    }
}
