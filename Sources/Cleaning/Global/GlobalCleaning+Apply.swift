public import Records

extension GlobalCleaning {
    /// Gives a cleaned record its part and its annotations. False: it is dropped, and counted so.
    ///
    /// - Precondition: no pass is left.
    public func apply(to record: inout Record, counts: inout CleaningCounts) -> Bool {
        let rid = record.rid
        if exact.drops(rid) {
            counts.drop("exact-duplicate")
            return false
        }
        if let clusters {
            if clusters.rule.action == .drop, let reason = clusters.reason(for: rid) {
                counts.drop(reason)
                return false
            }
            if clusters.rule.action == .flag {
                let kept = clusters.kept(for: rid)
                annotate(&record, "near_duplicate_of", kept?.hex, "near_duplicates", &counts)
            }
        }
        if let assigner, record.split == nil {
            record.split = assigner.split(of: record, groups: groups)
            counts.changed["split", default: 0] += 1
        }
        if let contaminated {
            if contaminated.drops(record) {
                counts.drop("contamination")
                return false
            }
            let share = contaminated.report.isMended ? nil : contaminated.share(of: rid)
            let text = share.map { "\(($0 * 1000).rounded() / 1000)" }
            annotate(&record, "contamination", text, "contamination", &counts)
        }
        if let outlying {
            let reason = outlying.reason(for: rid)
            if outlying.rule.action == .drop, reason != nil, isOfTrain(record) {
                counts.drop("outlier")
                return false
            }
            annotate(&record, "outlier", reason, "outliers", &counts)
        }
        if let balanced, balanced.drops(rid) {
            counts.drop("down-sampled")
            return false
        }
        if let noise, noise.rule.action == .flag {
            annotate(&record, "label_issue", suggestions[rid], "label_noise", &counts)
        }
        return true
    }

    private func isOfTrain(_ record: Record) -> Bool {
        record.split == .train || record.split == nil
    }

    /// Sets an annotation, or takes an old one away.
    private func annotate(
        _ record: inout Record, _ field: String, _ text: String?, _ operation: String,
        _ counts: inout CleaningCounts
    ) {
        let new = text.map { JSONValue.string($0) }
        guard record.fields[field] != new else { return }
        record.fields[field] = new
        counts.changed[operation, default: 0] += 1
    }

    /// What the operations found.
    public var report: GlobalReport {
        GlobalReport(
            nearDuplicates: clusters, contamination: contaminated?.report, outliers: outlying,
            balance: balanced, labelNoise: noise)
    }
}

/// What the operations that look at the whole dataset found; only what the recipe asks for.
public struct GlobalReport: Sendable {
    /// Records that say nearly the same.
    public let nearDuplicates: NearDuplicateClusters?
    /// Evaluation text that is in train.
    public let contamination: ContaminationReport?
    /// Records far from the others.
    public let outliers: OutlierVerdict?
    /// How unequal the classes are.
    public let balance: BalanceVerdict?
    /// Labels that seem wrong.
    public let labelNoise: LabelNoiseVerdict?

    /// Whether the recipe asks for none of it.
    public var isEmpty: Bool { members.isEmpty }

    private var members: [String: JSONValue] {
        let all: [String: JSONValue?] = [
            "nearDuplicates": nearDuplicates?.json, "contamination": contamination?.json,
            "outliers": outliers?.json, "balance": balance?.json, "labelNoise": labelNoise?.json,
        ]
        return all.compactMapValues { $0 }
    }

    /// Numbers for the manifest; no content but the names of classes.
    public var json: JSONValue { .object(members) }

    /// Lines for people.
    public var lines: [String] {
        [
            nearDuplicates?.lines, contamination?.lines, outliers?.lines, balance?.lines,
            labelNoise?.lines,
        ].compactMap { $0 }.flatMap { $0 }
    }
}
