import Kernels

/// AdamW over all trained weights, and the norm that clipping needs.
final class Optimizer {
    private let parameters: [Parameter]
    private let network: any Network
    /// The first and second moments, in the order of the store's trained weights.
    let moments: (first: Floats, second: Floats)
    private let partialSums: Floats
    private let configuration: TrainingConfiguration
    /// Steps done.
    var steps = 0

    init(_ network: any Network, _ configuration: TrainingConfiguration) {
        self.network = network
        self.configuration = configuration
        parameters = network.store.trainedParameters
        let count = network.store.trained.count
        moments = (FloatStorage(count: count).floats, FloatStorage(count: count).floats)
        partialSums = FloatStorage(count: 2 * (count / 65536 + 2)).floats
    }

    /// Norm of all gradients together; not finite if any of them is not.
    func gradientNorm() -> Double {
        network.workers.sumOfSquares(network.store.gradients, scratch: partialSums).squareRoot()
    }

    /// One step at `rate`. Gradients whose norm is above the limit are scaled by
    /// min(1, limit / (norm + 1e-6)), torch's rule; a limit of 0 is none.
    func step(rate: Double, norm: Double, limit: Double) {
        steps += 1
        let scale = limit > 0 ? min(1, limit / (norm + 1e-6)) : 1
        var numbers = AdamWStep(
            step: steps, rate: rate, decay: 0, beta1: configuration.beta1,
            beta2: configuration.beta2, epsilon: configuration.epsilon,
            gradientScale: Float(scale))
        var start = 0
        for parameter in parameters {
            guard let gradient = parameter.gradient else { continue }
            let count = parameter.values.count
            numbers.decay = parameter.decays ? Float(configuration.weightDecay) : 0
            network.workers.adamW(
                weights: parameter.values, gradients: gradient,
                moment1: moments.first.slice(start, count),
                moment2: moments.second.slice(start, count), numbers)
            start += count
        }
        network.merge()
    }
}
