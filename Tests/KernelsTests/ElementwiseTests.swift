import Foundation
import Kernels
import Testing

struct ElementwiseTests {
    let pool = WorkerPool(threadCount: 2)

    @Test func geluAndItsSlopeAgreeWithErf() {
        let values = stride(from: Float(-12), through: 12, by: 0.0037).map { $0 }
        let x = Floats(values).matrix(1, values.count)
        let output = Floats(values).matrix(1, values.count)
        let slope = Floats(values).matrix(1, values.count)
        let bias = Floats([Float](repeating: 0.25, count: values.count))
        pool.biasGELU(x, bias: bias, into: output, slope: slope)
        for (index, value) in values.enumerated() {
            let z = Double(value + 0.25)
            #expect(abs(Double(output[0, index]) - Oracle.gelu(z)) < 4e-7 * max(1, abs(z)))
            #expect(abs(Double(slope[0, index]) - Oracle.geluSlope(z)) < 1e-6)
        }
        pool.biasGELU(x, bias: bias, into: x, slope: nil)
        #expect(x.floats.array == output.floats.array)
    }

    @Test func tanhAndItsGradient() {
        let values = stride(from: Float(-20), through: 20, by: 0.013).map { $0 }
        let x = Floats(values).matrix(1, values.count)
        pool.biasTanh(x, bias: Floats([Float](repeating: 0.5, count: values.count)))
        let gradient = Floats([Float](repeating: 2, count: values.count))
        pool.tanhBackward(gradient, output: x.floats)
        for (index, value) in values.enumerated() {
            let y = tanh(Double(value + 0.5))
            #expect(abs(Double(x[0, index]) - y) < 3e-7)
            #expect(abs(Double(gradient[index]) - 2 * (1 - y * y)) < 2e-6)
        }
    }

    @Test func notANumberStaysOne() {
        let x = Floats([.nan, 1, .infinity, 2]).matrix(1, 4)
        let zero = Floats([0, 0, 0, 0])
        pool.biasGELU(x, bias: zero, into: x, slope: nil)
        #expect(x[0, 0].isNaN)
        #expect(!pool.sumOfSquares(Floats([1, .nan]), scratch: zero).isFinite)
        #expect(!pool.sumOfSquares(Floats([1, .infinity]), scratch: zero).isFinite)
    }

    @Test(arguments: [(1, 1), (3, 5), (40, 33), (300, 128)])
    func biasesSumsAndProducts(rows: Int, columns: Int) {
        var numbers = Oracle.Numbers(3)
        let x = Matrix.random(rows, columns, &numbers, gap: 2)
        let before = x.doubles
        let bias = Floats(numbers.floats(columns))
        pool.addBias(bias, to: x)
        let sums = Floats([Float](repeating: 1, count: columns))
        pool.addColumnSums(of: x, to: sums)
        for column in 0..<columns {
            var sum = 1.0
            for row in 0..<rows {
                let wanted = before[row][column] + Double(bias[column])
                #expect(abs(Double(x[row, column]) - wanted) < 1e-6)
                sum += wanted
            }
            #expect(abs(Double(sums[column]) - sum) < 1e-5 * Double(rows + 10))
        }
        let a = numbers.floats(rows * columns), b = numbers.floats(rows * columns)
        let product = Floats(a)
        pool.multiply(product, by: Floats(b))
        #expect(product.array == zip(a, b).map { $0 * $1 })
        let sum = Floats(a)
        pool.add(Floats(b), to: sum)
        #expect(sum.array == zip(a, b).map { $0 + $1 })
    }

    @Test func gatherAndScatter() {
        var numbers = Oracle.Numbers(4)
        let table = Matrix.random(6, 5, &numbers, gap: 1)
        let indexes: [Int32] = [3, 0, 3, 5]
        let rows = Floats(numbers.floats(20)).matrix(4, 5)
        pool.gatherRows(indexes, of: table, into: rows)
        let before = table.doubles
        for (row, index) in indexes.enumerated() {
            #expect(rows.doubles[row] == before[Int(index)])
        }
        pool.scatterAddRows(rows, at: indexes, to: table)
        for column in 0..<5 {
            #expect(abs(Double(table[3, column]) - 3 * before[3][column]) < 1e-6)
            #expect(abs(Double(table[0, column]) - 2 * before[0][column]) < 1e-6)
            #expect(Double(table[1, column]) == before[1][column])
        }
        let other = Matrix.random(6, 5, &numbers)
        let sum = Floats(numbers.floats(10)).matrix(2, 5)
        pool.sumRows(other, [1, 2], other, [3, 3], other, [0, 5], into: sum)
        #expect(sum[0, 4] == other[1, 4] + other[3, 4] + other[0, 4])
        #expect(sum[1, 0] == other[2, 0] + other[3, 0] + other[5, 0])
    }

    @Test func sumOfSquaresIsTheSameOnAnyNumberOfThreads() {
        var numbers = Oracle.Numbers(5)
        for count in [0, 1, 7, 8, 9, 65536, 65537, 300_001] {
            let x = Floats(numbers.floats(count))
            let scratch = Floats([Float](repeating: 0, count: 64))
            let one = WorkerPool(threadCount: 1).sumOfSquares(x, scratch: scratch)
            let three = WorkerPool(threadCount: 3).sumOfSquares(x, scratch: scratch)
            #expect(one == three)
            let wanted = x.array.reduce(0.0) { $0 + Double($1) * Double($1) }
            #expect(abs(one - wanted) <= 1e-9 * max(1, wanted))
        }
    }

    @Test(arguments: [0.0, 0.01])
    func adamWIsTorchs(decay: Double) {
        var numbers = Oracle.Numbers(6)
        let count = 19
        let weights = Floats(numbers.floats(count)), m = Floats([Float](repeating: 0, count: count))
        let v = Floats([Float](repeating: 0, count: count))
        var w = weights.array.map(Double.init)
        var first = [Double](repeating: 0, count: count), second = first
        for step in 1...5 {
            let gradient = numbers.floats(count)
            pool.adamW(
                weights: weights, gradients: Floats(gradient), moment1: m, moment2: v,
                AdamWStep(
                    step: step, rate: 1e-2, decay: decay, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
                    gradientScale: 0.5))
            for index in 0..<count {
                let g = Double(gradient[index]) * 0.5
                first[index] = 0.9 * first[index] + 0.1 * g
                second[index] = 0.999 * second[index] + 0.001 * g * g
                let mean = first[index] / (1 - pow(0.9, Double(step)))
                let square = second[index] / (1 - pow(0.999, Double(step)))
                w[index] -= 1e-2 * decay * w[index]
                w[index] -= 1e-2 * mean / (square.squareRoot() + 1e-8)
                #expect(abs(Double(weights[index]) - w[index]) < 2e-6)
            }
        }
    }
}
