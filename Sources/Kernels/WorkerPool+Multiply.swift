internal import COpenBLAS

extension WorkerPool {
    /// c = alpha · op(a) · op(b) + beta · c, where op transposes if asked to.
    ///
    /// Shapes after op: a is m × k, b is k × n, c is m × n; a mismatch stops the program. c must
    /// not overlap a or b.
    ///
    /// - Complexity: 2mnk floating-point operations, shared out by rows of c.
    public func multiply(
        _ a: Matrix, _ b: Matrix, transposingFirst transposeA: Bool = false,
        transposingSecond transposeB: Bool = false, into c: Matrix, alpha: Float = 1,
        beta: Float = 0
    ) {
        let k = transposeA ? a.rows : a.columns
        precondition(c.rows == (transposeA ? a.columns : a.rows), "rows of a and c differ")
        precondition(c.columns == (transposeB ? b.rows : b.columns), "columns of b and c differ")
        precondition(k == (transposeB ? b.columns : b.rows), "columns of a and rows of b differ")
        guard c.rows > 0, c.columns > 0 else { return }
        let work = c.rows * c.columns * k
        split(c.rows, grain: 8, serial: work < 1 << 17 ? .max : 0) { range in
            let rows =
                transposeA
                ? a.columns(range.lowerBound, range.count)
                : a.rows(range.lowerBound, range.count)
            multiplySerially(
                rows, transposed: transposeA, b, transposed: transposeB,
                into: c.rows(range.lowerBound, range.count), alpha: alpha, beta: beta)
        }
    }

    /// The same on the calling thread alone; for use inside ``run(_:)``.
    func multiplySerially(
        _ a: Matrix, transposed transposeA: Bool, _ b: Matrix, transposed transposeB: Bool,
        into c: Matrix, alpha: Float, beta: Float
    ) {
        unsafe cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, blasint(c.rows), blasint(c.columns),
            blasint(transposeA ? a.rows : a.columns), alpha, a.pointer, blasint(max(1, a.stride)),
            b.pointer, blasint(max(1, b.stride)), beta, c.pointer, blasint(max(1, c.stride)))
    }
}
