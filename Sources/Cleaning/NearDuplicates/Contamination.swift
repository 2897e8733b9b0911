public import Records

/// Collects the word runs of the evaluation records; then train is held against them.
///
/// Collect every record (train ones are ignored), make ``probe()``, show it every record, and
/// ``ContaminationProbe/resolve()``. Evaluation parts are the smaller ones, which is why their runs
/// are kept and those of train only pass by. Memory: 8 bytes a run, of evaluation records only.
public struct Contamination: Sendable {
    /// What counts.
    public let rule: ContaminationRule
    private(set) var records: [(rid: RecordID, split: Split, runs: [UInt64])] = []
    /// Evaluation records too short to be judged.
    private(set) var short = 0
    private var hashes = WordHashes()

    /// Nothing collected.
    public init(rule: ContaminationRule = ContaminationRule()) { self.rule = rule }

    /// Notes a record of validation or test.
    public mutating func collect(_ record: Record) {
        guard let split = record.split, split != .train else { return }
        hashes.read(record, fields: rule.fields)
        guard hashes.words.count >= ContaminationRule.leastWords else {
            short += 1
            return
        }
        hashes.shingle(rule.words)
        records.append((record.rid, split, hashes.sortedSet()))
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: Contamination) {
        records += other.records
        short += other.short
    }

    /// What train is held against.
    public func probe() -> ContaminationProbe { ContaminationProbe(self) }
}

/// The runs of the evaluation records, counted in train.
///
/// Memory: 24 to 48 bytes a run of an evaluation record.
public struct ContaminationProbe: Sendable {
    private let rule: ContaminationRule
    private let records: [(rid: RecordID, split: Split, runs: [UInt64])]
    private let short: Int
    private let index: HashIndex
    /// How many evaluation records and how many train records have a run.
    private var evaluated: [UInt32]
    private var trained: [UInt32]
    private var hashes = WordHashes()

    init(_ collected: Contamination) {
        rule = collected.rule
        short = collected.short
        records = collected.records.sorted { $0.rid < $1.rid }
        var runs = records.flatMap(\.runs)
        runs.sort()
        var unique: [UInt64] = []
        var evaluated: [UInt32] = []
        for run in runs {
            if unique.last == run {
                evaluated[evaluated.count - 1] += 1
            } else {
                unique.append(run)
                evaluated.append(1)
            }
        }
        index = HashIndex(sorted: unique)
        self.evaluated = evaluated
        trained = [UInt32](repeating: 0, count: unique.count)
    }

    /// Notes a record of train, or of no part.
    public mutating func collect(_ record: Record) {
        guard record.split == .train || record.split == nil else { return }
        for number in numbers(of: record) { trained[number] += 1 }
    }

    /// Adds what another part of the data saw; both began as the same ``Contamination/probe()``.
    public mutating func merge(_ other: ContaminationProbe) {
        for number in trained.indices { trained[number] += other.trained[number] }
    }

    /// The numbers of the evaluation runs that a record has, each once.
    private mutating func numbers(of record: Record) -> [Int] {
        hashes.read(record, fields: rule.fields)
        guard hashes.words.count >= ContaminationRule.leastWords else { return [] }
        hashes.shingle(rule.words)
        let found = hashes.shingles.compactMap { index.number(of: $0) }
        return found.count > 1 ? Array(Set(found)) : found
    }

    /// Which evaluation records are contaminated.
    public func resolve() -> ContaminationVerdict {
        var shares: [RecordID: Double] = [:]
        var counts = ContaminationReport(rule: rule, short: short)
        var guilty: Set<UInt64> = []
        let common = UInt32(clamping: rule.common)
        for (rid, split, runs) in records {
            let telling = runs.filter { run in
                guard let number = index.number(of: run) else { return false }
                return evaluated[number] <= common || trained[number] <= common
            }
            counts.examined[split.rawValue, default: 0] += 1
            if telling.isEmpty { counts.boilerplate += 1 }
            let hits = telling.filter { run in
                index.number(of: run).map { trained[$0] > 0 } ?? false
            }
            let share = telling.isEmpty ? 0 : Double(hits.count) / Double(telling.count)
            guard share >= rule.overlap, !hits.isEmpty else { continue }
            counts.contaminated[split.rawValue, default: 0] += 1
            shares[rid] = share
            if rule.action == .drop { guilty.formUnion(hits) }
        }
        return ContaminationVerdict(rule: rule, shares: shares, guilty: guilty, report: counts)
    }
}

/// Which evaluation records are contaminated, and which train records by.
public struct ContaminationVerdict: Sendable {
    private let rule: ContaminationRule
    private let shares: [RecordID: Double]
    private let guilty: Set<UInt64>
    private let found: ContaminationReport

    init(
        rule: ContaminationRule, shares: [RecordID: Double], guilty: Set<UInt64>,
        report: ContaminationReport
    ) {
        self.rule = rule
        self.shares = shares
        self.guilty = guilty
        found = report
    }

    /// The numbers; after ``ContaminationRule/Action/drop`` the contaminating records are gone, and
    /// none is left.
    public var report: ContaminationReport {
        var report = found
        report.isMended = rule.action == .drop
        return report
    }

    /// The share of an evaluation record's runs that are in train; nil for a clean one.
    public func share(of rid: RecordID) -> Double? { shares[rid] }

    /// Whether a train record holds what contaminates, and goes.
    public func drops(_ record: Record) -> Bool {
        guard !guilty.isEmpty, record.split == .train || record.split == nil else { return false }
        var hashes = WordHashes()
        hashes.read(record, fields: rule.fields)
        guard hashes.words.count >= ContaminationRule.leastWords else { return false }
        hashes.shingle(rule.words)
        return hashes.shingles.contains { guilty.contains($0) }
    }
}
