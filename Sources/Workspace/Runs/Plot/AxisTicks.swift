import Glibc

/// Where an axis has its ticks: round numbers around the data (Heckbert, "Nice numbers for graph
/// labels", Graphics Gems, 1990).
struct AxisTicks: Sendable, Hashable {
    /// The ticks, ascending; the first and the last enclose the data.
    let values: [Double]
    /// How far they are apart: 1, 2 or 5 times a power of ten.
    let step: Double

    /// Ticks for data from `lower` to `upper`.
    ///
    /// - Parameter count: about how many, at least 2. A range without width is given one.
    init(from lower: Double, to upper: Double, count: Int) {
        var (lower, upper) = (min(lower, upper), max(lower, upper))
        if upper - lower <= 1e-12 * max(lower.magnitude, upper.magnitude) || upper == lower {
            let half = lower == 0 ? 0.5 : lower.magnitude / 10
            (lower, upper) = (lower - half, upper + half)
        }
        let range = Self.nice(upper - lower, rounds: false)
        let step = Self.nice(range / Double(max(1, count - 1)), rounds: true)
        let first = floor(lower / step + 1e-9)
        let last = ceil(upper / step - 1e-9)
        values = stride(from: first, through: last, by: 1).map { $0 * step }
        self.step = step
    }

    /// The first tick.
    var lower: Double { values.first ?? 0 }
    /// The last tick.
    var upper: Double { values.last ?? 1 }

    /// The labels, one a tick.
    var labels: [String] { values.map { NumberText.tick($0, step: step) } }

    /// The nearest (or next larger) of 1, 2, 5, 10 times a power of ten.
    private static func nice(_ value: Double, rounds: Bool) -> Double {
        let scale = pow(10, floor(log10(value)))
        let fraction = value / scale
        let limits = rounds ? [1.5, 3, 7] : [1, 2, 5]
        let index = limits.firstIndex { rounds ? fraction < $0 : fraction <= $0 } ?? 3
        return [1, 2, 5, 10][index] * scale
    }
}
