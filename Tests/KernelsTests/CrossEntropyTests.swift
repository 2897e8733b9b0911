import Foundation
import Kernels
import Testing

struct CrossEntropyTests {
    /// −Σ t log softmax(x) with t = (1 − smoothing) onehot + smoothing / V, and t itself
    private func oracle(
        _ x: [Double], _ target: Int, _ smoothing: Double
    ) -> (loss: Double, wanted: [Double]) {
        let shares = Oracle.softmax(x), floor = smoothing / Double(x.count)
        let wanted = x.indices.map { floor + ($0 == target ? 1 - smoothing : 0) }
        return (zip(wanted, shares).reduce(0) { $0 - $1.0 * log($1.1) }, wanted)
    }

    @Test(
        arguments: [(1, 1), (2, 2), (5, 15), (4, 16), (3, 31), (6, 33), (9, 1000)], [1, 2, 3])
    func lossAndGradient(size: (rows: Int, columns: Int), threads: Int) {
        let (rows, columns) = size
        let pool = WorkerPool(threadCount: threads)
        var numbers = Oracle.Numbers(UInt64(columns))
        for smoothing in [Float(0), 0.1] {
            let values = numbers.floats(rows * columns, in: -6...6)
            let logits = Floats(values).matrix(rows, columns)
            let before = logits.doubles
            let targets = (0..<rows).map { $0 % 4 == 3 ? -100 : Int32($0 * 7 % columns) }
            let scales = numbers.floats(rows, in: 0.1...2), losses = Floats(numbers.floats(rows))
            var best: [Int32]? = []
            pool.crossEntropy(
                logits, targets: targets, scales: [], smoothing: smoothing, losses: losses,
                best: &best, writesGradient: false)
            #expect(logits.floats.array == values)
            let plainLosses = losses.array
            var none: [Int32]?
            pool.crossEntropy(
                logits, targets: targets, scales: scales, smoothing: smoothing, losses: losses,
                best: &none, writesGradient: true)
            #expect(none == nil)
            #expect(losses.array == plainLosses)
            for row in 0..<rows {
                let first = before[row].firstIndex(of: before[row].max()!)!
                #expect(best?[row] == Int32(first))
                guard targets[row] >= 0 else {
                    #expect(losses[row] == 0)
                    #expect(logits.doubles[row].allSatisfy { $0 == 0 })
                    continue
                }
                let (loss, wanted) = oracle(before[row], Int(targets[row]), Double(smoothing))
                #expect(abs(Double(losses[row]) - loss) < 1e-5)
                for (column, share) in Oracle.softmax(before[row]).enumerated() {
                    let slope = Double(scales[row]) * (share - wanted[column])
                    #expect(abs(Double(logits[row, column]) - slope) < 2e-6)
                }
            }
        }
    }

    @Test func extremesStayFiniteAndBrokenLogitsDoNot() {
        let pool = WorkerPool(threadCount: 1)
        let losses = Floats([0, 0, 0])
        var best: [Int32]? = []
        let logits = Floats([1e30, -1e30, 0, 0, 1e4, 0, 0, .nan, 1]).matrix(3, 3)
        pool.crossEntropy(
            logits, targets: [0, 1, 0], scales: [1, 1, 1], smoothing: 0, losses: losses,
            best: &best, writesGradient: true)
        #expect(losses[0] == 0 && losses[1] == 0)
        #expect(losses[2].isNaN)
        #expect(best?.prefix(2) == [0, 1])
        #expect(logits.rows(0, 2).floats.array.prefix(6).allSatisfy { abs($0) < 1e-30 })
        var empty: [Int32]? = [1]
        pool.crossEntropy(
            Floats([]).matrix(0, 3), targets: [], scales: [], smoothing: 0, losses: Floats([]),
            best: &empty, writesGradient: true)
        #expect(empty == [])
    }
}
