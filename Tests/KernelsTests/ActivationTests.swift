import Foundation
import Kernels
import Testing

struct ActivationTests {
    private func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

    @Test(arguments: [(1, 1), (3, 5), (7, 16), (40, 33), (90, 256)], [1, 2, 3])
    func swiGLUAndItsGradient(size: (rows: Int, columns: Int), threads: Int) {
        let (rows, columns) = size
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(31)
        let x = Floats(numbers.floats(rows * (2 * columns + 1), in: -9...9))
        let gateUp = Matrix(
            floats: x, rows: rows, columns: 2 * columns, stride: 2 * columns + 1)
        let output = Matrix.random(rows, columns, &numbers, gap: 2)
        pool.swiGLU(gateUp, into: output)
        let dy = Matrix.random(rows, columns, &numbers, gap: 1)
        let dx = Matrix.random(rows, 2 * columns, &numbers)
        pool.swiGLUBackward(output: dy, gateUp: gateUp, into: dx)
        let before = gateUp.doubles
        for row in 0..<rows {
            for column in 0..<columns {
                let gate = before[row][column], up = before[row][column + columns]
                let gradient = Double(dy[row, column])
                let slope = (silu(gate + 1e-5) - silu(gate - 1e-5)) / 2e-5
                #expect(abs(Double(output[row, column]) - silu(gate) * up) < 2e-5)
                #expect(abs(Double(dx[row, column]) - gradient * up * slope) < 2e-5)
                #expect(abs(Double(dx[row, column + columns]) - gradient * silu(gate)) < 1e-5)
            }
        }
        pool.swiGLUBackward(output: dy, gateUp: gateUp, into: gateUp)
        #expect(gateUp.doubles == dx.doubles)
    }

    @Test func geluByTanhAndItsSlope() {
        let pool = WorkerPool(threadCount: 2)
        let values = stride(from: Float(-12), through: 12, by: 0.0037).map { $0 }
        let x = Floats(values).matrix(1, values.count)
        let output = Floats(values).matrix(1, values.count)
        let slope = Floats(values).matrix(1, values.count)
        let bias = Floats([Float](repeating: 0.25, count: values.count))
        pool.biasGELUTanh(x, bias: bias, into: output, slope: slope)
        func gelu(_ x: Double) -> Double {
            0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }
        for (index, value) in values.enumerated() {
            let z = Double(value + 0.25)
            let wanted = (gelu(z + 1e-5) - gelu(z - 1e-5)) / 2e-5
            #expect(abs(Double(output[0, index]) - gelu(z)) < 1e-6 * max(1, abs(z)))
            #expect(abs(Double(slope[0, index]) - wanted) < 3e-6)
        }
        pool.biasGELUTanh(x, bias: bias, into: x, slope: nil)
        #expect(x.floats.array == output.floats.array)
    }

    @Test(arguments: [1, 2, 3])
    func reluAndItsGradient(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(32)
        for (rows, columns) in [(1, 1), (3, 7), (20, 33), (150, 130)] {
            let x = Matrix.random(rows, columns, &numbers, gap: 1)
            let before = x.doubles, bias = Floats(numbers.floats(columns))
            pool.biasReLU(x, bias: bias)
            for row in 0..<rows {
                for column in 0..<columns {
                    let wanted = max(0, Float(before[row][column]) + bias[column])
                    #expect(x[row, column] == wanted)
                }
            }
            let plain = Floats(numbers.floats(rows * columns)), values = plain.array
            pool.biasReLU(plain.matrix(rows, columns), bias: nil)
            #expect(plain.array == values.map { max(0, $0) })
            let gradient = Floats(numbers.floats(rows * columns)), incoming = gradient.array
            pool.reluBackward(gradient, output: plain)
            #expect(gradient.array == zip(incoming, values).map { $1 > 0 ? $0 : 0 })
        }
        let broken = Floats([.nan, -1]).matrix(1, 2)
        pool.biasReLU(broken, bias: nil)
        #expect(broken[0, 0].isNaN && broken[0, 1] == 0)
    }
}
