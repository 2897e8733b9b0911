internal import CKernels
import Glibc

/// Cosines and sines of rotary position embeddings (Su et al. 2021), in the layout of transformers:
/// coordinates i and width/2 + i of a head make a point, which position p turns by p / base^(2i/width).
public struct RotaryTable: Sendable {
    /// Positions that the table knows, from 0.
    public let positions: Int
    /// Columns of one head.
    public let width: Int
    /// positions × width/2
    let cosines: Floats
    let sines: Floats

    /// A table for heads of `width` columns, an even number.
    ///
    /// - Parameter frequencies: Maps each inverse frequency base^(−2i/width), for scaled tables such
    ///   as Llama 3's.
    public init(
        positions: Int, width: Int, base: Double, frequencies: ((Double) -> Double)? = nil
    ) {
        precondition(positions >= 0 && width > 0 && width % 2 == 0, "not a rotary table")
        self.positions = positions
        self.width = width
        let half = width / 2
        cosines = FloatStorage(count: positions * half).floats
        sines = FloatStorage(count: positions * half).floats
        for index in 0..<half {
            let plain = pow(base, -2 * Double(index) / Double(width))
            // The angle is rounded to single precision, as the models were trained with.
            let frequency = Float(frequencies?(plain) ?? plain)
            for position in 0..<positions {
                let angle = Double(Float(position) * frequency)
                cosines[position * half + index] = Float(cos(angle))
                sines[position * half + index] = Float(sin(angle))
            }
        }
    }
}

extension WorkerPool {
    /// Turns each head of row r by `positions[r]`, in place; x: rows × (heads · width), any stride.
    ///
    /// The inverse turn takes the gradient of the output to that of the input.
    public func rotate(
        _ x: Matrix, heads: Int, positions: [Int32], table: RotaryTable, inverse: Bool = false
    ) {
        precondition(x.columns == heads * table.width, "columns and heads do not fit the table")
        precondition(positions.count == x.rows, "one position for each row")
        precondition(
            positions.allSatisfy { $0 >= 0 && $0 < table.positions }, "position out of range")
        splitRows(x) { rows in
            unsafe positions.withUnsafeBufferPointer { positions in
                guard let positions = positions.baseAddress else { return }
                unsafe ck_rotate(
                    x.pointer + rows.lowerBound * x.stride, x.stride, rows.count, heads,
                    table.width / 2, positions + rows.lowerBound, table.cosines.pointer,
                    table.sines.pointer, inverse)
            }
        }
    }
}
