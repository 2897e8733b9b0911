/// A row-major matrix over a run of floats; `stride` elements lie between the starts of two rows.
public struct Matrix: Sendable {
    /// The elements, from the first row's first on.
    public let floats: Floats
    /// Rows.
    public let rows: Int
    /// Columns.
    public let columns: Int
    /// Elements between two rows; at least `columns`.
    public let stride: Int

    /// A matrix over `floats`, which must reach to the end of the last row.
    public init(floats: Floats, rows: Int, columns: Int, stride: Int) {
        precondition(rows >= 0 && columns >= 0 && stride >= columns, "not a matrix")
        precondition(
            rows == 0 || (rows - 1) * stride + columns <= floats.count, "matrix out of range")
        self.floats = floats
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// `count` rows from `first` on.
    public func rows(_ first: Int, _ count: Int) -> Matrix {
        precondition(first >= 0 && count >= 0 && first + count <= rows, "rows out of range")
        let start = min(first * stride, floats.count)
        return Matrix(
            floats: floats.slice(start, floats.count - start), rows: count, columns: columns,
            stride: stride)
    }

    /// `count` columns from `first` on, of every row.
    public func columns(_ first: Int, _ count: Int) -> Matrix {
        precondition(first >= 0 && count >= 0 && first + count <= columns, "columns out of range")
        return Matrix(
            floats: floats.slice(first, floats.count - first), rows: rows, columns: count,
            stride: stride)
    }

    /// Whether no elements lie between two rows.
    public var isContiguous: Bool { stride == columns }

    /// The element in row `row`, column `column`.
    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            return floats[row * stride + column]
        }
        nonmutating set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            floats[row * stride + column] = newValue
        }
    }

    /// Sets every element to `value`, on the calling thread.
    func fillSerially(_ value: Float) {
        for row in 0..<rows { floats.slice(row * stride, columns).fill(value) }
    }

    @unsafe var pointer: UnsafeMutablePointer<Float> { unsafe floats.pointer }
}
