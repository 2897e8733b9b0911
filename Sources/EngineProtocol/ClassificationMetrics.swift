public import Records

/// How well a classifier does on one split.
public struct ClassificationMetrics: Sendable, Hashable {
    /// Precision, recall and F1 of one class.
    public struct ClassScores: Sendable, Hashable {
        /// The class.
        public var label: String
        /// True positives ÷ predictions of this class; 0 where there are none.
        public var precision: Double
        /// True positives ÷ records of this class; 0 where there are none.
        public var recall: Double
        /// The harmonic mean of both.
        public var f1: Double
        /// Records of this class.
        public var support: Int

        /// Makes the scores of one class.
        public init(label: String, precision: Double, recall: Double, f1: Double, support: Int) {
            self.label = label
            self.precision = precision
            self.recall = recall
            self.f1 = f1
            self.support = support
        }
    }

    /// Records scored.
    public var count: Int
    /// Mean cross-entropy in nats.
    public var loss: Double
    /// Right answers ÷ count.
    public var accuracy: Double
    /// Mean of the classes' precision, each class counting once.
    public var macroPrecision: Double
    /// Mean of the classes' recall.
    public var macroRecall: Double
    /// Mean of the classes' F1.
    public var macroF1: Double
    /// The accuracy of always naming the commonest class of this split.
    public var majorityBaseline: Double
    /// Expected calibration error, if the engine measures it.
    public var calibrationError: Double?
    /// What the accuracy lies between.
    public var accuracyInterval: ConfidenceInterval?
    /// What the macro-F1 lies between.
    public var macroF1Interval: ConfidenceInterval?
    /// Scores by class, in the order of the labels.
    public var classes: [ClassScores]
    /// Counts: row = true class, column = predicted class, in the order of `classes`.
    public var confusion: [[Int]]

    /// The labels, in the order of the confusion matrix.
    public var labels: [String] { classes.map(\.label) }

    /// Makes metrics out of a confusion matrix; every score follows from it.
    ///
    /// - Parameters:
    ///   - labels: class names, n of them.
    ///   - confusion: n × n counts, row = true class.
    ///   - loss: mean cross-entropy in nats.
    public init(
        labels: [String], confusion: [[Int]], loss: Double, calibrationError: Double? = nil
    ) {
        self.confusion = confusion
        self.loss = loss
        self.calibrationError = calibrationError
        let rows = confusion.map { $0.reduce(0, +) }
        let total = rows.reduce(0, +)
        func ratio(_ part: Int, _ whole: Int) -> Double {
            whole == 0 ? 0 : Double(part) / Double(whole)
        }
        classes = labels.indices.map { index in
            let hits = confusion[index][index]
            let precision = ratio(hits, confusion.reduce(0) { $0 + $1[index] })
            let recall = ratio(hits, rows[index])
            let sum = precision + recall
            return ClassScores(
                label: labels[index], precision: precision, recall: recall,
                f1: sum == 0 ? 0 : 2 * precision * recall / sum, support: rows[index])
        }
        count = total
        accuracy = ratio(labels.indices.reduce(0) { $0 + confusion[$1][$1] }, total)
        let classCount = Double(max(labels.count, 1))
        macroPrecision = classes.reduce(0) { $0 + $1.precision } / classCount
        macroRecall = classes.reduce(0) { $0 + $1.recall } / classCount
        macroF1 = classes.reduce(0) { $0 + $1.f1 } / classCount
        majorityBaseline = ratio(rows.max() ?? 0, total)
    }

    /// The metrics as JSON, members as they are named here.
    public var json: JSONValue {
        [
            "count": .integer(count), "loss": .double(loss), "accuracy": .double(accuracy),
            "macroPrecision": .double(macroPrecision), "macroRecall": .double(macroRecall),
            "macroF1": .double(macroF1), "majorityBaseline": .double(majorityBaseline),
            "calibrationError": calibrationError.map { .double($0) } ?? .null,
            "accuracyInterval": accuracyInterval?.json ?? .null,
            "macroF1Interval": macroF1Interval?.json ?? .null,
            "classes": .array(
                classes.map { scores in
                    [
                        "label": .string(scores.label), "precision": .double(scores.precision),
                        "recall": .double(scores.recall), "f1": .double(scores.f1),
                        "support": .integer(scores.support),
                    ]
                }),
            "confusion": .array(confusion.map { .array($0.map { .integer($0) }) }),
        ]
    }

    /// Reads metrics back. Everything but loss and calibration is computed again from the
    /// confusion matrix, so that an engine cannot report scores that its own matrix contradicts.
    public init(json: JSONValue) throws(EngineProtocolError) {
        let fields = try JSONFields(json, "metrics")
        let labels = try fields.array("classes").compactMap { $0["label"]?.stringValue }
        let confusion = try fields.array("confusion").map { row in
            (row.arrayValue ?? []).compactMap { value in
                value.intValue.flatMap { $0 < 0 ? nil : $0 }
            }
        }
        guard confusion.count == labels.count,
            confusion.allSatisfy({ $0.count == labels.count })
        else {
            throw EngineProtocolError(
                .malformed, "metrics: the confusion matrix does not fit the classes",
                hint: "n classes need n rows of n counts")
        }
        let limit = Int.max / max(labels.count * labels.count, 1)
        guard confusion.allSatisfy({ $0.allSatisfy { $0 <= limit } }) else {
            throw EngineProtocolError(
                .malformed, "metrics: counts that no split has", hint: "the engine counts wrongly")
        }
        self.init(
            labels: labels, confusion: confusion, loss: try fields.number("loss"),
            calibrationError: try fields.optionalNumber("calibrationError"))
        accuracyInterval = try fields.interval("accuracyInterval")
        macroF1Interval = try fields.interval("macroF1Interval")
        try fields.check("accuracy", is: accuracy)
    }
}
