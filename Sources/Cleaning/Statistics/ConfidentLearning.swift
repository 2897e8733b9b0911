/// Which labels seem wrong, given what models that did not see them think of them.
///
/// Source: C. Northcutt, L. Jiang, I. Chuang, Confident Learning: Estimating Uncertainty in Dataset
/// Labels (JAIR 2021). The threshold of a class is the mean probability that records labelled so
/// have of it. A record counts as confidently of the class of the greatest probability among those
/// at or above their thresholds; where that is neither its label nor below the label's own
/// probability, the label seems wrong.
public struct ConfidentLearning: Sendable {
    /// A label that seems wrong.
    public struct Issue: Sendable, Hashable {
        /// The record's place.
        public let row: Int
        /// Its label's class.
        public let given: Int
        /// The class that seems right.
        public let suggested: Int
        /// The probability of the label: the lower, the worse.
        public let selfConfidence: Double
        /// That probability less the greatest one of the other classes, from −1 to 1.
        public let margin: Double
    }

    /// The threshold of each class.
    public let thresholds: [Double]
    /// Records by label and by the class they confidently are of: `joint[given][true]`.
    public let joint: [[Int]]
    /// The labels that seem wrong, worst first: by margin, then by row.
    public let issues: [Issue]

    /// Judges labels. `probabilities` holds one row of `classes` for each label, made by models that
    /// did not see that record.
    public init(labels: [Int], probabilities: [Double], classes: Int) {
        var sums = [Double](repeating: 0, count: classes)
        var counts = [Int](repeating: 0, count: classes)
        for (row, label) in labels.enumerated() {
            sums[label] += probabilities[row * classes + label]
            counts[label] += 1
        }
        // A class without records has no threshold that anything reaches.
        thresholds = zip(sums, counts).map { $1 == 0 ? 2 : $0 / Double($1) }
        var joint = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        var issues: [Issue] = []
        for (row, label) in labels.enumerated() {
            let chances = probabilities[row * classes..<(row + 1) * classes]
            var confident: (index: Int, chance: Double)?
            var otherMost = 0.0
            for (index, chance) in chances.enumerated() {
                if index != label { otherMost = max(otherMost, chance) }
                // As good as equal counts as equal: the mean of equal numbers can be a bit above.
                guard chance >= thresholds[index] - 1e-6 else { continue }
                if chance > (confident?.chance ?? -1) { confident = (index, chance) }
            }
            guard let confident else { continue }
            joint[label][confident.index] += 1
            let own = probabilities[row * classes + label]
            guard confident.index != label, confident.chance > own else { continue }
            issues.append(
                Issue(
                    row: row, given: label, suggested: confident.index, selfConfidence: own,
                    margin: own - otherMost))
        }
        self.joint = joint
        self.issues = issues.sorted { ($0.margin, $0.row) < ($1.margin, $1.row) }
    }
}
