import Kernels
import Testing

struct RowsTests {
    static let sizes = [(1, 1), (3, 5), (9, 16), (20, 33), (150, 130)]

    @Test(arguments: sizes, [1, 2, 3])
    func normsScalesAndProducts(size: (rows: Int, columns: Int), threads: Int) {
        let (rows, columns) = size
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(41)
        let x = Matrix.random(rows, columns, &numbers, gap: 2), before = x.doubles
        let y = Matrix.random(rows, columns, &numbers, gap: 1), other = y.doubles

        let norms = Floats(numbers.floats(rows))
        pool.rowNorms(x, into: norms)
        for (row, values) in before.enumerated() {
            let wanted = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(abs(Double(norms[row]) - wanted) < 1e-6 * max(1, wanted))
        }

        let divisors = Floats(numbers.floats(columns, in: 0.5...2))
        let sums = Floats([Float](repeating: 1, count: columns))
        pool.addColumnProducts(of: x, and: y, dividedBy: divisors, to: sums)
        for column in 0..<columns {
            var wanted = 1.0
            for row in 0..<rows {
                wanted += before[row][column] * other[row][column] / Double(divisors[column])
            }
            #expect(abs(Double(sums[column]) - wanted) < 1e-6 * Double(rows + 10))
        }

        let columnFactors = Floats(numbers.floats(columns))
        let scaled = Matrix.random(rows, columns, &numbers, gap: 3)
        pool.scaleColumns(x, by: columnFactors, into: scaled)
        let rowFactors = Floats(numbers.floats(rows))
        pool.scaleRows(x, by: rowFactors)
        pool.addRows(x, to: y)
        for row in 0..<rows {
            for column in 0..<columns {
                let value = Float(before[row][column])
                #expect(scaled[row, column] == value * columnFactors[column])
                #expect(x[row, column] == value * rowFactors[row])
                #expect(y[row, column] == Float(other[row][column]) + x[row, column])
            }
        }
        pool.scaleColumns(scaled, by: columnFactors, into: scaled)
        #expect(scaled[0, 0] == Float(before[0][0]) * columnFactors[0] * columnFactors[0])
    }

    @Test(arguments: [0, 1, 17, 40_000], [1, 2, 3])
    func scaledSums(count: Int, threads: Int) {
        var numbers = Oracle.Numbers(42)
        let x = numbers.floats(count), y = numbers.floats(count)
        let sum = Floats(y)
        WorkerPool(threadCount: threads).addScaled(Floats(x), by: 0.5, to: sum)
        #expect(sum.array == zip(x, y).map { $1 + $0 * 0.5 })
    }

    @Test func sumsOfTwoEmbeddings() {
        var numbers = Oracle.Numbers(43)
        let a = Matrix.random(4, 7, &numbers), b = Matrix.random(3, 7, &numbers)
        let output = Matrix.random(3, 7, &numbers)
        WorkerPool(threadCount: 2).sumRows(a, [3, 0, 3], b, [2, 2, 1], into: output)
        for (row, (i, j)) in [(3, 2), (0, 2), (3, 1)].enumerated() {
            for column in 0..<7 { #expect(output[row, column] == a[i, column] + b[j, column]) }
        }
    }
}
