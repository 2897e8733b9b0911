/// How plots are drawn in a terminal.
public struct TerminalStyle: Sendable, Hashable {
    /// Characters from left to right.
    public var width: Int
    /// Whether only ASCII is used.
    public var isASCII: Bool
    /// Whether curves have colours (ECMA-48 SGR).
    public var usesColour: Bool

    /// Makes a style; a width under 40 is drawn as 40.
    public init(width: Int = 80, isASCII: Bool = false, usesColour: Bool = false) {
        self.width = max(40, min(width, 400))
        self.isASCII = isASCII
        self.usesColour = usesColour
    }
}

/// A panel as lines of text: title, curves beside their axis, steps under them, legend.
struct TerminalChart {
    let panel: ChartPanel
    let style: TerminalStyle
    /// Rows of the plot alone.
    let height: Int

    /// Makes a chart; at least three rows.
    init(_ panel: ChartPanel, style: TerminalStyle, height: Int = 12) {
        self.panel = panel
        self.style = style
        self.height = max(3, height)
    }

    /// The lines; a word where there is nothing to draw.
    func lines() -> [String] {
        guard let bounds = panel.bounds else { return ["\(panel.title): nothing to draw yet"] }
        let ticks = AxisTicks(
            from: bounds.y.lowerBound, to: bounds.y.upperBound, count: max(2, height / 3))
        let labels = ticks.labels
        let margin = labels.map(\.count).max() ?? 0
        let columns = max(10, style.width - margin - 2)
        let canvas = draw(x: bounds.x, y: ticks.lower...ticks.upper, columns: columns)
        var labelOfRow: [Int: String] = [:]
        for (value, label) in zip(ticks.values, labels) {
            let share = (ticks.upper - value) / (ticks.upper - ticks.lower)
            labelOfRow[Int((share * Double(height - 1)).rounded())] = label
        }
        let (tick, bar) = style.isASCII ? ("+", "|") : ("┤", "│")
        var paint: ((String, Int) -> String)?
        if style.usesColour { paint = { Self.painted($0, $1) } }
        var lines = [panel.title]
        for row in 0..<height {
            let label = labelOfRow[row]
            let axis = (label ?? "").padded(to: margin) + " " + (label == nil ? bar : tick)
            lines.append(axis + canvas.text(row: row, paint: paint))
        }
        let (corner, dash) = style.isASCII ? ("+", "-") : ("└", "─")
        let space = String(repeating: " ", count: margin + 1)
        lines.append(space + corner + String(repeating: dash, count: columns))
        lines.append(space + " " + steps(bounds.x, columns: columns))
        lines.append(space + " " + legend())
        return lines.map(Self.trimmed)
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    // MARK: Curves

    /// Lines of several curves are told apart by colour, or by letters where there is none.
    private var usesLetters: Bool {
        style.isASCII
            || !style.usesColour && panel.series.filter { $0.form == .line }.count > 1
    }

    private func draw(
        x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int
    ) -> DotCanvas {
        var canvas = DotCanvas(
            columns: columns, rows: height, glyphs: usesLetters ? .letters : .braille)
        for (index, series) in panel.series.enumerated() {
            let letter = letter(index)
            var last: (x: Int, y: Int)?
            for point in series.points {
                guard point.x.isFinite, point.y.isFinite else {
                    last = nil
                    continue
                }
                let dot = (
                    x: Self.place(point.x, in: x, of: canvas.dotColumns),
                    y: canvas.dotRows - 1 - Self.place(point.y, in: y, of: canvas.dotRows)
                )
                switch series.form {
                case .line:
                    canvas.line(
                        from: last ?? dot, to: dot, letter: letter, colour: series.colour)
                    last = dot
                case .marks: canvas.mark(dot.x, dot.y, letter: letter, colour: series.colour)
                }
            }
        }
        return canvas
    }

    private static func place(_ value: Double, in range: ClosedRange<Double>, of count: Int) -> Int
    {
        let width = range.upperBound - range.lowerBound
        guard width > 0 else { return count / 2 }
        let share = (value - range.lowerBound) / width
        return min(count - 1, max(0, Int((share * Double(count - 1)).rounded())))
    }

    private func letter(_ index: Int) -> Character {
        let ofForm = panel.series[...index].filter { $0.form == panel.series[index].form }.count - 1
        switch (panel.series[index].form, style.isASCII) {
        case (.line, true): return Self.lineLetters[ofForm % Self.lineLetters.count]
        case (.line, false): return Self.lineGlyphs[ofForm % Self.lineGlyphs.count]
        case (.marks, true): return Self.markLetters[ofForm % Self.markLetters.count]
        case (.marks, false): return Self.markGlyphs[ofForm % Self.markGlyphs.count]
        }
    }

    private static let lineLetters = Array(".:*x~=%&")
    private static let lineGlyphs = Array("·∘×▪▫*+=")
    private static let markLetters = Array("oO@#ABCD")
    private static let markGlyphs = Array("○●◇◆△▲□■")

    // MARK: Words

    private func steps(_ range: ClosedRange<Double>, columns: Int) -> String {
        let (first, last) = (NumberText.short(range.lowerBound), NumberText.short(range.upperBound))
        let word = "step"
        let room = columns - first.count - last.count
        guard range.lowerBound < range.upperBound, room > word.count + 2 else {
            return "\(word) \(last)"
        }
        let left = (room - word.count) / 2
        return first + String(repeating: " ", count: left) + word
            + String(repeating: " ", count: room - word.count - left) + last
    }

    private func legend() -> String {
        panel.series.enumerated().filter { !$1.points.isEmpty }.map { index, series in
            let isBraille = series.form == .line && !usesLetters
            let sign = isBraille ? "⠤⠤" : String(letter(index))
            return (style.usesColour ? Self.painted(sign, series.colour) : sign) + " " + series.name
        }.joined(separator: "   ")
    }

    /// Colours that are readable on light and on dark ground.
    private static let colours = [36, 33, 35, 32, 34, 31]

    private static func painted(_ text: String, _ colour: Int) -> String {
        "\u{1B}[\(colours[colour % colours.count])m\(text)\u{1B}[0m"
    }
}
