/// Panels as one SVG 1.1 file that needs nothing else: no script, no font, no style sheet from
/// elsewhere. Its colours follow the reader's light or dark mode.
struct SVGChart {
    /// Stands above everything.
    let title: String
    let panels: [ChartPanel]

    private static let width = 860.0
    private static let panelHeight = 260.0
    private static let margin = (left: 76.0, right: 24.0, top: 44.0, bottom: 40.0)
    /// Points of a curve; more of them cannot be told apart at this width.
    private static let pointLimit = 1_600

    /// The file.
    func text() -> String {
        let height = 48 + Double(panels.count) * Self.panelHeight
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.number(Self.width)) "
                + "\(Self.number(height))\" role=\"img\" aria-label=\"\(Self.escaped(title))\">",
            Self.style,
            "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>",
            "<text class=\"title\" x=\"\(Self.number(Self.margin.left))\" y=\"30\">"
                + "\(Self.escaped(title))</text>",
        ]
        for (index, panel) in panels.enumerated() {
            lines.append(
                "<g transform=\"translate(0 \(Self.number(48 + Double(index) * Self.panelHeight)))\">"
            )
            lines += self.lines(of: panel)
            lines.append("</g>")
        }
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    private static let style = """
        <style>
        svg { font: 13px system-ui, sans-serif; --ground: #fff; --ink: #1c1c1e; --grid: #d9d9de;
          --c0: #0068b5; --c1: #b45309; --c2: #8b3fa8; --c3: #18794e; --c4: #3a3ad1; --c5: #b42318 }
        @media (prefers-color-scheme: dark) {
          svg { --ground: #16171a; --ink: #ececf1; --grid: #3a3b40;
            --c0: #5db3f5; --c1: #f0a352; --c2: #d694ee; --c3: #63cf98; --c4: #9d9dfa; --c5: #f58a80 }
        }
        .ground { fill: var(--ground) } text { fill: var(--ink) } .title { font-size: 17px }
        .name { font-weight: 600 } .grid { stroke: var(--grid) } .axis { stroke: var(--ink) }
        .line { fill: none; stroke-width: 1.6; stroke-linejoin: round }
        .end { text-anchor: end } .middle { text-anchor: middle }
        .s0 { stroke: var(--c0) } .s1 { stroke: var(--c1) } .s2 { stroke: var(--c2) }
        .s3 { stroke: var(--c3) } .s4 { stroke: var(--c4) } .s5 { stroke: var(--c5) }
        .f0 { fill: var(--c0) } .f1 { fill: var(--c1) } .f2 { fill: var(--c2) }
        .f3 { fill: var(--c3) } .f4 { fill: var(--c4) } .f5 { fill: var(--c5) }
        </style>
        """

    // MARK: One panel

    private func lines(of panel: ChartPanel) -> [String] {
        guard let bounds = panel.bounds else { return [] }
        let frame = Frame(bounds)
        var lines = [
            "<text class=\"name\" x=\"\(Self.number(Self.margin.left))\" y=\"18\">"
                + "\(Self.escaped(panel.title))</text>"
        ]
        lines += frame.axes()
        for series in panel.series {
            lines += curve(series, in: frame)
        }
        return lines + legend(panel)
    }

    private func curve(_ series: ChartPanel.Series, in frame: Frame) -> [String] {
        let colour = series.colour % 6
        var lines: [String] = []
        for part in Self.parts(series.points) {
            let points = Self.thinned(part).map { frame.place($0) }
            // A curve of marks has few points: they are joined, and each can be pointed at.
            if points.count > 1 {
                lines.append(
                    "<polyline class=\"line s\(colour)\" points=\""
                        + points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
                        .joined(separator: " ") + "\"/>")
            }
            guard series.form == .marks || points.count == 1 else { continue }
            for (point, place) in zip(Self.thinned(part), points) {
                lines.append(
                    "<circle class=\"f\(colour)\" cx=\"\(Self.number(place.x))\" "
                        + "cy=\"\(Self.number(place.y))\" r=\"3.2\"><title>"
                        + "\(Self.escaped(series.name)), step \(NumberText.short(point.x)): "
                        + "\(NumberText.short(point.y))</title></circle>")
            }
        }
        return lines
    }

    private func legend(_ panel: ChartPanel) -> [String] {
        let named = panel.series.filter { !$0.points.isEmpty }
        guard named.count > 1 else { return [] }
        var x = Self.width - Self.margin.right
        return named.reversed().flatMap { series in
            x -= 30 + 7.2 * Double(series.name.count)
            return [
                "<rect class=\"f\(series.colour % 6)\" x=\"\(Self.number(x))\" y=\"8\" width=\"12\" "
                    + "height=\"12\" rx=\"2\"/>",
                "<text x=\"\(Self.number(x + 17))\" y=\"18\">\(Self.escaped(series.name))</text>",
            ]
        }
    }

    /// Axes and the place of values.
    private struct Frame {
        let x: AxisTicks
        let y: AxisTicks
        let steps: ClosedRange<Double>

        init(_ bounds: (x: ClosedRange<Double>, y: ClosedRange<Double>)) {
            y = AxisTicks(from: bounds.y.lowerBound, to: bounds.y.upperBound, count: 6)
            x = AxisTicks(from: bounds.x.lowerBound, to: bounds.x.upperBound, count: 9)
            let width = bounds.x.upperBound - bounds.x.lowerBound
            steps = width > 0 ? bounds.x : x.lower...x.upper
        }

        private var right: Double { SVGChart.width - SVGChart.margin.right }
        private var bottom: Double { SVGChart.panelHeight - SVGChart.margin.bottom }

        func place(_ point: ChartPanel.Point) -> (x: Double, y: Double) {
            let share = (
                x: (point.x - steps.lowerBound) / (steps.upperBound - steps.lowerBound),
                y: (point.y - y.lower) / (y.upper - y.lower)
            )
            return (
                SVGChart.margin.left + share.x * (right - SVGChart.margin.left),
                bottom - share.y * (bottom - SVGChart.margin.top)
            )
        }

        func axes() -> [String] {
            var lines: [String] = []
            for (value, label) in zip(y.values, y.labels) {
                let place = SVGChart.number(place(.init(x: steps.lowerBound, y: value)).y)
                lines += [
                    line("grid", SVGChart.margin.left, place, right, place),
                    "<text class=\"end\" x=\"\(SVGChart.number(SVGChart.margin.left - 8))\" "
                        + "y=\"\(place)\" dy=\"4\">\(label)</text>",
                ]
            }
            for (value, label) in zip(x.values, x.labels) where steps.contains(value) {
                let place = SVGChart.number(place(.init(x: value, y: y.lower)).x)
                lines.append(
                    "<text class=\"middle\" x=\"\(place)\" y=\"\(SVGChart.number(bottom + 18))\">"
                        + "\(label)</text>")
            }
            let base = SVGChart.number(bottom)
            lines.append(line("axis", SVGChart.margin.left, base, right, base))
            lines.append(
                "<text class=\"end\" x=\"\(SVGChart.number(right))\" "
                    + "y=\"\(SVGChart.number(bottom + 34))\">step</text>")
            return lines
        }

        private func line(
            _ style: String, _ x1: Double, _ y1: String, _ x2: Double, _ y2: String
        ) -> String {
            "<line class=\"\(style)\" x1=\"\(SVGChart.number(x1))\" y1=\"\(y1)\" "
                + "x2=\"\(SVGChart.number(x2))\" y2=\"\(y2)\"/>"
        }
    }

    // MARK: Points

    /// The finite stretches of a curve.
    private static func parts(_ points: [ChartPanel.Point]) -> [[ChartPanel.Point]] {
        points.split { !$0.x.isFinite || !$0.y.isFinite }.map(Array.init)
    }

    /// At most ``pointLimit`` points: of each group the lowest and the highest, so that no peak is
    /// lost.
    static func thinned(_ points: [ChartPanel.Point]) -> [ChartPanel.Point] {
        guard points.count > pointLimit else { return points }
        let groups = pointLimit / 2
        return (0..<groups).flatMap { group -> [ChartPanel.Point] in
            let range = group * points.count / groups..<(group + 1) * points.count / groups
            let part = points[range]
            guard let low = part.min(by: { $0.y < $1.y }), let high = part.max(by: { $0.y < $1.y })
            else { return [] }
            return low.x == high.x ? [low] : low.x < high.x ? [low, high] : [high, low]
        }
    }

    private static func number(_ value: Double) -> String {
        let text = MetricsTable.fixed(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default:
                // XML 1.0 has no control characters.
                result.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
            }
        }
        return result
    }
}
