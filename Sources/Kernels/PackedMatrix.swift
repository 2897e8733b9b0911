/// A matrix of weights packed once for the product with it, instead of at each product.
///
///     let forward = PackedMatrix(weight)                      // x · Wᵀ
///     let backward = PackedMatrix(weight, transposed: true)   // dy · W
///     workers.multiply(x, forward, into: y)
///
/// Worth its memory, one copy of the weights for each direction, where products have few rows: for
/// some thousands of rows, packing on the way costs a hundredth.
@safe public final class PackedMatrix: @unchecked Sendable {
    /// Columns of the product.
    public let outputs: Int
    /// Columns of what is multiplied with it.
    public let inputs: Int
    private let isTransposed: Bool
    private let storage: Floats

    /// Packs `weight`, outputs × inputs; `transposed`: inputs × outputs.
    public init(_ weight: Matrix, transposed: Bool = false) {
        outputs = transposed ? weight.columns : weight.rows
        inputs = transposed ? weight.rows : weight.columns
        isTransposed = transposed
        storage = FloatStorage(count: Panels.padded(outputs, Panels.columns) * inputs).floats
        repack(from: weight)
    }

    /// Packs other values of the same shape: after a merge of adapters, for example. Nobody may
    /// multiply with it at that time.
    public func repack(from weight: Matrix) {
        let lines = Lines(matrix: weight, areRows: !isTransposed)
        precondition(lines.count == outputs && lines.length == inputs, "shapes differ")
        for run in Panels.runs(inputs) {
            lines.pack(0..<outputs, run, into: panels(run), width: Panels.columns)
        }
    }

    /// Bytes in memory.
    public var byteCount: Int { storage.count * MemoryLayout<Float>.stride }

    /// All panels over one run of the inputs.
    func panels(_ run: Range<Int>) -> Floats {
        let width = Panels.padded(outputs, Panels.columns)
        return storage.slice(run.lowerBound * width, run.count * width)
    }
}

extension WorkerPool {
    /// c = x · Wᵀ + beta · c for a packed W, outputs × inputs. x: rows × inputs, c: rows × outputs.
    ///
    /// The same bits as of the product with the plain matrix, where that is large enough to be
    /// packed on the way.
    public func multiply(_ x: Matrix, _ packed: PackedMatrix, into c: Matrix, beta: Float = 0) {
        multiply(x, packed, into: c, beta: beta, level: Panels.level)
    }

    func multiply(
        _ x: Matrix, _ packed: PackedMatrix, into c: Matrix, beta: Float, level: Int32
    ) {
        precondition(x.columns == packed.inputs, "columns of x and W differ")
        precondition(c.rows == x.rows && c.columns == packed.outputs, "c has another shape")
        guard c.rows > 0, c.columns > 0 else { return }
        let lines = Lines(matrix: x, areRows: true)
        let runs = Panels.runs(packed.inputs)
        let work = c.rows * c.columns * x.columns
        split(rows: c.rows, columns: c.columns, serial: work < 1 << 17 ? .max : 0) {
            part, rows, columns in
            for run in runs {
                multiplyPanels(
                    part, lines, rows, packed.panels(run).panels(columns, run), columns, run: run,
                    into: c, alpha: 1, beta: beta, level: level)
            }
        }
    }
}
