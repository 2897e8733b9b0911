import Kernels
import Testing

struct WorkerPoolTests {
    @Test(arguments: [1, 2, 5])
    func everyIndexIsDoneOnce(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        for count in [0, 1, 2, 7, 8, 9, 64, 1000] {
            for grain in [1, 8, 16] {
                let done = Floats([Float](repeating: 0, count: count))
                pool.split(count, grain: grain) { range in
                    #expect(range.lowerBound % grain == 0)
                    for index in range { done[index] += 1 }
                }
                #expect(done.array.allSatisfy { $0 == 1 })
            }
        }
    }

    @Test func manyHandOversLoseNothing() {
        let pool = WorkerPool(threadCount: 3)
        let counts = Floats([0, 0, 0])
        for _ in 0..<5000 { pool.run { part in counts[part] += 1 } }
        #expect(counts.array == [5000, 5000, 5000])
    }

    #if arch(x86_64) || arch(arm64)
    @Test func threadsFlushDenormals() {
        let pool = WorkerPool(threadCount: 3)
        let results = Floats([1, 1, 1]), small = Floats([1e-38, 1e-38, 1e-38])
        pool.run { part in results[part] = small[part] * small[part] + small[part] * 0.01 }
        #expect(results.array == [0, 0, 0])
        // Outside, the caller's arithmetic is what it was.
        #expect(small[0] * small[0] + small[0] * 0.01 != 0)
    }
    #endif

    @Test func arenaLaysOutAsMeasured() {
        func layout(_ arena: inout Arena, _ rows: Int) -> (Matrix, Floats) {
            (arena.matrix(rows, 3), arena.floats(5))
        }
        let block = FloatStorage(count: Arena.measure { _ = layout(&$0, 7) })
        for rows in [7, 2, 7] {
            var arena = Arena(over: block)
            let (matrix, floats) = layout(&arena, rows)
            matrix.floats.fill(1)
            floats.fill(2)
            #expect(matrix.floats.array.allSatisfy { $0 == 1 })
        }
    }

    @Test func coreNameIsKnown() {
        #expect(!BLAS.coreName.isEmpty)
        #expect(BLAS.reexecutionEnvironment["OPENBLAS_NUM_THREADS"] == "1")
        if BLAS.coreName == BLAS.recommendedCoreType { #expect(!BLAS.shouldReexecute) }
    }
}
