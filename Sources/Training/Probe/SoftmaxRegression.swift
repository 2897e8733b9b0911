import Glibc
import Kernels

/// softmax(x Wᵀ) fitted to labels: the mean cross-entropy + λ/2 ‖W‖², biases without penalty, made
/// small by L-BFGS (Liu and Nocedal 1989). It is convex: there is one minimum.
final class SoftmaxRegression {
    private let x: Matrix
    private let truth: [Int]
    /// One thread: the sums have one order on every machine of a type.
    private let workers = WorkerPool(threadCount: 1)
    /// C × (D + 1), the bias last
    private(set) var weights: [Double]
    private let labels: Int
    private let width: Int
    private let logitRoom: Matrix

    init(_ examples: [FeatureProbe.Example], _ scale: FeatureScale, labels: Int) {
        x = scale.matrix(examples.map(\.vector))
        truth = examples.map(\.label)
        self.labels = labels
        width = x.columns
        weights = [Double](repeating: 0, count: labels * x.columns)
        logitRoom = FloatStorage(count: x.rows * labels).floats.matrix(x.rows, labels)
    }

    /// x Wᵀ, rows × C
    func logits(_ x: Matrix) -> Matrix {
        let logits = FloatStorage(count: x.rows * labels).floats.matrix(x.rows, labels)
        workers.multiply(x, matrix(weights), transposingSecond: true, into: logits)
        return logits
    }

    private func matrix(_ weights: [Double]) -> Matrix {
        Floats(weights.map { Float($0) }).matrix(labels, width)
    }

    /// The function at `weights`, and its gradient.
    func value(
        _ weights: [Double], penalty: Double
    ) -> (value: Double, gradient: [Double]) {
        workers.multiply(x, matrix(weights), transposingSecond: true, into: logitRoom)
        let rows = Double(x.rows)
        var total = 0.0
        for row in 0..<x.rows {
            let line = logitRoom.rows(row, 1).floats.slice(0, labels)
            let values = line.array
            let largest = Double(values.max() ?? 0)
            let powers = values.map { exp(Double($0) - largest) }
            let sum = powers.reduce(0, +), label = truth[row]
            total += log(sum) + largest - Double(values[label])
            line.copy(
                from: powers.indices.map {
                    Float((powers[$0] / sum - ($0 == label ? 1 : 0)) / rows)
                })
        }
        let room = FloatStorage(count: labels * width).floats.matrix(labels, width)
        workers.multiply(logitRoom, x, transposingFirst: true, into: room)
        var gradient = room.floats.array.map(Double.init)
        var squares = 0.0
        for index in gradient.indices where index % width != width - 1 {
            gradient[index] += penalty * weights[index]
            squares += weights[index] * weights[index]
        }
        return (total / rows + penalty / 2 * squares, gradient)
    }

    /// Goes down from where the weights are, until the gradient is 10⁻⁴ of its start or a step no
    /// longer helps.
    func minimize(penalty: Double, maxSteps: Int = 200) {
        var (current, gradient) = value(weights, penalty: penalty)
        var memory: [(step: [Double], change: [Double])] = []
        let target = 1e-4 * max(1e-3, Self.norm(gradient))
        for _ in 0..<maxSteps where Self.norm(gradient) > target {
            var direction = Self.direction(gradient, memory)
            var slope = Self.dot(direction, gradient)
            if slope >= 0 {
                memory.removeAll()
                direction = gradient.map { -$0 }
                slope = -Self.dot(gradient, gradient)
            }
            var length = memory.isEmpty ? min(1, 1 / Self.norm(gradient)) : 1
            var next = weights, found = (value: Double.infinity, gradient: gradient)
            while length > 1e-10 {
                next = zip(weights, direction).map { $0 + length * $1 }
                found = value(next, penalty: penalty)
                if found.value <= current + 1e-4 * length * slope { break }
                length /= 2
            }
            guard found.value < current else { return }
            let step = zip(next, weights).map { $0 - $1 }
            let change = zip(found.gradient, gradient).map { $0 - $1 }
            if Self.dot(step, change) > 1e-12 {
                memory.append((step, change))
                if memory.count > 10 { memory.removeFirst() }
            }
            let gain = current - found.value
            (weights, current, gradient) = (next, found.value, found.gradient)
            if gain < 1e-7 * max(1, abs(current)) { return }
        }
    }

    /// −H g, where H is made of the last steps (the two-loop recursion).
    private static func direction(
        _ gradient: [Double], _ memory: [(step: [Double], change: [Double])]
    ) -> [Double] {
        var result = gradient.map { -$0 }
        var factors: [Double] = []
        for (step, change) in memory.reversed() {
            let factor = dot(step, result) / dot(step, change)
            factors.append(factor)
            add(change, times: -factor, to: &result)
        }
        if let (step, change) = memory.last {
            let scale = dot(step, change) / dot(change, change)
            for index in result.indices { result[index] *= scale }
        }
        for (pair, factor) in zip(memory, factors.reversed()) {
            let other = dot(pair.change, result) / dot(pair.step, pair.change)
            add(pair.step, times: factor - other, to: &result)
        }
        return result
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    private static func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

    private static func add(_ a: [Double], times factor: Double, to b: inout [Double]) {
        for index in a.indices { b[index] += factor * a[index] }
    }
}
