internal import CKernels

/// How products are cut up for the packed kernel of `CKernels/gemm.c`.
///
/// Sums over k are cut into runs of equal length, so that a panel of either operand fits a cache;
/// where the cuts lie depends on k alone. An element of a product therefore has the same bits
/// whatever thread computes it, and on any number of threads.
enum Panels {
    /// Lines of a panel of the first operand.
    static let rows = Int(ck_gemm_rows)
    /// Lines of a panel of the second operand.
    static let columns = Int(ck_gemm_columns)
    /// The longest run of k.
    static let longestRun = 576
    /// Rows of the first operand that are packed at once: a third of a second cache.
    static let rowBlock = 10 * rows
    /// Columns of the second operand that are packed at once.
    static let columnBlock = 96 * columns

    /// Floats of scratch for one thread's rows.
    static let rowScratch = rowBlock * longestRun
    /// Floats of scratch for the columns, which threads share.
    static let columnScratch = columnBlock * longestRun

    /// The instruction set the kernel is compiled for: 4 is AVX-512, 3 AVX2, 0 what every processor
    /// of its kind has.
    static let level = ck_processor_level()

    /// `count` rounded up to whole panels of `width` lines.
    static func padded(_ count: Int, _ width: Int) -> Int {
        (count + width - 1) / width * width
    }

    /// The runs that 0 ..< k is cut into.
    static func runs(_ k: Int) -> [Range<Int>] {
        let count = max(1, (k + longestRun - 1) / longestRun)
        let length = max(1, padded((k + count - 1) / count, 8))
        return stride(from: 0, to: k, by: length).map { $0..<min(k, $0 + length) }
    }
}

/// The second operand of a product, `count` lines of `length` elements, which packs itself.
protocol PanelSource {
    var count: Int { get }
    var length: Int { get }

    /// Packs the elements `run` of the lines `lines` into panels of ``Panels/columns`` lines. There
    /// are ``Panels/rowScratch`` floats of scratch.
    func pack(_ lines: Range<Int>, _ run: Range<Int>, into panels: Floats, scratch: Floats)
}

/// An operand as a product reads it: `count` lines of `length` elements, which are the rows of a
/// matrix or its columns.
struct Lines: PanelSource {
    let matrix: Matrix
    let areRows: Bool

    var count: Int { areRows ? matrix.rows : matrix.columns }
    var length: Int { areRows ? matrix.columns : matrix.rows }

    func pack(_ lines: Range<Int>, _ run: Range<Int>, into panels: Floats, scratch: Floats) {
        pack(lines, run, into: panels, width: Panels.columns)
    }

    /// Packs the elements `run` of the lines `lines` into panels of `width` lines.
    func pack(_ lines: Range<Int>, _ run: Range<Int>, into panels: Floats, width: Int) {
        precondition(lines.upperBound <= count && run.upperBound <= length)
        precondition(panels.count >= Panels.padded(lines.count, width) * run.count)
        let line = areRows ? matrix.stride : 1
        let step = areRows ? 1 : matrix.stride
        let start = unsafe matrix.pointer + lines.lowerBound * line + run.lowerBound * step
        unsafe ck_gemm_pack(
            panels.pointer, start, line, step, lines.count, run.count, width)
    }
}

extension WorkerPool {
    /// c[rows, columns] = alpha · a · bᵀ + beta · c over one run of k, where `panels` holds the
    /// `columns` of b; rows of `a` are packed here, into the scratch of `part`.
    func multiplyPanels(
        _ part: Int, _ a: Lines, _ rows: Range<Int>, _ panels: Floats, _ columns: Range<Int>,
        run: Range<Int>, into c: Matrix, alpha: Float, beta: Float, level: Int32
    ) {
        precondition(rows.upperBound <= c.rows && columns.upperBound <= c.columns)
        precondition(panels.count >= Panels.padded(columns.count, Panels.columns) * run.count)
        let scratch = rowScratch(part)
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Panels.rowBlock) {
            let block = first..<min(rows.upperBound, first + Panels.rowBlock)
            a.pack(block, run, into: scratch, width: Panels.rows)
            unsafe ck_gemm_multiply(
                level, c.pointer + first * c.stride + columns.lowerBound, c.stride,
                scratch.pointer, panels.pointer, block.count, columns.count, run.count, alpha,
                run.lowerBound == 0 ? beta : 1)
        }
    }

    /// c = alpha · a · bᵀ + beta · c for a of m lines, b of n lines, both packed on the way: threads
    /// pack a stretch of b together, and then multiply with it.
    func multiplyPacking(
        _ a: Lines, _ b: some PanelSource, into c: Matrix, alpha: Float, beta: Float,
        level: Int32 = Panels.level
    ) {
        precondition(a.length == b.length && c.rows == a.count && c.columns == b.count)
        for run in Panels.runs(a.length) {
            for first in stride(from: 0, to: b.count, by: Panels.columnBlock) {
                let columns = first..<min(b.count, first + Panels.columnBlock)
                let panels = columnScratch
                splitParts(columns.count, grain: Panels.columns) { part, range in
                    b.pack(
                        first + range.lowerBound..<first + range.upperBound, run,
                        into: panels.panels(range, run), scratch: rowScratch(part))
                }
                split(rows: a.count, columns: columns.count) { part, rows, range in
                    multiplyPanels(
                        part, a, rows, panels.panels(range, run),
                        first + range.lowerBound..<first + range.upperBound, run: run, into: c,
                        alpha: alpha, beta: beta, level: level)
                }
            }
        }
    }

    /// Shares out a product by rows, or by columns if there are too few rows for all threads.
    func split(
        rows: Int, columns: Int, serial: Int = 0,
        _ body: (_ part: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void
    ) {
        if rows >= 2 * threadCount * Panels.rows {
            splitParts(rows, grain: Panels.rows, serial: serial) { body($0, $1, 0..<columns) }
        } else {
            splitParts(columns, grain: Panels.columns, serial: serial) { body($0, 0..<rows, $1) }
        }
    }
}

extension Floats {
    /// The panels of `columns`, which start a panel, where these are the panels from column 0 on
    /// over one run of k.
    func panels(_ columns: Range<Int>, _ run: Range<Int>) -> Floats {
        slice(
            columns.lowerBound * run.count,
            Panels.padded(columns.count, Panels.columns) * run.count)
    }
}
