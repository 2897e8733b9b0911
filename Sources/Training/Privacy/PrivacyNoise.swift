import Kernels
import Records

/// The noise of DP-SGD (Abadi et al. 2016): N(0, σ²C²) on the sum of clipped gradients.
///
/// Noise is a pure function of seed and step, so that a run can be repeated and resumed. Whoever
/// knows the seed can take it away again: keep it secret, or let it be drawn.
struct PrivacyNoise {
    /// σ
    let multiplier: Double
    /// C
    let clippingNorm: Double
    /// Expected examples of a step, which the sum is divided by: the true number is private.
    let expectedBatch: Double
    let seed: UInt64

    /// Adds the noise to a sum of gradients.
    func add(to gradients: Floats, step: Int) {
        guard multiplier > 0 else { return }
        var random = SeededRandom(
            key: BigEndian.bytes(seed), tag: "dp-sgd noise, step \(step)")
        let deviation = multiplier * clippingNorm
        for index in 0..<gradients.count {
            gradients[index] += Float(deviation * gaussian(using: &random))
        }
    }
}

extension Trainer {
    /// The noisy mean of the clipped gradients of each example in `rows`; returns the mean loss.
    ///
    /// Each example goes through the model alone. Its gradient is added to the sum times
    /// min(1, C / ‖g‖).
    func privateGradients(
        _ examples: [EncodedExample], rows: [Int], step: Int, objective: Objective,
        storage: FloatStorage, cache: PrefixCache?, noise: PrivacyNoise
    ) -> Double {
        let workers = network.workers, gradients = network.store.gradients
        let sum = privateSum
        workers.zero(sum)
        var total = 0.0
        forEachPass(examples, rows: rows, step: step) { batch in
            workers.zero(gradients)
            let weight = objective.normalizer(batch.rows.lazy.map { examples[$0] })
            guard weight > 0 else { return }
            total += network.learn(
                batch, objective: objective, normalizer: weight, pass: pass, storage: storage,
                cache: cache)
            let norm = optimizer.gradientNorm()
            workers.addScaled(
                gradients, by: Float(min(1, noise.clippingNorm / (norm + 1e-6))), to: sum)
        }
        noise.add(to: sum, step: step)
        workers.zero(gradients)
        workers.addScaled(sum, by: Float(1 / noise.expectedBatch), to: gradients)
        return rows.isEmpty ? 0 : total / Double(rows.count)
    }
}
