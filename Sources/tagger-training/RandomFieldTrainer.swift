import Glibc
import Redaction

/// Trains a linear-chain conditional random field by stochastic gradient ascent with AdaGrad steps
/// (Duchi, Hazan, Singer 2011) on the softmax-margin objective (Gimpel, Smith 2010): during
/// training, leaving an entity outside costs `missCost` nats, taking plain text for one `alarmCost`.
struct RandomFieldTrainer: ~Copyable {
    typealias Row = SIMD16<Float>

    let bits: Int
    var rate: Float = 0.12
    var decay: Float = 1e-6
    var missCost: Float = 1.5
    var alarmCost: Float = 0.5
    private var weights: [Row]
    private var squares: [Row]
    private var transitions: [Row]
    private var transitionSquares: [Row]
    private var features: TaggerFeatures
    /// Sum of the objective since it was last read, and the tokens it is from.
    private(set) var loss: (sum: Double, tokens: Int) = (0, 0)

    init(bits: Int) {
        self.bits = bits
        weights = [Row](repeating: .zero, count: 1 << bits)
        squares = weights
        transitions = [Row](repeating: .zero, count: TaggerLabel.lanes)
        transitionSquares = transitions
        features = TaggerFeatures(bits: bits)
    }

    mutating func resetLoss() { loss = (0, 0) }

    private static let allowed: [Row] = (0..<TaggerLabel.lanes).map { from in
        var row = Row.zero
        for to in 0..<TaggerLabel.count where from < TaggerLabel.count {
            row[to] = TaggerLabel.mayFollow(from, to) ? 1 : 0
        }
        return row
    }

    private static func exponential(_ row: Row) -> Row {
        var result = Row.zero
        for lane in 0..<TaggerLabel.count { result[lane] = expf(row[lane]) }
        return result
    }

    /// One step on one example.
    mutating func learn(_ example: LabelledTokens) {
        let count = example.tokens.count
        guard count > 0 else { return }
        features.extract(example.tokens)
        let stride = TaggerFeatures.stride
        let labels = example.labels

        // Potentials, with the costs of wrong labels added.
        var potentials = [Row](repeating: .zero, count: count)
        var goldScore = 0.0
        for token in 0..<count {
            var sum = Row.zero
            for slot in (token * stride)..<((token + 1) * stride) {
                sum += weights[Int(features.rows[slot])]
            }
            let gold = Int(labels[token])
            goldScore += Double(sum[gold])
            if token > 0 { goldScore += Double(transitions[Int(labels[token - 1])][gold]) }
            if gold == TaggerLabel.outside {
                sum += Row(repeating: alarmCost)
                sum[0] -= alarmCost
            } else {
                sum[0] += missCost
            }
            potentials[token] = sum
        }
        let moves = (0..<TaggerLabel.lanes).map {
            Self.exponential(transitions[$0]) * Self.allowed[$0]
        }

        // Forward, scaled to sum one at every token.
        var alphas = [Row](repeating: .zero, count: count)
        var factors = [Row](repeating: .zero, count: count)
        var scales = [Float](repeating: 1, count: count)
        var logZ = 0.0
        for token in 0..<count {
            var top = potentials[token]
            top[15] = top[0]
            let peak = top.max()
            let factor = Self.exponential(potentials[token] - Row(repeating: peak))
            factors[token] = factor
            var alpha = Row.zero
            if token == 0 {
                for label in 0..<TaggerLabel.count where label == 0 || TaggerLabel.isBegin(label) {
                    alpha[label] = 1
                }
            } else {
                let before = alphas[token - 1]
                for from in 0..<TaggerLabel.count { alpha += moves[from] * before[from] }
            }
            alpha *= factor
            let scale = max(alpha.sum(), 1e-30)
            alphas[token] = alpha / scale
            scales[token] = scale
            logZ += Double(logf(scale)) + Double(peak)
        }
        loss.sum += logZ - goldScore
        loss.tokens += count

        // Backward; the gradient is gold minus expected.
        var beta = Row(repeating: 1)
        beta[15] = 0
        var token = count - 1
        while token >= 0 {
            var gradient = -(alphas[token] * beta)
            gradient[Int(labels[token])] += 1
            gradient[15] = 0
            if (gradient * gradient).sum() > 1e-5 {
                for slot in (token * stride)..<((token + 1) * stride) {
                    step(Int(features.rows[slot]), gradient)
                }
            }
            if token > 0 {
                let outgoing = factors[token] * beta / scales[token]
                var before = Row.zero
                let gold = Int(labels[token - 1])
                for from in 0..<TaggerLabel.count {
                    let flow = moves[from] * outgoing
                    before[from] = flow.sum()
                    var change = -(flow * alphas[token - 1][from])
                    if from == gold { change[Int(labels[token])] += 1 }
                    transitionSquares[from] += change * change
                    transitions[from] +=
                        change * (0.3 * rate) / (transitionSquares[from] + 1).squareRoot()
                }
                beta = before
                beta[15] = 0
            }
            token -= 1
        }
    }

    @inline(__always)
    private mutating func step(_ row: Int, _ gradient: Row) {
        let damped = gradient - weights[row] * decay
        squares[row] += damped * damped
        weights[row] += damped * rate / (squares[row] + Row(repeating: 0.1)).squareRoot()
    }

    /// The model with weights as whole numbers of 1 / `unit` nats, clipped to a byte.
    func model(lexicon: TaggerLexicon) -> TaggerModel {
        var sizes: [Float] = []
        for row in weights where row != .zero {
            for lane in 0..<TaggerLabel.count where row[lane] != 0 { sizes.append(abs(row[lane])) }
        }
        sizes.sort()
        let top = sizes.isEmpty ? 1 : max(sizes[Int(Double(sizes.count - 1) * 0.9998)], 0.01)
        let unit = 127 / top
        var bytes = [Int8](repeating: 0, count: TaggerLabel.lanes << bits)
        for (index, row) in weights.enumerated() where row != .zero {
            for lane in 0..<TaggerLabel.count {
                let rounded = (row[lane] * unit).rounded()
                bytes[index * TaggerLabel.lanes + lane] = Int8(max(-127, min(127, rounded)))
            }
        }
        var scores = [Int32](repeating: TaggerModel.forbidden, count: 256)
        for from in 0..<TaggerLabel.count {
            for to in 0..<TaggerLabel.count where TaggerLabel.mayFollow(from, to) {
                scores[from * 16 + to] = Int32((transitions[from][to] * unit).rounded())
            }
        }
        return TaggerModel(
            bits: bits, unit: unit, lexicon: lexicon, transitions: scores, weights: bytes)
    }
}
