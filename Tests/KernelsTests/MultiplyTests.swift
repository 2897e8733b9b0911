@testable import Kernels
import Testing

struct MultiplyTests {
    @Test(arguments: [1, 2, 3])
    func everySmallShapeAndTranspose(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(1)
        for m in [1, 2, 5, 8, 17] {
            for n in [1, 3, 16, 50] {
                for k in [1, 4, 9] {
                    for (transposeA, transposeB) in [
                        (false, false), (true, false), (false, true), (true, true),
                    ] {
                        let a = Matrix.random(
                            transposeA ? k : m, transposeA ? m : k, &numbers, gap: 2)
                        let b = Matrix.random(
                            transposeB ? n : k, transposeB ? k : n, &numbers, gap: 1)
                        let c = Matrix.random(m, n, &numbers, gap: 3)
                        let before = c.doubles
                        pool.multiply(
                            a, b, transposingFirst: transposeA, transposingSecond: transposeB,
                            into: c, alpha: 0.5, beta: 2)
                        let product = Oracle.multiply(a, transposeA, b, transposeB)
                        for i in 0..<m {
                            for j in 0..<n {
                                let wanted = 0.5 * product[i][j] + 2 * before[i][j]
                                #expect(abs(Double(c[i, j]) - wanted) < 1e-5)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func smallProductsOnEveryInstructionSet() {
        let pool = WorkerPool(threadCount: 1)
        var numbers = Oracle.Numbers(3)
        for (m, n, k) in [
            (1, 1, 1), (5, 15, 3), (12, 16, 7), (14, 17, 1), (27, 33, 9), (6, 50, 40),
        ] {
            for transposes in [false, true] {
                let a = Matrix.random(transposes ? k : m, transposes ? m : k, &numbers, gap: 1)
                let wide = Matrix.random(k, (n + 15) / 16 * 16, &numbers)
                let b = wide.columns(0, n)
                let wanted = Oracle.multiply(a, transposes, b, false)
                let start = numbers.floats(m * (n + 2))
                for level in [Int32(0), 3, 4] where level <= Panels.level {
                    for (padded, adding) in [(false, false), (true, false), (true, true)] {
                        let c = Matrix(floats: Floats(start), rows: m, columns: n, stride: n + 2)
                        pool.multiplySmall(
                            a, transposingFirst: transposes, b, into: c, alpha: adding ? 1 : 0.5,
                            padded: padded, adding: adding, level: level)
                        for i in 0..<m {
                            for j in 0..<n {
                                let sum =
                                    adding
                                    ? wanted[i][j] + Double(start[i * (n + 2) + j])
                                    : wanted[i][j] / 2
                                #expect(abs(Double(c[i, j]) - sum) < 1e-5)
                            }
                            #expect(c.floats[i * (n + 2) + n] == start[i * (n + 2) + n])
                        }
                    }
                }
            }
        }
    }

    /// Sizes around the panels (12 rows, 32 columns), the blocks (120 rows) and the runs of k (576).
    static let packedSizes = [
        (1, 1, 1), (2, 33, 9), (11, 31, 8), (12, 32, 7), (13, 33, 600), (25, 64, 15),
        (35, 50, 577), (121, 17, 40), (124, 70, 1160),
    ]

    @Test(arguments: packedSizes, [1, 2, 3])
    func thePackedKernelOnEveryInstructionSet(size: (m: Int, n: Int, k: Int), threads: Int) {
        let (m, n, k) = size
        let pool = WorkerPool(threadCount: threads), single = WorkerPool(threadCount: 1)
        var numbers = Oracle.Numbers(UInt64(m))
        for (transposeA, transposeB) in [(false, true), (false, false), (true, false)] {
            let a = Matrix.random(transposeA ? k : m, transposeA ? m : k, &numbers, gap: 2)
            let b = Matrix.random(transposeB ? n : k, transposeB ? k : n, &numbers, gap: 1)
            let start = numbers.floats(m * (n + 3))
            // Elements around the edges of tiles, panels and blocks
            let rows = [0, 1, 5, 11, 12, 24, 119, 120, m - 1].filter { $0 < m }
            let columns = [0, 7, 15, 16, 31, 32, 63, n - 1].filter { $0 < n }
            let lefts = rows.map { Oracle.line($0, of: a, isColumn: transposeA) }
            let rights = columns.map { Oracle.line($0, of: b, isColumn: !transposeB) }
            for level in [Int32(0), 3, 4] where level <= Panels.level {
                for (alpha, beta) in [(Float(1), Float(0)), (0.5, 2)] {
                    func run(_ pool: WorkerPool) -> Matrix {
                        let c = Matrix(floats: Floats(start), rows: m, columns: n, stride: n + 3)
                        pool.multiplyPacking(
                            Lines(matrix: a, areRows: !transposeA),
                            Lines(matrix: b, areRows: transposeB), into: c, alpha: alpha,
                            beta: beta, level: level)
                        return c
                    }
                    let c = run(pool)
                    var error = 0.0
                    for (i, left) in zip(rows, lefts) {
                        for (j, right) in zip(columns, rights) {
                            var sum = Double(beta * start[i * (n + 3) + j])
                            for l in 0..<k { sum += Double(alpha) * left[l] * right[l] }
                            error = max(error, abs(Double(c[i, j]) - sum))
                        }
                        // What lies between two rows is left alone.
                        #expect(c.floats[i * (n + 3) + n] == start[i * (n + 3) + n])
                    }
                    #expect(error < 1e-6 * Double(k + 10).squareRoot() * 4)
                    // The same bits again, and on one thread
                    #expect(c.floats.array == run(pool).floats.array)
                    #expect(c.floats.array == run(single).floats.array)
                }
            }
        }
    }

    @Test(arguments: packedSizes, [1, 2, 3])
    func packedWeights(size: (m: Int, n: Int, k: Int), threads: Int) {
        let (m, n, k) = size
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(UInt64(n))
        let x = Matrix.random(m, k, &numbers, gap: 1)
        let weight = Matrix.random(n, k, &numbers, gap: 2)
        let turned = Matrix.random(k, n, &numbers)
        for row in 0..<n { for column in 0..<k { turned[column, row] = weight[row, column] } }
        let other = Matrix.random(n, k, &numbers)
        let packed = PackedMatrix(other), transposed = PackedMatrix(turned, transposed: true)
        packed.repack(from: weight)
        #expect(packed.byteCount == (n + 31) / 32 * 32 * k * 4)
        let start = numbers.floats(m * n)
        for level in [Int32(0), 3, 4] where level <= Panels.level {
            let c = Floats(start).matrix(m, n), d = Floats(start).matrix(m, n)
            let e = Floats(start).matrix(m, n)
            pool.multiply(x, packed, into: c, beta: 2, level: level)
            pool.multiply(x, transposed, into: d, beta: 2, level: level)
            pool.multiplyPacking(
                Lines(matrix: x, areRows: true), Lines(matrix: weight, areRows: true), into: e,
                alpha: 1, beta: 2, level: level)
            #expect(c.floats.array == e.floats.array)
            #expect(d.floats.array == e.floats.array)
        }
    }

    @Test func sharingOutRowsKeepsTheProduct() {
        var numbers = Oracle.Numbers(2)
        let a = Matrix.random(203, 64, &numbers), b = Matrix.random(48, 64, &numbers)
        let one = Matrix.random(203, 48, &numbers), three = Matrix.random(203, 48, &numbers)
        WorkerPool(threadCount: 1).multiply(a, b, transposingSecond: true, into: one)
        let pool = WorkerPool(threadCount: 3)
        pool.multiply(a, b, transposingSecond: true, into: three)
        for (x, y) in zip(one.floats.array, three.floats.array) { #expect(abs(x - y) < 1e-4) }
        let first = three.floats.array
        for _ in 0..<5 {
            pool.multiply(a, b, transposingSecond: true, into: three)
            #expect(three.floats.array == first)
        }
    }

    @Test(arguments: [1, 2, 3])
    func fewRowsAreSharedOutByColumns(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(4)
        for transposes in [false, true] {
            let a = Matrix.random(2, 200, &numbers)
            let b = Matrix.random(transposes ? 401 : 200, transposes ? 200 : 401, &numbers, gap: 1)
            let c = Matrix.random(2, 401, &numbers, gap: 1), before = c.doubles
            pool.multiply(a, b, transposingSecond: transposes, into: c, beta: 1)
            let product = Oracle.multiply(a, false, b, transposes)
            for i in 0..<2 {
                for j in 0..<401 {
                    #expect(abs(Double(c[i, j]) - product[i][j] - before[i][j]) < 2e-5)
                }
            }
        }
    }

    @Test func emptyProductsAreNoWork() {
        let pool = WorkerPool(threadCount: 2)
        let empty = Floats([]).matrix(0, 4)
        pool.multiply(empty, Floats([1, 2, 3, 4]).matrix(4, 1), into: Floats([]).matrix(0, 1))
    }
}
