/// Mean and standard error of some neighbouring losses.
struct LossWindow {
    let mean: Double
    /// Of the mean; infinite for fewer than three losses, of which nothing can be said.
    let error: Double

    init(_ losses: ArraySlice<Double>) {
        let count = Double(losses.count)
        let mean = losses.isEmpty ? 0 : losses.reduce(0, +) / count
        self.mean = mean
        let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        error = losses.count < 3 ? .infinity : (squares / (count - 1) / count).squareRoot()
    }

    /// Whether this mean is above the other by more than chance gives in a thousand tries.
    func isAbove(_ other: LossWindow) -> Bool {
        mean - other.mean > 3 * (error * error + other.error * other.error).squareRoot()
    }

    /// Whether the two means are known to differ by less than `share` of the other.
    func isLevel(with other: LossWindow, within share: Double) -> Bool {
        let error = (self.error * self.error + other.error * other.error).squareRoot()
        return abs(mean - other.mean) + 2 * error < share * abs(other.mean)
    }
}
