public import Records

/// Which records are near duplicates of which, decided.
public struct NearDuplicateClusters: Sendable {
    /// A record that repeats another.
    struct Repeat: Sendable, Hashable {
        let kept: RecordID
        let crossesSplit: Bool
    }

    /// What the comparison did.
    struct Counts: Sendable {
        var clusters = 0
        var largest = 0
        var compared = 0
        var near = 0
        var skipped = 0
    }

    /// What counted as near.
    public let rule: NearDuplicateRule
    /// Records with at least one word.
    public let records: Int
    private let repeats: [RecordID: Repeat]
    let counts: Counts
    let measure: NearDuplicateMeasure

    init(
        rule: NearDuplicateRule, records: Int, repeats: [RecordID: Repeat], counts: Counts,
        measure: NearDuplicateMeasure
    ) {
        self.rule = rule
        self.records = records
        self.repeats = repeats
        self.counts = counts
        self.measure = measure
    }

    /// Records that repeat another.
    public var repeated: Int { repeats.count }

    /// Of those, records of train (or without a part) that repeat an evaluation record, or
    /// validation records that repeat a test one.
    public var crossSplit: Int { repeats.values.reduce(0) { $0 + ($1.crossesSplit ? 1 : 0) } }

    /// The record that stays for `rid`; nil for one that stays itself.
    public func kept(for rid: RecordID) -> RecordID? { repeats[rid]?.kept }

    /// Why a record is left out: `near-duplicate`, or `near-duplicate-of-evaluation`; nil for one
    /// that stays.
    public func reason(for rid: RecordID) -> String? {
        repeats[rid].map {
            $0.crossesSplit ? "near-duplicate-of-evaluation" : "near-duplicate"
        }
    }

    /// Numbers for manifests and reports.
    public var json: JSONValue {
        var measured: [String: JSONValue] = [
            "sample": .integer(measure.count), "pairs": .integer(measure.near),
            "found": .integer(measure.found), "proposed": .integer(measure.proposed),
            "recall": share(measure.found, measure.near),
            "candidatePrecision": share(measure.found, measure.proposed),
        ]
        measured["recallAt"] = .array(
            NearDuplicateMeasure.levels.indices.map { level in
                [
                    "similarity": .double(NearDuplicateMeasure.levels[level]),
                    "pairs": .integer(measure.nearAt[level]),
                    "recall": share(measure.foundAt[level], measure.nearAt[level]),
                ]
            })
        return [
            "records": .integer(records), "repeated": .integer(repeated),
            "crossSplit": .integer(crossSplit), "clusters": .integer(counts.clusters),
            "largest": .integer(counts.largest), "compared": .integer(counts.compared),
            "skipped": .integer(counts.skipped), "threshold": .double(rule.threshold),
            "measured": .object(measured),
            "expectedRecall": .double(
                rounded(NearDuplicateRule.expectedRecall(at: rule.threshold))),
        ]
    }

    /// Lines for people.
    public var lines: [String] {
        var lines = [
            "near duplicates: \(repeated) of \(records) records repeat another, in"
                + " \(counts.clusters) clusters (largest \(counts.largest)); \(counts.compared)"
                + " pairs compared exactly"
        ]
        if crossSplit > 0 {
            lines.append("near duplicates across splits: \(crossSplit)")
        }
        if counts.skipped > 0 {
            lines.append("near duplicates: \(counts.skipped) pairs in large buckets left out")
        }
        guard measure.count > 0 else { return lines }
        if measure.near == 0 {
            lines.append(
                "near duplicates: measured on \(measure.count) records against all: none has a"
                    + " neighbour from \(rule.threshold)")
        } else {
            lines.append(
                "near duplicates: measured on \(measure.count) records against all: recall"
                    + " \(Ratio.text(measure.found, measure.near)) (\(measure.found) of"
                    + " \(measure.near) pairs from \(rule.threshold)), precision 1 (compared"
                    + " exactly; \(Ratio.text(measure.found, measure.proposed)) before)")
        }
        return lines
    }

    private func share(_ part: Int, _ whole: Int) -> JSONValue {
        whole == 0 ? .null : .double(rounded(Double(part) / Double(whole)))
    }

    private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}

/// Shares as text.
enum Ratio {
    /// To four places, without a share of nothing.
    static func text(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "–" }
        return "\((Double(part) / Double(whole) * 10_000).rounded() / 10_000)"
    }

    /// Per cent to two places.
    static func percent(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "0 %" }
        return "\((Double(part) / Double(whole) * 10_000).rounded() / 100) %"
    }
}
