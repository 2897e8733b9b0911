import Kernels
import Testing

struct RootMeanSquareTests {
    /// x / √(mean x² + epsilon) · gamma
    private func oracle(_ x: [Double], _ gamma: [Double], epsilon: Double) -> [Double] {
        let mean = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
        return zip(x, gamma).map { $0 / (mean + epsilon).squareRoot() * $1 }
    }

    @Test(arguments: [(1, 1), (2, 7), (9, 16), (5, 33), (70, 576)], [1, 2, 3])
    func forwardAndBackward(size: (rows: Int, columns: Int), threads: Int) {
        let (rows, columns) = size
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(UInt64(rows))
        let x = Matrix.random(rows, columns, &numbers)
        let gamma = Floats(numbers.floats(columns, in: 0.5...1.5))
        let scales = gamma.array.map(Double.init), epsilon = 1e-5
        let output = Matrix.random(rows, columns, &numbers), roots = Floats(numbers.floats(rows))
        pool.rmsNormalize(x, gamma: gamma, epsilon: 1e-5, into: output, inverseRoot: roots)
        let inputs = x.doubles
        for (row, found) in output.doubles.enumerated() {
            let wanted = oracle(inputs[row], scales, epsilon: epsilon)
            for (a, b) in zip(found, wanted) { #expect(abs(a - b) < 1e-5) }
        }
        let inPlace = Floats(x.floats.array).matrix(rows, columns)
        pool.rmsNormalize(inPlace, gamma: gamma, epsilon: 1e-5, into: inPlace, inverseRoot: nil)
        #expect(inPlace.floats.array == output.floats.array)

        let dy = Matrix.random(rows, columns, &numbers)
        let start = Matrix.random(rows, columns, &numbers)
        let dx = Floats(start.floats.array).matrix(rows, columns)
        let dgamma = Floats([Float](repeating: 1, count: columns))
        pool.rmsNormalizeBackward(
            output: dy, x: x, inverseRoot: roots, gamma: gamma, into: dx, adding: true,
            gammaGradient: dgamma)
        for row in 0..<min(rows, 3) {
            let weights = dy.rows(row, 1).doubles[0]
            for column in 0..<min(columns, 9) {
                func loss(_ change: Double) -> Double {
                    var values = inputs[row]
                    values[column] += change
                    return zip(oracle(values, scales, epsilon: epsilon), weights)
                        .reduce(0) { $0 + $1.0 * $1.1 }
                }
                let wanted = (loss(1e-5) - loss(-1e-5)) / 2e-5 + Double(start[row, column])
                #expect(abs(Double(dx[row, column]) - wanted) < 1e-4)
            }
        }
        for column in 0..<columns {
            var wanted = 1.0
            for row in 0..<rows {
                wanted += Double(dy[row, column] * output[row, column]) / scales[column]
            }
            #expect(abs(Double(dgamma[column]) - wanted) < 1e-4)
        }
        // Written over the gradient that came in, and without gamma's: the same
        pool.rmsNormalizeBackward(
            output: dy, x: x, inverseRoot: roots, gamma: gamma, into: dy, adding: false,
            gammaGradient: nil)
        for (index, sum) in dx.floats.array.enumerated() {
            #expect(abs(dy.floats[index] + start.floats[index] - sum) < 1e-5)
        }
    }
}
