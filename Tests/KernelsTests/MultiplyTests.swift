import Kernels
import Testing

struct MultiplyTests {
    @Test(arguments: [1, 2, 3])
    func everySmallShapeAndTranspose(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(1)
        for m in [1, 2, 5, 8, 17] {
            for n in [1, 3, 16] {
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

    @Test func emptyProductsAreNoWork() {
        let pool = WorkerPool(threadCount: 2)
        let empty = Floats([]).matrix(0, 4)
        pool.multiply(empty, Floats([1, 2, 3, 4]).matrix(4, 1), into: Floats([]).matrix(0, 1))
    }
}
