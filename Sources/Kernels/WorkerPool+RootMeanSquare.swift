internal import CKernels

extension WorkerPool {
    /// output = x / √(mean x² + epsilon) · gamma for each row (Zhang and Sennrich 2019).
    ///
    /// x and output are contiguous, rows × columns; output may be x.
    ///
    /// - Parameter inverseRoot: 1 / √(mean x² + epsilon) of each row, kept for the backward pass.
    public func rmsNormalize(
        _ x: Matrix, gamma: Floats, epsilon: Float, into output: Matrix, inverseRoot: Floats?
    ) {
        let columns = x.columns
        precondition(x.isContiguous && output.isContiguous && gamma.count == columns)
        precondition(output.rows == x.rows && output.columns == columns)
        precondition(inverseRoot.map { $0.count >= x.rows } ?? true)
        splitRows(x) { rows in
            let first = rows.lowerBound, start = first * columns
            unsafe ck_rms_forward(
                output.pointer + start, inverseRoot.map { unsafe $0.pointer + first },
                x.pointer + start, gamma.pointer, rows.count, columns, epsilon)
        }
    }

    /// The gradient of the `x` that ``rmsNormalize(_:gamma:epsilon:into:inverseRoot:)`` normalised,
    /// written to `dx` or added to it; the gradient of gamma is added.
    ///
    /// All matrices are contiguous, rows × columns. `dx` may be `gradient` unless it is added to.
    public func rmsNormalizeBackward(
        output gradient: Matrix, x: Matrix, inverseRoot: Floats, gamma: Floats, into dx: Matrix,
        adding: Bool, gammaGradient: Floats?
    ) {
        let columns = x.columns, rows = x.rows
        precondition(gradient.isContiguous && x.isContiguous && dx.isContiguous)
        precondition(gradient.rows == rows && gradient.columns == columns)
        precondition(dx.rows == rows && dx.columns == columns && gamma.count == columns)
        precondition(inverseRoot.count >= rows)
        if let gammaGradient {
            precondition(gammaGradient.count == columns)
            split(columns, grain: 16) { range in
                let first = range.lowerBound
                unsafe ck_rms_parameters(
                    gammaGradient.pointer + first, gradient.pointer + first, x.pointer + first,
                    inverseRoot.pointer, columns, rows, range.count)
            }
        }
        splitRows(x) { range in
            let first = range.lowerBound, start = first * columns
            unsafe ck_rms_backward(
                dx.pointer + start, gradient.pointer + start, x.pointer + start,
                inverseRoot.pointer + first, gamma.pointer, range.count, columns, adding)
        }
    }
}
