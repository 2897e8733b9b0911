internal import CKernels
internal import COpenBLAS

extension WorkerPool {
    /// c = alpha · op(a) · op(b) + beta · c, where op transposes if asked to.
    ///
    /// Shapes after op: a is m × k, b is k × n, c is m × n; a mismatch stops the program. c must
    /// not overlap a or b.
    ///
    /// Large products run on the kernel of `CKernels/gemm.c` where it is faster than OpenBLAS,
    /// which is on processors with AVX-512; products of a few rows with Wᵀ on that of `dots.c`; all
    /// others on OpenBLAS.
    ///
    /// - Complexity: 2mnk floating-point operations, shared out by rows of c, or by its columns if
    ///   there are few rows.
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
        if Panels.level == 4 && isWorthPacking(rows: c.rows, columns: c.columns, k: k) {
            multiplyPacking(
                Lines(matrix: a, areRows: !transposeA), Lines(matrix: b, areRows: transposeB),
                into: c, alpha: alpha, beta: beta)
            return
        }
        let work = c.rows * c.columns * k
        if c.rows <= 8, !transposeA, transposeB, Panels.level >= 3 {
            split(c.columns, grain: 16, serial: work < 1 << 17 ? .max : 0) { range in
                let rows = b.rows(range.lowerBound, range.count)
                unsafe ck_dot_rows(
                    c.pointer + range.lowerBound, c.stride, a.pointer, a.stride, rows.pointer,
                    rows.stride, c.rows, range.count, k, alpha, beta)
            }
            return
        }
        let sharesColumns = c.rows < 8 * threadCount && c.columns > c.rows
        split(
            sharesColumns ? c.columns : c.rows, grain: sharesColumns ? 16 : 8,
            serial: work < 1 << 17 ? .max : 0
        ) { range in
            let (first, count) = (range.lowerBound, range.count)
            if sharesColumns {
                multiplySerially(
                    a, transposed: transposeA,
                    transposeB ? b.rows(first, count) : b.columns(first, count),
                    transposed: transposeB, into: c.columns(first, count), alpha: alpha, beta: beta)
            } else {
                multiplySerially(
                    transposeA ? a.columns(first, count) : a.rows(first, count),
                    transposed: transposeA, b, transposed: transposeB, into: c.rows(first, count),
                    alpha: alpha, beta: beta)
            }
        }
    }

    /// Below these sizes packing costs more than it gains, or leaves panels half empty.
    private func isWorthPacking(rows: Int, columns: Int, k: Int) -> Bool {
        rows >= 24 && columns >= 32 && k >= 32 && rows * columns * k >= 1 << 20
    }

    /// The same by OpenBLAS on the calling thread alone; for use inside ``run(_:)``.
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
