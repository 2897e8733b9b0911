import Kernels

/// A layer normalisation's weights.
struct Normalization {
    let gamma: Floats
    let beta: Floats
    let gammaGradient: Floats?
    let betaGradient: Floats?
    let epsilon: Float

    init(_ store: ParameterStore, _ name: String, epsilon: Float) {
        gamma = store["\(name).weight"].values
        beta = store["\(name).bias"].values
        gammaGradient = store["\(name).weight"].gradient
        betaGradient = store["\(name).bias"].gradient
        self.epsilon = epsilon
    }

    /// output = LayerNorm(residual + dropout(x + bias))
    func forward(
        _ x: Matrix, bias: Floats?, residual: Matrix?, into output: Matrix,
        trace: NormalizationTrace?, dropout: Dropout?, site: UInt32, workers: WorkerPool
    ) {
        workers.normalize(
            x, bias: bias, residual: residual, gamma: gamma, beta: beta, epsilon: epsilon,
            into: output, trace: trace, dropout: dropout, site: site)
    }

    /// Turns the gradient of the output into that of the sum, in place; adds those of the weights.
    func backward(_ gradient: Matrix, trace: NormalizationTrace, workers: WorkerPool) {
        workers.normalizeBackward(
            output: gradient, trace: trace, gamma: gamma, into: gradient,
            gammaGradient: gammaGradient, betaGradient: betaGradient)
    }
}
