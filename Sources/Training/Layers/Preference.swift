import Glibc

/// Direct preference optimisation (Rafailov et al. 2023), for pairs of a chosen and a rejected
/// answer to one prompt:
///
/// loss = −log σ(β · ((log π(c) − log ρ(c)) − (log π(r) − log ρ(r)))),
///
/// where π is the model and ρ the reference: the model before its first step.
struct Preference {
    /// How far the model may go from the reference; smaller is further.
    let beta: Double
    /// log ρ of the chosen and of the rejected answer, for each row of the data set.
    let reference: [(chosen: Double, rejected: Double)]

    /// Losses of the pairs of a batch, and what each target's −log p counts in the gradient.
    ///
    /// - Parameter losses: −log π of each target of the batch.
    func judge(
        _ batch: PackedBatch, losses: [Float], normalizer: Double
    ) -> (loss: Double, scales: [Float], margins: [Double]) {
        var scales = [Float](repeating: 0, count: losses.count)
        var total = 0.0
        var margins: [Double] = []
        for (pair, row) in batch.rows.enumerated() {
            let chosen = range(batch, 2 * pair), rejected = range(batch, 2 * pair + 1)
            let reference = reference[row]
            let margin =
                beta
                * ((Self.logProbability(losses[chosen]) - reference.chosen)
                    - (Self.logProbability(losses[rejected]) - reference.rejected))
            margins.append(margin)
            // −log σ(z) = log(1 + e^−z), without overflow
            total += max(0, -margin) + log1p(exp(-abs(margin)))
            let slope = beta / (1 + exp(margin)) / normalizer
            for index in chosen { scales[index] = Float(slope) }
            for index in rejected { scales[index] = -Float(slope) }
        }
        return (total / normalizer, scales, margins)
    }

    /// log p of an answer, from −log p of its tokens.
    static func logProbability(_ losses: ArraySlice<Float>) -> Double {
        -losses.reduce(0) { $0 + Double($1) }
    }

    private func range(_ batch: PackedBatch, _ sequence: Int) -> Range<Int> {
        batch.targetStarts[sequence]..<batch.targetStarts[sequence + 1]
    }
}
