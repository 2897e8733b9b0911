public import Cryptography
internal import Glibc
public import Records

/// A label that seems wrong, for people to look at.
public struct LabelIssue: Sendable, Hashable {
    /// The record.
    public let rid: RecordID
    /// Its label.
    public let given: String
    /// The label that seems right.
    public let suggested: String
    /// The probability of its label in the eyes of a model that did not see it.
    public let selfConfidence: Double
    /// That probability less the greatest one of the others, from −1 to 1: the lower, the worse.
    public let margin: Double

    /// `{"rid", "given", "suggested", "selfConfidence", "margin"}`
    public var json: JSONValue {
        [
            "rid": .string(rid.hex), "given": .string(given), "suggested": .string(suggested),
            "selfConfidence": .double((selfConfidence * 1e6).rounded() / 1e6),
            "margin": .double((margin * 1e6).rounded() / 1e6),
        ]
    }
}

/// Collects labelled records, then has each judged by a model of the others.
///
/// Memory: 4 bytes a feature, at most 256 a record; while it judges also 8 bytes a feature, and
/// 4 bytes for each different feature and class. The result depends neither on the order of the
/// records nor on shards.
public struct LabelNoise: Sendable {
    private struct Member: Sendable {
        let rid: RecordID
        let label: String
        let group: UInt64
        let features: [UInt32]
    }

    /// How fast a model may learn; the one that errs least on the first fold is taken for all. Slow
    /// is careful, which suits noisy data; fast tells many classes apart.
    private static let rates: [Float] = [0.125, 0.5, 2, 4]

    /// How labels are judged.
    public let rule: LabelNoiseRule
    private let assigner: SplitAssigner
    private var members: [Member] = []
    private var features = TextFeatures()

    /// Nothing collected; `key` is the dataset's seed, for the order in which models learn.
    public init(rule: LabelNoiseRule = LabelNoiseRule(), key: SymmetricKey) {
        self.rule = rule
        assigner = SplitAssigner(rule: SplitRule(), key: key)
    }

    /// Notes one record; one without a label or words is left out. `groups` are the people who
    /// share records: they are judged together.
    public mutating func collect(_ record: Record, groups: SubjectGroups? = nil) {
        guard let label = record.fields[rule.label]?.stringValue, !label.isEmpty else { return }
        let found = features.features(
            of: record, fields: rule.fields, limit: LabelNoiseRule.mostFeatures)
        guard !found.isEmpty else { return }
        members.append(
            Member(
                rid: record.rid, label: label,
                group: assigner.point(of: assigner.groupID(of: record, groups: groups)),
                features: found))
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: LabelNoise) { members += other.members }

    /// The probabilities of each label for each record, by a model of other groups' records.
    public struct Judged: Sendable {
        /// The records, ascending.
        public let rids: [RecordID]
        /// The labels there are, ascending.
        public let classes: [String]
        /// The label of each record, as a place in ``classes``.
        public let labels: [Int]
        /// One row of ``classes`` for each record.
        public let probabilities: [Double]
    }

    /// Has every record judged. Complexity: O(folds · epochs · features · classes).
    public func judge() -> Judged {
        var sizes: [String: Int] = [:]
        for member in members { sizes[member.label, default: 0] += 1 }
        let classes = sizes.filter { $0.value >= LabelNoiseRule.leastPerClass }.keys.sorted()
        let number = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let judged = members.filter { number[$0.label] != nil }.sorted { $0.rid < $1.rid }
        let labels = judged.map { number[$0.label] ?? 0 }
        let rows = SparseRows(judged.map(\.features))
        var probabilities = [Double](repeating: 0, count: judged.count * classes.count)
        var scores = [Float](repeating: 0, count: classes.count)
        let folds = judged.map { Int($0.group % UInt64(rule.folds)) }
        let fit = { (fold: Int, rate: Float) in
            LogisticRegression(
                rows: rows, labels: labels, chosen: judged.indices.filter { folds[$0] != fold },
                classes: classes.count, epochs: self.rule.epochs, rate: rate, seed: UInt64(fold))
        }
        var best: (loss: Double, rate: Float) = (.infinity, Self.rates[0])
        let first = judged.indices.filter { folds[$0] == (folds.first ?? 0) }
        for rate in Self.rates where classes.count > 1 && first.count < judged.count {
            let model = fit((folds.first ?? 0), rate)
            let loss = first.reduce(0.0) { sum, row in
                model.predict(rows, row, into: &scores)
                return sum - log(max(1e-9, Double(scores[labels[row]])))
            }
            if loss < best.loss { best = (loss, rate) }
        }
        for fold in Set(folds).sorted() where classes.count > 1 && Set(folds).count > 1 {
            let model = fit(fold, best.rate)
            for row in judged.indices where folds[row] == fold {
                model.predict(rows, row, into: &scores)
                for (index, score) in scores.enumerated() {
                    probabilities[row * classes.count + index] = Double(score)
                }
            }
        }
        return Judged(
            rids: judged.map(\.rid), classes: classes, labels: labels,
            probabilities: probabilities)
    }

    /// The labels that seem wrong.
    public func resolve() -> LabelNoiseVerdict {
        let judged = judge()
        let learning = ConfidentLearning(
            labels: judged.labels, probabilities: judged.probabilities,
            classes: judged.classes.count)
        return LabelNoiseVerdict(
            rule: rule, examined: judged.rids.count, skipped: members.count - judged.rids.count,
            classes: judged.classes.count,
            issues: judged.classes.count < 2
                ? []
                : learning.issues.map { issue in
                    LabelIssue(
                        rid: judged.rids[issue.row], given: judged.classes[issue.given],
                        suggested: judged.classes[issue.suggested],
                        selfConfidence: issue.selfConfidence, margin: issue.margin)
                })
    }
}

/// The labels that seem wrong, worst first.
public struct LabelNoiseVerdict: Sendable {
    /// How labels were judged.
    public let rule: LabelNoiseRule
    /// Records judged.
    public let examined: Int
    /// Records of labels too rare to be judged.
    public let skipped: Int
    /// Different labels judged.
    public let classes: Int
    /// The labels that seem wrong, worst first.
    public let issues: [LabelIssue]

    /// Numbers for manifests and reports; the issues themselves are for the review queue.
    public var json: JSONValue {
        [
            "field": .string(rule.label), "examined": .integer(examined),
            "skipped": .integer(skipped), "classes": .integer(classes),
            "issues": .integer(issues.count),
        ]
    }

    /// Lines for people.
    public var lines: [String] {
        [
            "label noise: \(issues.count) of \(examined) labels"
                + " (\(Ratio.percent(issues.count, examined))) seem wrong, of \(classes) labels;"
                + " to be looked at by people"
                + (skipped > 0 ? "; \(skipped) records of rare labels not judged" : "")
        ]
    }
}
