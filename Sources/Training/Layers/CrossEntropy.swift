import Glibc
import Kernels

/// Cross-entropy with label smoothing and class weights, as torch defines them: with smoothing ε,
/// weights w and N = Σ w[yᵢ] over the whole batch,
///
/// loss = (1 − ε) Σᵢ w[yᵢ] ℓᵢ[yᵢ] / N + ε/C Σᵢ Σ_c w[c] ℓᵢ[c] / N, ℓᵢ = −log softmax(zᵢ).
struct CrossEntropy {
    let smoothing: Double
    /// One for each label
    let weights: [Double]

    /// How much an example with this label counts.
    func weight(_ label: Int) -> Double { weights[label] }

    /// Σ of the losses divided by `normalizer`; writes the gradient of that if asked to.
    func forward(
        _ logits: Matrix, labels: [Int32], normalizer: Double, gradient: Matrix?
    ) -> Double {
        let classes = logits.columns
        var total = 0.0
        for row in 0..<logits.rows {
            var largest = -Double.infinity
            for column in 0..<classes { largest = max(largest, Double(logits[row, column])) }
            var sum = 0.0
            for column in 0..<classes { sum += exp(Double(logits[row, column]) - largest) }
            let logSum = largest + log(sum)
            let label = Int(labels[row])
            // share[c]: how much −log p[c] counts
            var shares = 0.0
            for column in 0..<classes {
                let share = share(column, label)
                shares += share
                total += share * (logSum - Double(logits[row, column])) / normalizer
            }
            guard let gradient else { continue }
            for column in 0..<classes {
                let probability = exp(Double(logits[row, column]) - logSum)
                gradient[row, column] = Float(
                    (shares * probability - share(column, label)) / normalizer)
            }
        }
        return total
    }

    /// log Σ exp
    static func logSumExp(_ values: [Double]) -> Double {
        let largest = values.max() ?? 0
        return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
    }

    private func share(_ column: Int, _ label: Int) -> Double {
        (column == label ? (1 - smoothing) * weights[label] : 0)
            + smoothing / Double(weights.count) * weights[column]
    }
}
