internal import CKernels

// Rows are shared out in eights; small matrices stay on the caller's thread.
private let rowGrain = 8
private let smallCount = 16384

extension WorkerPool {
    func splitRows(_ matrix: Matrix, _ body: (_ rows: Range<Int>) -> Void) {
        let isSmall = matrix.rows * matrix.columns < smallCount
        split(matrix.rows, grain: rowGrain, serial: isSmall ? .max : 0, body)
    }

    /// x[r, c] += bias[c]
    public func addBias(_ bias: Floats, to x: Matrix) {
        precondition(bias.count == x.columns)
        splitRows(x) { rows in
            let part = x.rows(rows.lowerBound, rows.count)
            unsafe ck_add_bias(part.pointer, part.stride, bias.pointer, part.rows, part.columns)
        }
    }

    /// x += y, element by element.
    public func add(_ y: Floats, to x: Floats) {
        precondition(x.count == y.count)
        split(x.count, grain: 1024, serial: smallCount) { range in
            unsafe ck_add(
                x.pointer + range.lowerBound, y.pointer + range.lowerBound, range.count)
        }
    }

    /// x *= y, element by element.
    public func multiply(_ x: Floats, by y: Floats) {
        precondition(x.count == y.count)
        split(x.count, grain: 1024, serial: smallCount) { range in
            unsafe ck_multiply(
                x.pointer + range.lowerBound, y.pointer + range.lowerBound, range.count)
        }
    }

    /// output = GELU(x + bias) and, where a slope is wanted, slope = GELU'(x + bias), so that the
    /// backward pass is one product. `output` may be `x`. All are contiguous and of one shape.
    public func biasGELU(_ x: Matrix, bias: Floats, into output: Matrix, slope: Matrix?) {
        precondition(x.isContiguous && output.isContiguous && slope?.isContiguous != false)
        precondition(bias.count == x.columns && output.rows == x.rows)
        precondition(output.columns == x.columns)
        precondition(slope.map { $0.rows == x.rows && $0.columns == x.columns } ?? true)
        splitRows(x) { rows in
            let start = rows.lowerBound * x.columns
            unsafe ck_bias_gelu(
                output.pointer + start, slope.map { unsafe $0.pointer + start }, x.pointer + start,
                bias.pointer, rows.count, x.columns)
        }
    }

    /// x = tanh(x + bias), in place.
    public func biasTanh(_ x: Matrix, bias: Floats) {
        precondition(x.isContiguous && bias.count == x.columns)
        unsafe ck_bias_tanh(x.pointer, bias.pointer, x.rows, x.columns)
    }

    /// gradient *= 1 − y², the gradient through y = tanh(x).
    public func tanhBackward(_ gradient: Floats, output y: Floats) {
        precondition(gradient.count == y.count)
        unsafe ck_tanh_backward(gradient.pointer, gradient.pointer, y.pointer, y.count)
    }

    /// output = x with elements dropped and the rest scaled by 1/(1 − p). `output` may be `x`.
    /// Applying it to a gradient is its own backward pass.
    public func dropout(_ x: Matrix, into output: Matrix, _ dropout: Dropout, site: UInt32) {
        precondition(x.isContiguous && output.isContiguous && dropout.keys.count >= x.rows)
        precondition(x.rows == output.rows && x.columns == output.columns)
        splitRows(x) { rows in
            let start = rows.lowerBound * x.columns
            unsafe dropout.keys.withUnsafeBufferPointer { keys in
                guard let keys = keys.baseAddress else { return }
                unsafe ck_dropout(
                    output.pointer + start, x.pointer + start, rows.count, x.columns,
                    keys + rows.lowerBound, site, dropout.probability)
            }
        }
    }

    /// output[r, :] = x[indexes[r], :]
    public func gatherRows(_ indexes: [Int32], of x: Matrix, into output: Matrix) {
        precondition(output.isContiguous && output.columns == x.columns)
        precondition(indexes.count == output.rows)
        precondition(indexes.allSatisfy { $0 >= 0 && $0 < x.rows }, "row index out of range")
        unsafe ck_gather_rows(
            output.pointer, x.pointer, x.stride, indexes, output.rows, output.columns)
    }

    /// output[r, :] = a[ia[r], :] + b[ib[r], :] + c[ic[r], :]: the sum of three embeddings.
    public func sumRows(
        _ a: Matrix, _ ia: [Int32], _ b: Matrix, _ ib: [Int32], _ c: Matrix, _ ic: [Int32],
        into output: Matrix
    ) {
        for (table, indexes) in [(a, ia), (b, ib), (c, ic)] {
            precondition(table.isContiguous && table.columns == output.columns)
            precondition(indexes.count == output.rows)
            precondition(indexes.allSatisfy { $0 >= 0 && $0 < table.rows }, "index out of range")
        }
        precondition(output.isContiguous)
        unsafe ck_sum_rows(
            output.pointer, a.pointer, ia, b.pointer, ib, c.pointer, ic, output.rows,
            output.columns)
    }

    /// x[indexes[r], :] += y[r, :], rows in order (an index may come more than once).
    public func scatterAddRows(_ y: Matrix, at indexes: [Int32], to x: Matrix) {
        precondition(y.isContiguous && y.columns == x.columns && indexes.count == y.rows)
        precondition(indexes.allSatisfy { $0 >= 0 && $0 < x.rows }, "row index out of range")
        unsafe ck_scatter_add_rows(x.pointer, x.stride, y.pointer, indexes, y.rows, y.columns)
    }

    /// sums[c] += Σ x[r, c]: the gradient of a bias.
    public func addColumnSums(of x: Matrix, to sums: Floats) {
        precondition(sums.count == x.columns)
        split(x.columns, grain: 16, serial: x.rows * x.columns < smallCount ? .max : 0) { range in
            unsafe ck_column_sums(
                sums.pointer + range.lowerBound, x.pointer + range.lowerBound, x.stride, x.rows,
                range.count)
        }
    }
}
