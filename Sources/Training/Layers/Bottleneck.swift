import Kernels

/// A bottleneck adapter (Houlsby et al. 2019): h + f(h W₁ᵀ + b₁) W₂ᵀ + b₂, r wide in the middle.
///
/// It stands behind a sublayer's last linear layer, before the residual sum. W₂ and b₂ begin at
/// zero, so that the model begins as it was.
struct Bottleneck {
    /// r × H
    let down: Linear
    /// H × r
    let up: Linear
    let activation: TrainingConfiguration.AdapterActivation

    /// What one adapter computes.
    struct Trace {
        /// Its input h, R × H
        let input: Matrix
        /// After the activation, R × r
        let hidden: Matrix
        /// The activation's slope, R × r
        let slope: Matrix

        init(_ arena: inout Arena, rows: Int, hidden width: Int, bottleneck: Int) {
            input = arena.matrix(rows, width)
            hidden = arena.matrix(rows, bottleneck)
            slope = arena.matrix(rows, bottleneck)
        }
    }

    var linears: [Linear] { [down, up] }

    /// Adds the adapter's part to h (R × H), in place.
    func forward(_ h: Matrix, trace: Trace, pass: Pass) {
        let workers = pass.workers
        let count = h.rows * h.columns
        trace.input.floats.slice(0, count).copy(from: h.floats.slice(0, count))
        down.forward(
            trace.input, into: trace.hidden, addsBias: false, pass: pass, keys: [], scratch: nil)
        if let bias = down.bias {
            switch activation {
            case .relu: workers.biasReLU(trace.hidden, bias: bias)
            case .gelu:
                workers.biasGELU(
                    trace.hidden, bias: bias, into: trace.hidden, slope: trace.slope)
            }
        }
        if case .dense(let weight, _) = up.weight {
            workers.multiply(trace.hidden, weight, transposingSecond: true, into: h, beta: 1)
        }
        if let bias = up.bias { workers.addBias(bias, to: h) }
    }

    /// Turns the gradient of the output into that of h, in place; adds those of the weights.
    ///
    /// - Parameter scratch: R × r floats.
    func backward(_ gradient: Matrix, trace: Trace, scratch: Floats, pass: Pass) {
        let workers = pass.workers
        let inner = scratch.slice(0, trace.hidden.rows * trace.hidden.columns)
            .matrix(trace.hidden.rows, trace.hidden.columns)
        up.backward(
            output: gradient, x: trace.hidden, into: inner, pass: pass, keys: [], scratch: nil)
        let count = inner.rows * inner.columns
        switch activation {
        case .relu: workers.reluBackward(inner.floats, output: trace.hidden.floats.slice(0, count))
        case .gelu: workers.multiply(inner.floats, by: trace.slope.floats.slice(0, count))
        }
        down.backward(
            output: inner, x: trace.input, into: gradient, adding: true, pass: pass, keys: [],
            scratch: nil)
    }
}
