/// Counts of the spans of one type; precision, recall and F1 follow from them.
public struct SpanCounts: Sendable, Hashable {
    /// The type, e.g. `person`.
    public let type: String
    /// Spans with the right type and both ends right.
    public let correct: Int
    /// Spans that were given.
    public let predicted: Int
    /// Spans that there are.
    public let support: Int

    /// Harmonic mean of precision and recall.
    public var f1: Double {
        predicted + support == 0 ? 0 : 2 * Double(correct) / Double(predicted + support)
    }
}

/// How well words are labelled.
public struct SpanEvaluation: Sendable, Hashable {
    /// Examples.
    public let count: Int
    /// Mean cross-entropy of a word's label.
    public let loss: Double
    /// Words, and those with the right label.
    public let words: Int
    /// Words with the right label.
    public let correctWords: Int
    /// Spans by type, types sorted.
    public let types: [SpanCounts]
    /// All spans together.
    public let overall: SpanCounts
    /// Between what 95 % of resamplings of ``overall``'s F1 lie; nil if none were made.
    public let f1Interval: Interval?

    /// Scores the labels of each example's words against the truth; `losses` is their sum.
    init(
        answers: [[Int]], truth: [[Int]], losses: Double, labels: [String], resamplings: Int
    ) {
        let reader = SpanReader(labels)
        var byType: [String: (correct: Int, predicted: Int, support: Int)] = [:]
        var perExample: [(correct: Int, predicted: Int, support: Int)] = []
        for (given, wanted) in zip(answers, truth) {
            let found = reader.spans(given), there = reader.spans(wanted)
            for span in there { byType[span.type, default: (0, 0, 0)].support += 1 }
            for span in found {
                byType[span.type, default: (0, 0, 0)].predicted += 1
                if there.contains(span) { byType[span.type, default: (0, 0, 0)].correct += 1 }
            }
            perExample.append((found.intersection(there).count, found.count, there.count))
        }
        count = answers.count
        words = truth.reduce(0) { $0 + $1.count }
        correctWords = zip(answers, truth).reduce(0) { sum, pair in
            sum + zip(pair.0, pair.1).count { $0 == $1 }
        }
        loss = words == 0 ? 0 : losses / Double(words)
        types = byType.sorted { $0.key < $1.key }.map {
            SpanCounts(
                type: $0.key, correct: $0.value.correct, predicted: $0.value.predicted,
                support: $0.value.support)
        }
        func total(_ rows: some Sequence<Int>) -> SpanCounts {
            var sums = (correct: 0, predicted: 0, support: 0)
            for row in rows {
                sums.correct += perExample[row].correct
                sums.predicted += perExample[row].predicted
                sums.support += perExample[row].support
            }
            return SpanCounts(
                type: "", correct: sums.correct, predicted: sums.predicted, support: sums.support)
        }
        overall = total(perExample.indices)
        f1Interval = Bootstrap(count: count, resamplings: resamplings).map { bootstrap in
            Interval(bootstrap.map { total($0).f1 })
        }
    }
}

/// Reads spans out of labels such as `B-person I-person O`, as conlleval does: a span begins with
/// B-, or with I- where no span of that type goes on. Labels without a prefix are spans of words of
/// one label each side by side; `O` is none.
struct SpanReader {
    struct Span: Hashable {
        let type: String
        let range: Range<Int>
    }

    private let parts: [(begins: Bool, type: String?)]

    init(_ labels: [String]) {
        parts = labels.map { label in
            if label == "O" { return (false, nil) }
            if label.hasPrefix("B-") { return (true, String(label.dropFirst(2))) }
            if label.hasPrefix("I-") { return (false, String(label.dropFirst(2))) }
            return (false, label)
        }
    }

    func spans(_ labels: [Int]) -> Set<Span> {
        var result: Set<Span> = []
        var open: (type: String, start: Int)?
        func close(_ end: Int) {
            if let open { result.insert(Span(type: open.type, range: open.start..<end)) }
            open = nil
        }
        for (index, label) in labels.enumerated() {
            let part = parts[label]
            if part.type != open?.type || part.begins { close(index) }
            if let type = part.type, open == nil { open = (type, index) }
        }
        close(labels.count)
        return result
    }
}
