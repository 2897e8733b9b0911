import EngineProtocol
import Foundation
import Records
import Testing

@testable import Workspace

@Suite("Curves and how they are drawn")
struct PlotTests {
    // MARK: Axes

    @Test(
        "ticks are round numbers around the data",
        arguments: [
            (0.35, 0.70, 5, ["0.3", "0.4", "0.5", "0.6", "0.7"]),
            (0.0, 100.0, 6, ["0", "20", "40", "60", "80", "100"]),
            (-1.0, 1.0, 5, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
            (3.0, 3.0, 3, ["2.5", "3.0", "3.5"]),
            (1200.0, 5100.0, 4, ["0", "2000", "4000", "6000"]),
        ])
    func ticks(lower: Double, upper: Double, count: Int, labels: [String]) {
        #expect(AxisTicks(from: lower, to: upper, count: count).labels == labels)
    }

    @Test("ticks enclose any range, 1, 2 or 5 times a power of ten apart") func anyRange() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<2_000 {
            let size = Foundation.pow(10, 24 * random.unit() - 12)
            let lower = (random.unit() - 0.5) * size * 10
            let upper = lower + size * random.unit()
            let ticks = AxisTicks(from: lower, to: upper, count: 2 + Int(8 * random.unit()))
            #expect(ticks.lower <= lower + ticks.step * 1e-6)
            #expect(ticks.upper >= upper - ticks.step * 1e-6)
            #expect((2...22).contains(ticks.values.count))
            let exponent = Foundation.floor(Foundation.log10(ticks.step) + 1e-9)
            let mantissa = ticks.step / Foundation.pow(10, exponent)
            #expect([1, 2, 5].contains { abs(mantissa - $0) < 1e-6 }, "\(ticks.step)")
        }
    }

    @Test(
        "numbers are short",
        arguments: [
            (0.0, "0"), (1.0, "1"), (0.4312, "0.4312"), (0.001, "0.001"), (1e-5, "1e-5"),
            (3.742e-4, "3.742e-4"), (12345.6, "12346"), (-0.5, "-0.5"), (1e9, "1e9"),
            (9.99996e-7, "1e-6"), (Double.nan, "–"), (Double.infinity, "–"),
        ])
    func numbers(value: Double, text: String) {
        #expect(NumberText.short(value) == text)
    }

    // MARK: Terminal

    private func panel(_ values: [Double], marks: [Double] = []) -> ChartPanel {
        func points(_ values: [Double]) -> [ChartPanel.Point] {
            values.enumerated().map { ChartPanel.Point(x: Double($0), y: $1) }
        }
        return ChartPanel(
            title: "loss",
            series: [
                ChartPanel.Series(name: "train", points: points(values), form: .line, colour: 0),
                ChartPanel.Series(
                    name: "validation", points: points(marks), form: .marks, colour: 1),
            ])
    }

