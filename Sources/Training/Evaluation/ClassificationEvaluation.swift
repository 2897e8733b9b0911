/// Precision, recall and F1 of one class; 0 where a ratio has no denominator.
public struct ClassScores: Sendable, Hashable {
    /// The label.
    public let label: String
    /// Right answers of this class among the answers of this class.
    public let precision: Double
    /// Right answers of this class among the examples of this class.
    public let recall: Double
    /// Harmonic mean of the two.
    public let f1: Double
    /// Examples of this class.
    public let support: Int
}

/// How well a classifier does on examples with known labels.
public struct ClassificationEvaluation: Sendable, Hashable {
    /// Examples.
    public let count: Int
    /// Mean cross-entropy, without smoothing or class weights.
    public let loss: Double
    /// Share of right answers.
    public let accuracy: Double
    /// Scores of each class, in the labels' order.
    public let perClass: [ClassScores]
    /// Examples by true label (row) and answer (column).
    public let confusion: [[Int]]
    /// Expected calibration error: the mean gap between confidence and accuracy, over 15 bins of
    /// equal width (Guo et al. 2017).
    public let calibrationError: Double
    /// Accuracy of always giving the commonest label.
    public let majorityBaseline: Double
    /// The labels.
    public let labels: [String]
    /// Between what 95 % of resamplings lie, of accuracy and of macro-F1; nil if none were made.
    public let intervals: (accuracy: Interval, macroF1: Interval)?

    /// Unweighted mean of the classes' precisions.
    public var macroPrecision: Double { mean(\.precision) }
    /// Unweighted mean of the classes' recalls.
    public var macroRecall: Double { mean(\.recall) }
    /// Unweighted mean of the classes' F1.
    public var macroF1: Double { mean(\.f1) }

    private func mean(_ member: (ClassScores) -> Double) -> Double {
        perClass.isEmpty ? 0 : perClass.map(member).reduce(0, +) / Double(perClass.count)
    }

    /// Scores `predictions` against `truth`, which has as many.
    ///
    /// - Parameters:
    ///   - resamplings: for the intervals; 0 for none.
    public init(predictions: [Prediction], truth: [Int], labels: [String], resamplings: Int = 0) {
        precondition(predictions.count == truth.count, "predictions and labels differ in number")
        var confusion = [[Int]](
            repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        var loss = 0.0
        var bins = [(confidence: Double, right: Double)](repeating: (0, 0), count: 15)
        for (prediction, label) in zip(predictions, truth) {
            confusion[label][prediction.label] += 1
            loss += Self.crossEntropy(prediction.logits, label)
            let confidence = Double(prediction.probabilities[prediction.label])
            let bin = min(14, max(0, Int((confidence * 15).rounded(.up)) - 1))
            bins[bin].confidence += confidence
            bins[bin].right += prediction.label == label ? 1 : 0
        }
        let count = truth.count
        let ratio = { (part: Int, whole: Int) in whole == 0 ? 0 : Double(part) / Double(whole) }
        let supports = confusion.map { $0.reduce(0, +) }
        let right = labels.indices.reduce(0) { $0 + confusion[$1][$1] }
        self.count = count
        self.loss = count == 0 ? 0 : loss / Double(count)
        accuracy = ratio(right, count)
        perClass = labels.indices.map { index in
            let answered = confusion.reduce(0) { $0 + $1[index] }
            let precision = ratio(confusion[index][index], answered)
            let recall = ratio(confusion[index][index], supports[index])
            let sum = precision + recall
            return ClassScores(
                label: labels[index], precision: precision, recall: recall,
                f1: sum == 0 ? 0 : 2 * precision * recall / sum, support: supports[index])
        }
        self.confusion = confusion
        calibrationError =
            count == 0
            ? 0 : bins.reduce(0) { $0 + abs($1.confidence - $1.right) } / Double(count)
        majorityBaseline = ratio(supports.max() ?? 0, count)
        self.labels = labels
        intervals = Self.intervals(
            predictions.map(\.label), truth, classes: labels.count, resamplings: resamplings)
    }

    private static func crossEntropy(_ logits: [Float], _ label: Int) -> Double {
        CrossEntropy.logSumExp(logits.map(Double.init)) - Double(logits[label])
    }

    private static func intervals(
        _ answers: [Int], _ truth: [Int], classes: Int, resamplings: Int
    ) -> (accuracy: Interval, macroF1: Interval)? {
        let bootstrap = Bootstrap(count: truth.count, resamplings: resamplings)
        return bootstrap.map { bootstrap in
            let scores = bootstrap.map { rows -> (accuracy: Double, f1: Double) in
                var hits = [Int](repeating: 0, count: classes)
                var answered = hits
                var support = hits
                for row in rows {
                    answered[answers[row]] += 1
                    support[truth[row]] += 1
                    if answers[row] == truth[row] { hits[truth[row]] += 1 }
                }
                let f1 = (0..<classes).reduce(0.0) { sum, index in
                    let both = answered[index] + support[index]
                    return both == 0 ? sum : sum + 2 * Double(hits[index]) / Double(both)
                }
                return (Double(hits.reduce(0, +)) / Double(rows.count), f1 / Double(classes))
            }
            return (Interval(scores.map(\.accuracy)), Interval(scores.map(\.f1)))
        }
    }

    /// Equal scores, whatever the intervals.
    public static func == (a: Self, b: Self) -> Bool {
        a.count == b.count && a.loss == b.loss && a.confusion == b.confusion
            && a.labels == b.labels && a.calibrationError == b.calibrationError
    }

    /// Hashes what decides about equality.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        hasher.combine(loss)
        hasher.combine(confusion)
    }
}
