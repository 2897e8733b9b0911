import Foundation
import Kernels

/// Naive versions of the kernels, in double precision, one loop for each index: what the fast ones
/// must agree with.
enum Oracle {
    struct Numbers: RandomNumberGenerator {
        var state: UInt64
        init(_ seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
            (0..<count).map { _ in Float.random(in: range, using: &self) }
        }
    }

    /// op(a) · op(b): m × k by k × n
    static func multiply(
        _ a: Matrix, _ transposeA: Bool, _ b: Matrix, _ transposeB: Bool
    ) -> [[Double]] {
        let m = transposeA ? a.columns : a.rows
        let k = transposeA ? a.rows : a.columns
        let n = transposeB ? b.rows : b.columns
        return (0..<m).map { i in
            (0..<n).map { j in
                (0..<k).reduce(0) { sum, l in
                    sum + Double(transposeA ? a[l, i] : a[i, l])
                        * Double(transposeB ? b[j, l] : b[l, j])
                }
            }
        }
    }

    /// A row or a column.
    static func line(_ index: Int, of x: Matrix, isColumn: Bool) -> [Double] {
        (0..<(isColumn ? x.rows : x.columns)).map { Double(isColumn ? x[$0, index] : x[index, $0]) }
    }

    static func gelu(_ x: Double) -> Double { 0.5 * x * erfc(-x / 2.0.squareRoot()) }

    static func geluSlope(_ x: Double) -> Double {
        0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }

    /// (x − mean) / deviation · gamma + beta
    static func normalize(
        _ x: [Double], gamma: [Double], beta: [Double], epsilon: Double
    ) -> [Double] {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        return x.indices.map {
            (x[$0] - mean) / (variance + epsilon).squareRoot() * gamma[$0] + beta[$0]
        }
    }

    static func softmax(_ x: [Double]) -> [Double] {
        let largest = x.max() ?? 0
        let powers = x.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

extension Matrix {
    /// Rows of doubles.
    var doubles: [[Double]] {
        (0..<rows).map { row in (0..<columns).map { Double(self[row, $0]) } }
    }

    /// A matrix with storage of its own, `gap` unused elements after each row.
    static func random(
        _ rows: Int, _ columns: Int, _ numbers: inout Oracle.Numbers, gap: Int = 0
    ) -> Matrix {
        Matrix(
            floats: Floats(numbers.floats(rows * (columns + gap))), rows: rows, columns: columns,
            stride: columns + gap)
    }
}