    @Test("a small chart in ASCII") func ascii() {
        let style = TerminalStyle(width: 40, isASCII: true)
        let lines = TerminalChart(panel([4, 3, 2, 1, 0]), style: style, height: 5).lines()
        #expect(
            lines == [
                "loss",
                "5 +",
                "  |.....",
                "  |     ..................",
                "  |                       .........",
                "0 +                                .....",
                "  +-------------------------------------",
                "   0               step                4",
                "   . train",
            ])
    }

    @Test("Braille dots are those of Unicode") func braille() {
        var canvas = DotCanvas(columns: 1, rows: 1, glyphs: .braille)
        let bits = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        for x in 0..<2 {
            for y in 0..<4 {
                var one = DotCanvas(columns: 1, rows: 1, glyphs: .braille)
                one.dot(x, y, letter: "*", colour: 0)
                let scalar = one.text(row: 0, paint: nil).unicodeScalars.first?.value
                #expect(scalar == 0x2800 + UInt32(bits[x][y]))
                canvas.dot(x, y, letter: "*", colour: 0)
            }
        }
        #expect(canvas.text(row: 0, paint: nil) == "⣿")
        canvas.dot(2, 0, letter: "*", colour: 0)
        canvas.dot(0, -1, letter: "*", colour: 0)
        #expect(canvas.text(row: 0, paint: nil) == "⣿")
    }

    @Test("lines join their ends, whichever way they go") func bresenham() {
        for (x, y) in [(0, 0), (7, 0), (0, 7), (7, 7), (7, 3), (2, 7), (0, 3), (5, 0)] {
            var canvas = DotCanvas(columns: 8, rows: 8, glyphs: .letters)
            canvas.line(from: (3, 4), to: (x, y), letter: "*", colour: 0)
            let rows = (0..<8).map { Array(canvas.text(row: $0, paint: nil)) }
            #expect(rows[4][3] == "*" && rows[y][x] == "*")
            let dots = rows.joined().count { $0 == "*" }
            #expect(dots == max(abs(x - 3), abs(y - 4)) + 1)
        }
    }

    @Test("no line is wider than the terminal", arguments: [40, 63, 80, 200])
    func widths(width: Int) {
        let curve = panel((0..<500).map { 1 / Double($0 + 1) }, marks: [0.9, 0.5])
        for isASCII in [true, false] {
            let style = TerminalStyle(width: width, isASCII: isASCII)
            let lines = RunPanels.text([curve, curve], style: style)
            #expect(lines.allSatisfy { $0.count <= width })
            #expect(!lines.joined().contains("\u{1B}"))
            if isASCII {
                #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 })
            } else {
                #expect(lines.joined().contains { ("\u{2801}"..."\u{28FF}").contains($0) })
                #expect(lines.joined().contains("○ validation"))
            }
        }
        let coloured = TerminalChart(
            curve, style: TerminalStyle(width: width, usesColour: true)
        ).lines().joined()
        #expect(coloured.contains("\u{1B}[36m") && coloured.contains("\u{1B}[33m○"))
        let (opened, closed) = (
            coloured.components(separatedBy: "\u{1B}[3").count,
            coloured.components(separatedBy: "\u{1B}[0m").count
        )
        #expect(opened == closed)
    }

    @Test("what is no number leaves a gap") func gaps() {
        let style = TerminalStyle(width: 40, isASCII: true)
        let values = [1, Double.nan, 3, .infinity, 2]
        let lines = TerminalChart(panel(values), style: style, height: 5).lines()
        #expect(lines.dropLast(3).joined().count { $0 == "." } == 3)
        let nothing = TerminalChart(panel([.nan]), style: style).lines()
        #expect(nothing == ["loss: nothing to draw yet"])
        #expect(TerminalChart(panel([5]), style: style).lines().joined().contains("step 0"))
    }

    @Test("without colours, several lines have letters of their own") func letters() {
        let two = ChartPanel(
            title: "t",
            series: ["a", "b"].enumerated().map { index, name in
                ChartPanel.Series(
                    name: name,
                    points: [.init(x: 0, y: Double(index)), .init(x: 9, y: Double(index))],
                    form: .line, colour: index)
            })
        let plain = TerminalChart(two, style: TerminalStyle(width: 40)).lines()
        #expect(plain.last == "     · a   ∘ b")
        let coloured = TerminalChart(two, style: TerminalStyle(width: 40, usesColour: true)).lines()
        #expect(coloured.joined().contains { ("\u{2801}"..."\u{28FF}").contains($0) })
    }

    // MARK: SVG

    @Test("the SVG is well-formed, stands alone, and shows what it was given") func svg() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "tundish-svg-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = SVGChart(
            title: "run <a> & \"b\"\u{1}", panels: [panel([3, 2, .nan, 1, 0.5], marks: [2, 1])]
        ).text()
        let file = folder.appending(path: "a.svg")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import sys, xml.etree.ElementTree as t
            r = t.parse(sys.argv[1]).getroot()
            n = '{http://www.w3.org/2000/svg}'
            assert r.get('aria-label') == 'run <a> & "b" ', r.get('aria-label')
            lines = [p.get('points').split() for p in r.iter(n + 'polyline')]
            assert [len(l) for l in lines] == [2, 2, 2], lines
            assert len(list(r.iter(n + 'circle'))) == 2
            xs = [float(p.split(',')[0]) for l in lines for p in l]
            assert min(xs) >= 76 and max(xs) <= 836, xs
            assert not any(e.tag in (n + 'script', n + 'image', n + 'use') for e in r.iter())
            """, file.path,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.components(separatedBy: "http").count == 2)
        #expect(text.contains("prefers-color-scheme: dark"))
    }

    @Test("a long curve is thinned without losing a peak") func thinning() {
        var points = (0..<20_000).map { ChartPanel.Point(x: Double($0), y: 1) }
        points[7_777].y = 9
        points[13_131].y = -3
        let thinned = SVGChart.thinned(points)
        #expect(thinned.count <= 1_600)
        #expect(thinned.map(\.y).max() == 9 && thinned.map(\.y).min() == -3)
        #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x })
        #expect(SVGChart.thinned(Array(points.prefix(10))).count == 10)
    }

    // MARK: Curves

    @Test("a resumed run's later word counts, and metrics.json is finer") func curves() {
        func progress(_ step: Int, _ loss: Double) -> EngineEvent {
            .progress(
                .init(
                    step: step, steps: 30, epoch: 0, loss: loss, learningRate: 0.1,
                    gradientNorm: 1))
        }
        var curves = RunCurves([
            progress(10, 3), progress(20, 2.5), progress(10, 2), progress(20, 1), progress(30, 0.5),
            progress(0, 9),
        ])
        #expect(curves.loss.map(\.step) == [10, 20, 30])
        #expect(curves.loss.map(\.value) == [2, 1, 0.5])
        #expect(curves.plannedSteps == 30)
        curves.refine(with: ["losses": [5, 4, nil], "learningRates": "none"])
        #expect(curves.loss.map(\.step) == [1, 2, 3])
        #expect(curves.loss[2].value.isNaN)
        #expect(curves.learningRate.count == 3 && curves.gradientNorm.count == 3)
        let metrics = ClassificationMetrics(
            labels: ["a", "b"], confusion: [[3, 1], [0, 4]], loss: 0.4)
        curves.refine(with: [
            "bestStep": 2,
            "evaluations": [
                ["step": 1, "epoch": 1, "metrics": metrics.json], ["step": 2], "nonsense",
            ],
        ])
        #expect(curves.evaluations.map(\.step) == [1])
        #expect(curves.score("accuracy").map(\.value) == [0.875])
        #expect(curves.score("perplexity").isEmpty)
        #expect(RunPanels.panels(of: curves).map(\.title).contains("macro F1 on validation"))
    }

    @Test("the line of a running run says what is known") func progressLine() {
        var progress = EngineEvent.Progress(
            step: 30, steps: 120, epoch: 0.5, loss: 0.43219, learningRate: 8.2e-4)
        #expect(ProgressText.line(progress) == "step 30/120  loss 0.4322  lr 8.2e-4")
        progress.gradientNorm = 1.324
        progress.tokensPerSecond = 5210.4
        progress.residentBytes = 612_000_000
        progress.secondsRemaining = 99.2
        let line =
            "step 30/120  loss 0.4322  lr 8.2e-4  grad 1.324  5210 tokens/s  612.0 MB  "
            + "1 min 40 s left"
        #expect(ProgressText.line(progress) == line)
        #expect(ProgressText.bar(progress, width: 200) == "████············  " + line)
        #expect(ProgressText.bar(progress, width: 70).count <= 70)
        #expect(ProgressText.bar(progress, width: 5).contains("step 30/120  loss 0.4322"))
    }
}
