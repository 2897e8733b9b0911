import Kernels

/// The normalisation before a sublayer.
enum DecoderNorm {
    /// RMSNorm (Zhang and Sennrich 2019): γ and its gradient
    case rootMeanSquare(gamma: Floats, gradient: Floats?, epsilon: Float)
    /// LayerNorm
    case layer(Normalization)

    /// What backward needs besides the input.
    struct Trace {
        /// 1 / root of the mean square, or 1 / standard deviation, of each row
        let inverse: Floats
        /// The normalised input, of a LayerNorm only
        let normalized: Matrix?

        init(_ arena: inout Arena, rows: Int, columns: Int, isLayer: Bool) {
            inverse = arena.floats(rows)
            normalized = isLayer ? arena.matrix(rows, columns) : nil
        }

        var layer: NormalizationTrace? {
            normalized.map { NormalizationTrace(normalized: $0, inverseDeviation: inverse) }
        }
    }

    init(_ store: ParameterStore, _ name: String, shape: DecoderShape) {
        if shape.isLlama {
            let gamma = store["\(name).weight"]
            self = .rootMeanSquare(
                gamma: gamma.values, gradient: gamma.gradient, epsilon: shape.epsilon)
        } else {
            self = .layer(Normalization(store, name, epsilon: shape.epsilon))
        }
    }

    var isTrained: Bool {
        switch self {
        case .rootMeanSquare(_, let gradient, _): gradient != nil
        case .layer(let norm): norm.gammaGradient != nil
        }
    }

    /// output = norm(x); rows × H both.
    func forward(_ x: Matrix, into output: Matrix, trace: Trace?, workers: WorkerPool) {
        switch self {
        case .rootMeanSquare(let gamma, _, let epsilon):
            workers.rmsNormalize(
                x, gamma: gamma, epsilon: epsilon, into: output, inverseRoot: trace?.inverse)
        case .layer(let norm):
            norm.forward(
                x, bias: nil, residual: nil, into: output, trace: trace?.layer, dropout: nil,
                site: 0, workers: workers)
        }
    }

    /// Adds the gradient of x to `dx`, and those of the norm's weights; `gradient` is overwritten.
    func backward(
        _ gradient: Matrix, x: Matrix, trace: Trace, addingTo dx: Matrix, workers: WorkerPool
    ) {
        switch self {
        case .rootMeanSquare(let gamma, let gammaGradient, _):
            workers.rmsNormalizeBackward(
                output: gradient, x: x, inverseRoot: trace.inverse, gamma: gamma, into: dx,
                adding: true, gammaGradient: gammaGradient)
        case .layer(let norm):
            guard let layer = trace.layer else { preconditionFailure("no trace was kept") }
            norm.backward(gradient, trace: layer, workers: workers)
            workers.addRows(gradient, to: dx)
        }
    }
}
