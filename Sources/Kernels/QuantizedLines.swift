internal import CKernels

/// A quantised matrix as the second operand of a product: its rows, or its columns. What is packed
/// is decoded first, a few rows at a time.
struct QuantizedLines: PanelSource {
    let matrix: QuantizedMatrix
    let areRows: Bool

    var count: Int { areRows ? matrix.rows : matrix.columns }
    var length: Int { areRows ? matrix.columns : matrix.rows }

    func pack(_ lines: Range<Int>, _ run: Range<Int>, into panels: Floats, scratch: Floats) {
        precondition(lines.upperBound <= count && run.upperBound <= length)
        precondition(panels.count >= Panels.padded(lines.count, Panels.columns) * run.count)
        if areRows {
            packRows(lines, run, into: panels, scratch)
        } else {
            packColumns(lines, run, into: panels, scratch)
        }
    }

    /// Decodes the rows of one panel after the other, out to whole blocks on both sides of the run.
    private func packRows(
        _ rows: Range<Int>, _ run: Range<Int>, into panels: Floats, _ scratch: Floats
    ) {
        let width = Panels.columns
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: width) {
            let part = first..<min(rows.upperBound, first + width)
            let decoded = decode(part, run, into: scratch)
            unsafe ck_gemm_pack(
                panels.pointer + (first - rows.lowerBound) * run.count, decoded.pointer,
                decoded.stride, 1, part.count, run.count, width)
        }
    }

    /// Decodes pieces of some columns and as many rows as there is room for; each panel of columns
    /// takes its own out of them.
    private func packColumns(
        _ columns: Range<Int>, _ run: Range<Int>, into panels: Floats, _ scratch: Floats
    ) {
        let width = Panels.columns, pieceWidth = 8 * width
        let height = scratch.count / (pieceWidth + 2 * matrix.blockElements)
        for first in stride(from: columns.lowerBound, to: columns.upperBound, by: pieceWidth) {
            let piece = first..<min(columns.upperBound, first + pieceWidth)
            for row in stride(from: run.lowerBound, to: run.upperBound, by: height) {
                let rows = row..<min(run.upperBound, row + height)
                let decoded = decode(rows, piece, into: scratch)
                for column in stride(from: 0, to: piece.count, by: width) {
                    let start =
                        (first - columns.lowerBound + column) * run.count
                        + (row - run.lowerBound) * width
                    unsafe ck_gemm_pack(
                        panels.pointer + start, decoded.pointer + column, 1, decoded.stride,
                        min(width, piece.count - column), rows.count, width)
                }
            }
        }
    }

    /// `columns` of `rows`, decoded into `scratch`.
    private func decode(
        _ rows: Range<Int>, _ columns: Range<Int>, into scratch: Floats
    ) -> Matrix {
        let size = matrix.blockElements
        let blocks = columns.lowerBound / size..<(columns.upperBound + size - 1) / size
        let stride = blocks.count * size
        for (index, row) in rows.enumerated() {
            matrix.decode(row, blocks, into: scratch.slice(index * stride, stride))
        }
        let start = columns.lowerBound - blocks.lowerBound * size
        return Matrix(
            floats: scratch.slice(start, rows.count * stride - start), rows: rows.count,
            columns: columns.count, stride: stride)
    }
}

extension WorkerPool {
    /// c = x · Wᵀ + beta · c (`transposingSecond`) or c = x · W + beta · c for a quantised W.
    ///
    /// Threads decode W together, a stretch of columns of c at a time, into scratch of a few
    /// megabytes that the pool keeps; each number of W is decoded once for each product.
    public func multiply(
        _ x: Matrix, _ w: QuantizedMatrix, transposingSecond: Bool, into c: Matrix, beta: Float = 0
    ) {
        let lines = QuantizedLines(matrix: w, areRows: transposingSecond)
        precondition(x.columns == lines.length, "columns of x and W do not fit")
        precondition(c.rows == x.rows && c.columns == lines.count, "c has another shape")
        guard c.rows > 0, c.columns > 0 else { return }
        multiplyPacking(
            Lines(matrix: x, areRows: true), lines, into: c, alpha: 1, beta: beta)
    }

    /// output[r, :] = w[indexes[r], :], decoded.
    public func gatherRows(_ indexes: [Int32], of w: QuantizedMatrix, into output: Matrix) {
        precondition(output.columns == w.columns && indexes.count == output.rows)
        precondition(indexes.allSatisfy { $0 >= 0 && $0 < w.rows }, "row index out of range")
        splitRows(output) { rows in
            for row in rows {
                let index = Int(indexes[row])
                w.dequantize(rows: index..<index + 1, into: output.rows(row, 1))
            }
        }
    }
}
