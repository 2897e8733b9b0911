import Kernels
import Testing

struct DropoutTests {
    let pool = WorkerPool(threadCount: 2)

    static func keys(_ count: Int, step: Int = 0) -> [UInt32] {
        (0..<count).map { Dropout.rowKey(seed: 1, step: step, example: $0 / 10, position: $0 % 10) }
    }

    @Test(arguments: [Float(0.1), 0.5, 0.9])
    func keepsTheShareAndTheMean(probability: Float) {
        let ones = Floats([Float](repeating: 1, count: 400 * 256)).matrix(400, 256)
        let dropout = Dropout(keys: Self.keys(400), probability: probability)
        pool.dropout(ones, into: ones, dropout, site: 3)
        let values = ones.floats.array
        let dropped = Float(values.count { $0 == 0 }) / Float(values.count)
        // Four standard errors of 102,400 draws
        let error = 4 * (probability * (1 - probability) / Float(values.count)).squareRoot()
        #expect(abs(dropped - probability) < error)
        #expect(values.allSatisfy { $0 == 0 || abs($0 * (1 - probability) - 1) < 1e-6 })
        // No column and no row stands out.
        for column in stride(from: 0, to: 256, by: 16) {
            let share = Float((0..<400).count { ones[$0, column] == 0 }) / 400
            #expect(abs(share - probability) < 0.15)
        }
    }

    @Test func isAFunctionOfKeySiteAndColumnAlone() {
        var numbers = Oracle.Numbers(1)
        let x = Matrix.random(30, 40, &numbers)
        func run(_ keys: [UInt32], site: UInt32) -> [Float] {
            let output = Floats([Float](repeating: 0, count: 1200)).matrix(30, 40)
            pool.dropout(
                x, into: output, Dropout(keys: keys, probability: 0.5), site: site)
            return output.floats.array
        }
        let keys = Self.keys(30)
        #expect(run(keys, site: 1) == run(keys, site: 1))
        #expect(run(keys, site: 1) != run(keys, site: 2))
        #expect(run(keys, site: 1) != run(Self.keys(30, step: 1), site: 1))
        #expect(Set(keys).count == keys.count)
        // A row's mask does not depend on where in the batch it stands.
        let row = Floats(Array(x.floats.array[80..<120])).matrix(1, 40)
        pool.dropout(row, into: row, Dropout(keys: [keys[2]], probability: 0.5), site: 1)
        #expect(row.floats.array == Array(run(keys, site: 1)[80..<120]))
    }
}
