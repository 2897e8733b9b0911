internal import Glibc

/// Multinomial logistic regression on sparse rows, fitted by stochastic gradient descent in a
/// seeded order: p(class | x) = softmax(W·x + b). One thread; the same rows give the same bits.
struct LogisticRegression: Sendable {
    let classes: Int
    /// columns × classes, the classes of a column side by side.
    private var weights: [Float]
    private var bias: [Float]

    /// Fits the rows named by `chosen`, whose classes are in `labels`.
    ///
    /// Complexity: O(epochs · features of the rows · classes).
    init(
        rows: SparseRows, labels: [Int], chosen: [Int], classes: Int, epochs: Int, rate: Float,
        seed: UInt64
    ) {
        self.classes = classes
        weights = [Float](repeating: 0, count: rows.columnCount * classes)
        bias = [Float](repeating: 0, count: classes)
        var order = chosen
        var state = WordHashes.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        var scores = [Float](repeating: 0, count: classes)
        for epoch in 0..<epochs {
            for index in order.indices.dropFirst().reversed() {
                state = WordHashes.mix(state &+ 0x9E37_79B9_7F4A_7C15)
                order.swapAt(index, Int(state.multipliedFullWidth(by: UInt64(index + 1)).high))
            }
            let step = rate / (1 + 0.3 * Float(epoch))
            for row in order { learn(rows, row, labels[row], step, &scores) }
        }
    }

    private mutating func learn(
        _ rows: SparseRows, _ row: Int, _ label: Int, _ step: Float, _ scores: inout [Float]
    ) {
        predict(rows, row, into: &scores)
        for index in 0..<classes { scores[index] *= -step }
        scores[label] += step
        for index in 0..<classes { bias[index] += 0.1 * scores[index] }
        for place in rows.starts[row]..<rows.starts[row + 1] {
            let start = Int(rows.columns[place]) * classes
            let value = rows.values[place]
            for index in 0..<classes { weights[start + index] += value * scores[index] }
        }
    }

    /// The probability of each class for a row.
    func predict(_ rows: SparseRows, _ row: Int, into scores: inout [Float]) {
        for index in 0..<classes { scores[index] = bias[index] }
        for place in rows.starts[row]..<rows.starts[row + 1] {
            let start = Int(rows.columns[place]) * classes
            let value = rows.values[place]
            for index in 0..<classes { scores[index] += value * weights[start + index] }
        }
        var most = -Float.infinity
        for index in 0..<classes { most = max(most, scores[index]) }
        var sum: Float = 0
        for index in 0..<classes {
            scores[index] = exp(scores[index] - most)
            sum += scores[index]
        }
        for index in 0..<classes { scores[index] /= sum }
    }
}
