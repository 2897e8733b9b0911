import Foundation
import Kernels
import Testing

struct QuantizedMatrixTests {
    /// Bytes of a matrix in Q8_0 (GGUF format 8): blocks of a half, the scale, and 32 signed bytes.
    private func q8Bytes(_ rows: Int, _ columns: Int, _ numbers: inout Oracle.Numbers) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<rows * columns / 32 {
            // Halves from 2⁻⁷ to 2⁻⁶
            let scale = 0x2000 | UInt16.random(in: 0..<1024, using: &numbers)
            bytes += [UInt8(scale & 255), UInt8(scale >> 8)]
            for _ in 0..<32 { bytes.append(UInt8.random(in: 0...255, using: &numbers)) }
        }
        return bytes
    }

    private func q8Value(_ bytes: [UInt8], _ index: Int) -> Float {
        let block = index / 32 * 34
        let mantissa = Float((UInt16(bytes[block]) | UInt16(bytes[block + 1]) << 8) & 1023)
        return (1 + mantissa / 1024) / 128 * Float(Int8(bitPattern: bytes[block + 2 + index % 32]))
    }

    private func matrices(_ rows: Int, _ columns: Int) -> [QuantizedMatrix] {
        var numbers = Oracle.Numbers(UInt64(rows * columns))
        let bytes = q8Bytes(rows, columns, &numbers)
        return [
            QuantizedMatrix(blocks: bytes, format: 8, rows: rows, columns: columns),
            QuantizedMatrix.nf4(Matrix.random(rows, columns, &numbers, gap: 1)),
        ]
    }

    @Test func blocksOfGGUFAreDecodedByRow() {
        var numbers = Oracle.Numbers(51)
        let bytes = q8Bytes(5, 96, &numbers)
        let matrix = bytes.withUnsafeBytes {
            QuantizedMatrix(blocks: $0, format: 8, rows: 5, columns: 96)
        }
        #expect(matrix.format == .gguf(8) && matrix.byteCount == 5 * 3 * 34)
        let decoded = Matrix.random(3, 96, &numbers, gap: 2)
        matrix.dequantize(rows: 1..<4, into: decoded)
        for row in 0..<3 {
            for column in 0..<96 {
                #expect(decoded[row, column] == q8Value(bytes, (row + 1) * 96 + column))
            }
        }
        let gathered = Matrix.random(4, 96, &numbers)
        WorkerPool(threadCount: 2).gatherRows([4, 0, 4, 2], of: matrix, into: gathered)
        for (row, index) in [4, 0, 4, 2].enumerated() {
            #expect(gathered[row, 33] == q8Value(bytes, index * 96 + 33))
        }
    }

    @Test(
        arguments: [
            (1, 32, 64), (1, 1, 576), (7, 33, 64), (30, 40, 96), (25, 70, 640), (13, 600, 32),
            (50, 9, 320),
        ], [1, 2, 3])
    func productsAreThoseOfTheDecodedMatrix(size: (m: Int, rows: Int, columns: Int), threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(52)
        for w in matrices(size.rows, size.columns) {
            let plain = Matrix.random(w.rows, w.columns, &numbers)
            w.dequantize(rows: 0..<w.rows, into: plain)
            for transposes in [true, false] {
                let (inputs, outputs) = transposes ? (w.columns, w.rows) : (w.rows, w.columns)
                let x = Matrix.random(size.m, inputs, &numbers, gap: 1)
                let start = numbers.floats(size.m * outputs)
                let c = Floats(start).matrix(size.m, outputs)
                let d = Floats(start).matrix(size.m, outputs)
                pool.multiply(x, w, transposingSecond: transposes, into: c, beta: 0.5)
                pool.multiply(x, plain, transposingSecond: transposes, into: d, beta: 0.5)
                let largest = d.floats.array.reduce(1) { max($0, abs($1)) }
                for (a, b) in zip(c.floats.array, d.floats.array) {
                    #expect(abs(a - b) < 1e-5 * largest)
                }
                let before = c.floats.array
                c.floats.copy(from: start)
                pool.multiply(x, w, transposingSecond: transposes, into: c, beta: 0.5)
                #expect(c.floats.array == before)
            }
        }
    }

    /// The levels are those of the paper's construction: quantiles of the normal distribution, eight
    /// steps above zero and seven below, scaled to reach 1.
    @Test func levelsAreNormalQuantiles() {
        func quantile(_ p: Double) -> Double {
            var (low, high) = (-9.0, 9.0)
            for _ in 0..<80 {
                let middle = (low + high) / 2
                let isBelow = 0.5 * erfc(-middle / 2.0.squareRoot()) < p
                (low, high) = isBelow ? (middle, high) : (low, middle)
            }
            return low
        }
        let outermost = 0.5 * ((1 - 1.0 / 30) + (1 - 1.0 / 32))
        let above = (0..<8).map { quantile(outermost + (0.5 - outermost) * Double($0) / 8) }
        let below = (0..<7).map { -quantile(outermost + (0.5 - outermost) * Double($0) / 7) }
        let levels = (above + [0] + below).map { $0 / above[0] }.sorted()
        // A block that holds every level is encoded without loss: what it decodes to is the table.
        let values = (0..<64).map { Float(levels[$0 % 16]) }
        let matrix = QuantizedMatrix.nf4(Floats(values).matrix(1, 64))
        let decoded = Floats(values).matrix(1, 64)
        matrix.dequantize(rows: 0..<1, into: decoded)
        for (a, b) in zip(decoded.floats.array, values) { #expect(abs(a - b) < 2e-6) }
    }

    @Test(arguments: [1, 5, 63, 64, 65, 200, 576])
    func normalFloatRoundsToTheNearestLevel(columns: Int) {
        var numbers = Oracle.Numbers(UInt64(columns))
        let rows = 70
        // About normal: sums of uniform numbers, with a scale of its own for each row
        let floats = (0..<rows * columns).map { index in
            numbers.floats(6).reduce(0, +) * Float(1 + index / columns % 9)
        }
        let weights = Floats(floats).matrix(rows, columns)
        let matrix = QuantizedMatrix.nf4(weights)
        #expect(matrix.format == .nf4 && matrix.rows == rows && matrix.columns == columns)
        let decoded = Matrix.random(rows, columns, &numbers, gap: 3)
        matrix.dequantize(rows: 0..<rows, into: decoded)
        let all = weights.doubles
        var magnitudes: [Double] = []
        for row in all {
            for first in stride(from: 0, to: columns, by: 64) {
                magnitudes.append(row[first..<min(columns, first + 64)].map(abs).max()!)
            }
        }
        // Half the widest gap between levels, and half a step of the eight-bit magnitudes
        let step = (magnitudes.max()! - magnitudes.min()!) / 255
        for row in 0..<rows {
            for column in 0..<columns {
                let block = row * ((columns + 63) / 64) + column / 64
                let error = abs(Double(decoded[row, column]) - all[row][column])
                #expect(error <= 0.1520 * magnitudes[block] + step)
            }
        }
        if columns == 576 {
            let bits = Double(matrix.byteCount * 8) / Double(rows * columns)
            #expect(bits < 4.14)
        }
    }

    @Test func zerosStayZeros() {
        let zeros = Floats([Float](repeating: 0, count: 130)).matrix(2, 65)
        let matrix = QuantizedMatrix.nf4(zeros)
        let decoded = Floats([Float](repeating: 1, count: 130)).matrix(2, 65)
        matrix.dequantize(rows: 0..<2, into: decoded)
        #expect(decoded.floats.array.allSatisfy { $0 == 0 })
    }
}
