/// A histogram of lengths as SVG: classes that grow with the length, lines at quantiles.
struct HTMLHistogram {
    /// Lengths from `low` to below `high`.
    var classes: [(low: Int, high: Int, count: UInt64)]
    /// Lengths to point out.
    var marks: [(name: String, value: Int)]
    /// What it shows, for those who do not see it.
    var label: String

    private let width = 640.0
    private let height = 236.0
    private let left = 44.0
    private let right = 8.0
    private let top = 34.0
    private let bottom = 30.0
    private var base: Double { height - bottom }
    private var highest: Double { Double(max(1, classes.map(\.count).max() ?? 1)) }
    private var step: Double { (width - left - right) / Double(max(1, classes.count)) }

    init(
        _ classes: [(low: Int, high: Int, count: UInt64)], marks: [(name: String, value: Int)],
        label: String
    ) {
        self.classes = classes
        self.marks = marks
        self.label = label
    }

    /// The plot.
    var svg: String {
        var content = ""
        for tick in ticks {
            content += line(left, y(tick), width - right, y(tick), stroke: "var(--line)")
            content += text(left - 6, y(tick) + 4, "end", HTMLCharts.short(tick))
        }
        content += classes.enumerated().map { bar($0.offset, $0.element) }.joined()
        content += line(left, base, width - right, base, stroke: "var(--soft)")
        for index in labelled {
            let low = HTMLCharts.short(Double(classes[index].low))
            content += text(left + step * Double(index), base + 16, "middle", low)
        }
        content += lines
        return HTMLCharts.element(
            "svg",
            [
                "class": "plot", "viewBox": "0 0 \(Int(width)) \(Int(height))", "role": "img",
                "aria-label": label,
            ], content)
    }

    private func bar(_ index: Int, _ bin: (low: Int, high: Int, count: UInt64)) -> String {
        let size = base - y(Double(bin.count))
        let low = HTMLPage.number(UInt64(bin.low))
        let high = HTMLPage.number(UInt64(max(bin.low, bin.high - 1)))
        let note = "\(low) to \(high): \(HTMLPage.number(bin.count)) records"
        return HTMLCharts.element(
            "rect",
            [
                "class": "fill", "x": HTMLCharts.place(left + step * Double(index) + 1),
                "y": HTMLCharts.place(base - size), "width": HTMLCharts.place(max(1, step - 2)),
                "height": HTMLCharts.place(size), "rx": "1.5",
            ], HTMLCharts.element("title", [:], note))
    }

    /// The lines at quantiles; names that would touch stand below each other.
    private var lines: String {
        var (content, last, level) = ("", -1000.0, 0.0)
        for mark in marks {
            let at = x(mark.value)
            level = at - last < 96 ? level + 12 : 0
            last = at
            let isLate = at > width - 110
            let name = "\(mark.name) \(HTMLPage.number(UInt64(max(0, mark.value))))"
            content += line(at, 6 + level, at, base, stroke: "var(--ink)", dashes: "3 3")
            content += text(
                at + (isLate ? -4 : 4), 14 + level, isLate ? "end" : "start", name, style: "mark")
        }
        return content
    }

    /// The classes that have a number below: where lengths double, or at most ten.
    private var labelled: [Int] {
        if classes.allSatisfy({ $0.high - $0.low == 1 }) {
            let every = max(1, (classes.count + 9) / 10)
            return classes.indices.filter { $0 % every == 0 }
        }
        return classes.indices.filter { classes[$0].low.nonzeroBitCount <= 1 }
    }

    /// One to three round numbers up to the highest.
    private var ticks: [Double] {
        var step = 1.0
        while true {
            for factor in [1.0, 2, 5] where highest / (step * factor) < 4 {
                return (1...3).map { Double($0) * step * factor }.filter { $0 <= highest }
            }
            step *= 10
        }
    }

    private func y(_ count: Double) -> Double { base - (base - top) * count / highest }

    private func x(_ value: Int) -> Double {
        for (index, bin) in classes.enumerated()
        where value < bin.high || index == classes.count - 1 {
            let part = Double(max(0, min(bin.high, value) - bin.low))
            return left + step * (Double(index) + part / Double(max(1, bin.high - bin.low)))
        }
        return left
    }

    private func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, dashes: String = "0"
    ) -> String {
        HTMLCharts.element(
            "line",
            [
                "x1": HTMLCharts.place(x1), "y1": HTMLCharts.place(y1),
                "x2": HTMLCharts.place(x2), "y2": HTMLCharts.place(y2), "stroke": stroke,
                "stroke-dasharray": dashes,
            ])
    }

    private func text(
        _ x: Double, _ y: Double, _ anchor: String, _ text: String, style: String = "number"
    ) -> String {
        HTMLCharts.element(
            "text",
            [
                "class": style, "x": HTMLCharts.place(x), "y": HTMLCharts.place(y),
                "text-anchor": anchor,
            ], HTMLPage.escape(text))
    }
}
