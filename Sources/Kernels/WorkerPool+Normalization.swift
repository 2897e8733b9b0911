internal import CKernels

/// What a layer normalisation keeps for its backward pass.
public struct NormalizationTrace: Sendable {
    /// The normalised input, rows × columns.
    public let normalized: Matrix
    /// 1 / standard deviation of each row.
    public let inverseDeviation: Floats

    /// Room for `normalized.rows` rows.
    public init(normalized: Matrix, inverseDeviation: Floats) {
        precondition(normalized.isContiguous && inverseDeviation.count >= normalized.rows)
        self.normalized = normalized
        self.inverseDeviation = inverseDeviation
    }
}

extension WorkerPool {
    /// output = LayerNorm(residual + dropout(x + bias)) · gamma + beta (Ba, Kiros, Hinton 2016).
    ///
    /// All matrices are contiguous, rows × columns. `output` may be `x`, not `residual`; without a
    /// trace nothing is kept for the backward pass.
    public func normalize(
        _ x: Matrix, bias: Floats? = nil, residual: Matrix? = nil, gamma: Floats, beta: Floats,
        epsilon: Float, into output: Matrix, trace: NormalizationTrace? = nil,
        dropout: Dropout? = nil, site: UInt32 = 0
    ) {
        let columns = x.columns
        precondition(x.isContiguous && output.isContiguous && residual?.isContiguous != false)
        precondition(output.rows == x.rows && output.columns == columns)
        precondition(residual.map { $0.rows == x.rows && $0.columns == columns } ?? true)
        precondition(gamma.count == columns && beta.count == columns)
        precondition(bias.map { $0.count == columns } ?? true)
        precondition(
            trace.map { $0.normalized.rows == x.rows && $0.normalized.columns == columns } ?? true)
        precondition(dropout.map { $0.keys.count >= x.rows && bias != nil } ?? true)
        precondition(dropout == nil || residual != nil, "dropout stands before a residual")
        splitRows(x) { rows in
            let first = rows.lowerBound, start = first * columns
            let call = { (keys: UnsafePointer<UInt32>?) in
                unsafe ck_norm_forward(
                    output.pointer + start, trace.map { unsafe $0.normalized.pointer + start },
                    trace.map { unsafe $0.inverseDeviation.pointer + first }, x.pointer + start,
                    bias.map { unsafe UnsafePointer($0.pointer) },
                    residual.map { unsafe UnsafePointer($0.pointer + start) }, gamma.pointer,
                    beta.pointer, rows.count, columns, epsilon, keys, site,
                    dropout?.probability ?? 0)
            }
            if let dropout {
                unsafe dropout.keys.withUnsafeBufferPointer { keys in
                    unsafe call(keys.baseAddress.map { unsafe $0 + first })
                }
            } else {
                call(nil)
            }
        }
    }

    /// The gradient of the sum that ``normalize(_:bias:residual:gamma:beta:epsilon:into:trace:dropout:site:)``
    /// normalised, into `input`, which may be `output`; the gradients of gamma and beta are added.
    public func normalizeBackward(
        output gradient: Matrix, trace: NormalizationTrace, gamma: Floats, into input: Matrix,
        gammaGradient: Floats?, betaGradient: Floats?
    ) {
        let columns = gradient.columns, rows = gradient.rows
        precondition(gradient.isContiguous && input.isContiguous)
        precondition(input.rows == rows && input.columns == columns && gamma.count == columns)
        precondition(trace.normalized.rows == rows && trace.normalized.columns == columns)
        if let gammaGradient, let betaGradient {
            precondition(gammaGradient.count == columns && betaGradient.count == columns)
            split(columns, grain: 16) { range in
                let first = range.lowerBound
                unsafe ck_norm_parameters(
                    gammaGradient.pointer + first, betaGradient.pointer + first,
                    gradient.pointer + first, trace.normalized.pointer + first, columns, rows,
                    range.count)
            }
        }
        splitRows(gradient) { range in
            let first = range.lowerBound, start = first * columns
            unsafe ck_norm_backward(
                input.pointer + start, gradient.pointer + start,
                trace.normalized.pointer + start, trace.inverseDeviation.pointer + first,
                gamma.pointer, range.count, columns)
        }
    }
}
