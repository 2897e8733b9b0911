internal import CKernels

extension WorkerPool {
    /// activation = silu(gate) · up (SwiGLU, Shazeer 2020).
    ///
    /// - Parameters:
    ///   - gateUp: rows × 2F, the gate's F columns first.
    ///   - activation: rows × F
    public func swiGLU(_ gateUp: Matrix, into activation: Matrix) {
        precondition(gateUp.rows == activation.rows && gateUp.columns == 2 * activation.columns)
        splitRows(gateUp) { rows in
            let x = gateUp.rows(rows.lowerBound, rows.count)
            let y = activation.rows(rows.lowerBound, rows.count)
            unsafe ck_swiglu(y.pointer, y.stride, x.pointer, x.stride, y.rows, y.columns)
        }
    }

    /// The gradient of `gateUp` (rows × 2F) from that of the activation (rows × F), into `input`,
    /// which may be `gateUp`.
    public func swiGLUBackward(output gradient: Matrix, gateUp: Matrix, into input: Matrix) {
        precondition(gateUp.rows == gradient.rows && gateUp.columns == 2 * gradient.columns)
        precondition(input.rows == gateUp.rows && input.columns == gateUp.columns)
        splitRows(gateUp) { rows in
            let x = gateUp.rows(rows.lowerBound, rows.count)
            let dy = gradient.rows(rows.lowerBound, rows.count)
            let dx = input.rows(rows.lowerBound, rows.count)
            unsafe ck_swiglu_backward(
                dx.pointer, dx.stride, dy.pointer, dy.stride, x.pointer, x.stride, dy.rows,
                dy.columns)
        }
    }

    /// GELU in its approximation by tanh (GPT-2's `gelu_new`) of x + bias, and its slope where one
    /// is wanted; otherwise as ``biasGELU(_:bias:into:slope:)``.
    public func biasGELUTanh(
        _ x: Matrix, bias: Floats, into activation: Matrix, slope: Matrix?
    ) {
        precondition(x.isContiguous && activation.isContiguous && slope?.isContiguous != false)
        precondition(bias.count == x.columns && activation.rows == x.rows)
        precondition(activation.columns == x.columns)
        precondition(slope.map { $0.rows == x.rows && $0.columns == x.columns } ?? true)
        splitRows(x) { rows in
            let start = rows.lowerBound * x.columns
            unsafe ck_bias_gelu_tanh(
                activation.pointer + start, slope.map { unsafe $0.pointer + start },
                x.pointer + start, bias.pointer, rows.count, x.columns)
        }
    }

    /// x = max(0, x + bias), in place.
    public func biasReLU(_ x: Matrix, bias: Floats?) {
        precondition(bias.map { $0.count == x.columns } ?? true)
        splitRows(x) { rows in
            let part = x.rows(rows.lowerBound, rows.count)
            unsafe ck_bias_relu(
                part.pointer, part.stride, bias.map { unsafe UnsafePointer($0.pointer) },
                part.rows, part.columns)
        }
    }

    /// gradient = 0 where y = max(0, x) is: the gradient through ``biasReLU(_:bias:)``, in place.
    public func reluBackward(_ gradient: Floats, output y: Floats) {
        precondition(gradient.count == y.count)
        split(gradient.count, grain: 1024, serial: 16384) { range in
            unsafe ck_relu_backward(
                gradient.pointer + range.lowerBound, y.pointer + range.lowerBound, range.count)
        }
    }
}
