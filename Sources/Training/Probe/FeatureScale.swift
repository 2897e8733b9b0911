import Kernels

/// Moves and scales vectors so that their mean is 0 and a number's mean square is 1: mean-pooled
/// vectors have most of their length in common.
struct FeatureScale {
    private let mean: [Float]
    private let factor: Float

    init(_ vectors: [[Float]]) {
        let width = vectors[0].count
        var sums = [Double](repeating: 0, count: width)
        var squares = 0.0
        for vector in vectors {
            for index in 0..<width { sums[index] += Double(vector[index]) }
        }
        let count = Double(vectors.count)
        let mean = sums.map { Float($0 / count) }
        for vector in vectors {
            for index in 0..<width {
                squares += Double(vector[index] - mean[index]) * Double(vector[index] - mean[index])
            }
        }
        self.mean = mean
        let deviation = (squares / count / Double(width)).squareRoot()
        factor = deviation > 0 ? Float(1 / deviation) : 1
    }

    /// The scaled vectors, one a row, with a 1 behind each for the bias.
    func matrix(_ vectors: [[Float]]) -> Matrix {
        let width = mean.count + 1
        var values: [Float] = []
        values.reserveCapacity(vectors.count * width)
        for vector in vectors {
            for index in mean.indices { values.append((vector[index] - mean[index]) * factor) }
            values.append(1)
        }
        return Floats(values).matrix(vectors.count, width)
    }
}
