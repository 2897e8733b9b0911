import Foundation
import Kernels
import Testing

struct RotaryTests {
    @Test(arguments: [(1, 2), (3, 4), (2, 16), (9, 64), (2, 6)])
    func turnsTheHalvesOfEachHead(heads: Int, width: Int) {
        let pool = WorkerPool(threadCount: 2)
        var numbers = Oracle.Numbers(21)
        let table = RotaryTable(positions: 50, width: width, base: 10000)
        let x = Matrix.random(40, heads * width, &numbers, gap: 3)
        let before = x.doubles
        let positions = (0..<40).map { Int32($0 * 7 % 50) }
        pool.rotate(x, heads: heads, positions: positions, table: table)
        for (row, position) in positions.enumerated() {
            for head in 0..<heads {
                for index in 0..<width / 2 {
                    let angle =
                        Double(position) * pow(10000, -2 * Double(index) / Double(width))
                    let first = head * width + index, second = first + width / 2
                    let a = before[row][first], b = before[row][second]
                    #expect(abs(Double(x[row, first]) - (a * cos(angle) - b * sin(angle))) < 1e-5)
                    #expect(abs(Double(x[row, second]) - (b * cos(angle) + a * sin(angle))) < 1e-5)
                }
            }
        }
        pool.rotate(x, heads: heads, positions: positions, table: table, inverse: true)
        for (a, b) in zip(x.doubles.joined(), before.joined()) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func frequenciesAreMapped() {
        let pool = WorkerPool(threadCount: 1)
        let halved = RotaryTable(positions: 9, width: 4, base: 100) { $0 / 2 }
        let plain = RotaryTable(positions: 9, width: 4, base: 100)
        let x = Floats([1, 2, 3, 4]).matrix(1, 4), y = Floats([1, 2, 3, 4]).matrix(1, 4)
        pool.rotate(x, heads: 1, positions: [8], table: halved)
        pool.rotate(y, heads: 1, positions: [4], table: plain)
        for (a, b) in zip(x.floats.array, y.floats.array) { #expect(abs(a - b) < 1e-6) }
    }
}
