import Kernels

enum TestNumbers {
    static func matrix(_ rows: [[Double]]) -> Matrix {
        Floats(rows.flatMap { $0.map { Float($0) } }).matrix(rows.count, rows[0].count)
    }
}
