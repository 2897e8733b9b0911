/// One plot: curves over the same steps. Terminal and SVG draw the same panels.
struct ChartPanel: Sendable, Hashable {
    /// A place on a curve.
    struct Point: Sendable, Hashable {
        /// The optimiser step.
        var x: Double
        /// The value.
        var y: Double
    }

    /// One curve.
    struct Series: Sendable, Hashable {
        /// How a curve is drawn.
        enum Form: Sendable, Hashable {
            /// Joined points.
            case line
            /// A mark at each point, joined where there is room for it.
            case marks
        }

        /// What the legend calls it.
        var name: String
        /// Its points, by ascending step; values that are no numbers leave a gap.
        var points: [Point]
        /// How it is drawn.
        var form: Form
        /// Curves of one colour belong together.
        var colour: Int
    }

    /// What the values are.
    var title: String
    /// The curves; what is drawn later lies on top.
    var series: [Series]

    /// Whether there is anything to draw.
    var isEmpty: Bool { bounds == nil }

    /// What the finite points span; nil without any.
    var bounds: (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        guard let first = points.first else { return nil }
        var (x, y) = (first.x...first.x, first.y...first.y)
        for point in points {
            x = min(x.lowerBound, point.x)...max(x.upperBound, point.x)
            y = min(y.lowerBound, point.y)...max(y.upperBound, point.y)
        }
        return (x, y)
    }
}
