internal import CKernels

extension WorkerPool {
    /// output[r, :] = a[ia[r], :] + b[ib[r], :]: the sum of two embeddings.
    public func sumRows(
        _ a: Matrix, _ ia: [Int32], _ b: Matrix, _ ib: [Int32], into output: Matrix
    ) {
        for (table, indexes) in [(a, ia), (b, ib)] {
            precondition(table.isContiguous && table.columns == output.columns)
            precondition(indexes.count == output.rows)
            precondition(indexes.allSatisfy { $0 >= 0 && $0 < table.rows }, "index out of range")
        }
        precondition(output.isContiguous)
        unsafe ck_sum_two_rows(
            output.pointer, a.pointer, ia, b.pointer, ib, output.rows, output.columns)
    }

    /// x[r, :] += y[r, :], any strides.
    public func addRows(_ y: Matrix, to x: Matrix) {
        precondition(x.rows == y.rows && x.columns == y.columns)
        splitRows(x) { rows in
            unsafe ck_add_rows(
                x.pointer + rows.lowerBound * x.stride, x.stride,
                y.pointer + rows.lowerBound * y.stride, y.stride, rows.count, x.columns)
        }
    }

    /// sum += factor · x, element by element.
    public func addScaled(_ x: Floats, by factor: Float, to sum: Floats) {
        precondition(x.count == sum.count)
        split(x.count, grain: 1024, serial: 16384) { range in
            unsafe ck_add_scaled(
                sum.pointer + range.lowerBound, x.pointer + range.lowerBound, factor, range.count)
        }
    }

    /// norms[r] = √Σ x[r, c]²
    public func rowNorms(_ x: Matrix, into norms: Floats) {
        precondition(norms.count == x.rows)
        splitRows(x) { rows in
            unsafe ck_row_norms(
                norms.pointer + rows.lowerBound, x.pointer + rows.lowerBound * x.stride, x.stride,
                rows.count, x.columns)
        }
    }

    /// x[r, c] *= factors[r]
    public func scaleRows(_ x: Matrix, by factors: Floats) {
        precondition(factors.count == x.rows)
        splitRows(x) { rows in
            unsafe ck_scale_rows(
                x.pointer + rows.lowerBound * x.stride, x.stride, factors.pointer + rows.lowerBound,
                rows.count, x.columns)
        }
    }

    /// output[r, c] = x[r, c] · factors[c]
    public func scaleColumns(_ x: Matrix, by factors: Floats, into output: Matrix) {
        precondition(factors.count == x.columns)
        precondition(output.rows == x.rows && output.columns == x.columns)
        splitRows(x) { rows in
            unsafe ck_scale_columns(
                output.pointer + rows.lowerBound * output.stride, output.stride,
                x.pointer + rows.lowerBound * x.stride, x.stride, factors.pointer, rows.count,
                x.columns)
        }
    }

    /// sums[c] += Σ x[r, c] · y[r, c] / divisors[c]
    public func addColumnProducts(
        of x: Matrix, and y: Matrix, dividedBy divisors: Floats, to sums: Floats
    ) {
        precondition(x.rows == y.rows && x.columns == y.columns)
        precondition(sums.count == x.columns && divisors.count == x.columns)
        split(x.columns, grain: 16) { range in
            let first = range.lowerBound
            unsafe ck_column_products(
                sums.pointer + first, divisors.pointer + first, x.pointer + first, x.stride,
                y.pointer + first, y.stride, x.rows, range.count)
        }
    }
}
