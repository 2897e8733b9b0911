public import Records

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
public struct Evaluation: Sendable, Hashable {
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
    public init(predictions: [Prediction], truth: [Int], labels: [String]) {
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
    }

    private static func crossEntropy(_ logits: [Float], _ label: Int) -> Double {
        CrossEntropy.logSumExp(logits.map(Double.init)) - Double(logits[label])
    }

    /// The metric's value.
    public func value(of metric: TrainingConfiguration.Metric) -> Double {
        switch metric {
        case .loss: loss
        case .accuracy: accuracy
        case .macroF1: macroF1
        }
    }

    /// Flat members, and `per_class` and `confusion`.
    public var json: JSONValue {
        [
            "count": .integer(count), "loss": .double(loss), "accuracy": .double(accuracy),
            "macro_precision": .double(macroPrecision), "macro_recall": .double(macroRecall),
            "macro_f1": .double(macroF1), "calibration_error": .double(calibrationError),
            "majority_baseline": .double(majorityBaseline),
            "labels": .array(labels.map { .string($0) }),
            "per_class": .array(
                perClass.map {
                    [
                        "label": .string($0.label), "precision": .double($0.precision),
                        "recall": .double($0.recall), "f1": .double($0.f1),
                        "support": .integer($0.support),
                    ]
                }),
            "confusion": .array(confusion.map { .array($0.map { .integer($0) }) }),
        ]
    }
}

extension SequenceClassifier {
    /// Predicts the examples and scores the answers.
    public func evaluate(_ examples: [EncodedExample]) throws(TrainingError) -> Evaluation {
        for (row, example) in examples.enumerated() { try check(example, row, label: true) }
        return Evaluation(
            predictions: try predict(examples), truth: examples.map(\.label), labels: labels)
    }
}
