import Kernels
import Testing

struct NormalizationTests {
    @Test(arguments: [(1, 1), (2, 7), (9, 16), (5, 33), (70, 384)])
    func forwardAndBackward(rows: Int, columns: Int) {
        let pool = WorkerPool(threadCount: 2)
        var numbers = Oracle.Numbers(UInt64(rows))
        let x = Matrix.random(rows, columns, &numbers)
        let residual = Matrix.random(rows, columns, &numbers)
        let bias = Floats(numbers.floats(columns)), beta = Floats(numbers.floats(columns))
        let gamma = Floats(numbers.floats(columns, in: 0.5...1.5))
        let trace = NormalizationTrace(
            normalized: Matrix.random(rows, columns, &numbers),
            inverseDeviation: Floats(numbers.floats(rows)))
        let output = Matrix.random(rows, columns, &numbers)
        pool.normalize(
            x, bias: bias, residual: residual, gamma: gamma, beta: beta, epsilon: 1e-5,
            into: output, trace: trace)
        let scales = gamma.array.map(Double.init), shifts = beta.array.map(Double.init)
        func oracle(_ row: Int, _ sum: [Double]) -> [Double] {
            Oracle.normalize(sum, gamma: scales, beta: shifts, epsilon: 1e-5)
        }
        let sums = (0..<rows).map { row in
            (0..<columns).map {
                Double(x[row, $0]) + Double(bias[$0]) + Double(residual[row, $0])
            }
        }
        for row in 0..<rows {
            for (found, wanted) in zip(output.doubles[row], oracle(row, sums[row])) {
                #expect(abs(found - wanted) < 2e-5)
            }
        }
        // Without a trace, and in place: the same
        let inPlace = Floats(x.floats.array).matrix(rows, columns)
        pool.normalize(
            inPlace, bias: bias, residual: residual, gamma: gamma, beta: beta, epsilon: 1e-5,
            into: inPlace)
        for (a, b) in zip(inPlace.floats.array, output.floats.array) { #expect(abs(a - b) < 1e-5) }

        let dy = Matrix.random(rows, columns, &numbers)
        let dx = Matrix.random(rows, columns, &numbers)
        let dgamma = Floats([Float](repeating: 0, count: columns))
        let dbeta = Floats([Float](repeating: 0, count: columns))
        pool.normalizeBackward(
            output: dy, trace: trace, gamma: gamma, into: dx, gammaGradient: dgamma,
            betaGradient: dbeta)
        for row in 0..<min(rows, 3) {
            for column in 0..<min(columns, 9) {
                var above = sums[row], below = sums[row]
                above[column] += 1e-5
                below[column] -= 1e-5
                let up = zip(oracle(row, above), dy.doubles[row]).reduce(0) { $0 + $1.0 * $1.1 }
                let down = zip(oracle(row, below), dy.doubles[row]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(Double(dx[row, column]) - (up - down) / 2e-5) < 2e-3)
            }
        }
        let outputs = (0..<rows).map { oracle($0, sums[$0]) }
        for column in 0..<columns {
            var scale = 0.0, shift = 0.0
            for row in 0..<rows {
                let normalized =
                    (outputs[row][column] - Double(beta[column])) / Double(gamma[column])
                scale += Double(dy[row, column]) * normalized
                shift += Double(dy[row, column])
            }
            #expect(abs(Double(dgamma[column]) - scale) < 1e-3)
            #expect(abs(Double(dbeta[column]) - shift) < 1e-4)
        }
    }

    @Test func dropoutStandsBeforeTheResidual() {
        let pool = WorkerPool(threadCount: 1)
        var numbers = Oracle.Numbers(8)
        let x = Matrix.random(6, 20, &numbers), residual = Matrix.random(6, 20, &numbers)
        let bias = Floats(numbers.floats(20)), beta = Floats(numbers.floats(20))
        let gamma = Floats(numbers.floats(20))
        let dropout = Dropout(keys: DropoutTests.keys(6), probability: 0.4)
        let fused = Matrix.random(6, 20, &numbers)
        pool.normalize(
            x, bias: bias, residual: residual, gamma: gamma, beta: beta, epsilon: 1e-5,
            into: fused, dropout: dropout, site: 9)
        pool.addBias(bias, to: x)
        pool.dropout(x, into: x, dropout, site: 9)
        pool.normalize(
            x, residual: residual, gamma: gamma, beta: beta, epsilon: 1e-5, into: x)
        for (a, b) in zip(x.floats.array, fused.floats.array) { #expect(abs(a - b) < 1e-5) }
    }
}
