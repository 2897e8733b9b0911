/// The panels of runs: what is drawn of one, and of several side by side.
enum RunPanels {
    /// Loss, the leading score on validation, rate and gradient norm of one run; only those that
    /// there is something to draw of.
    static func panels(of curves: RunCurves) -> [ChartPanel] {
        let metric = curves.leadingMetric
        var panels = [
            ChartPanel(
                title: "loss",
                series: [
                    line("train", curves.loss, colour: 0),
                    marks("validation", curves.score("loss"), colour: 1),
                ])
        ]
        if metric.name != "loss" {
            panels.append(
                ChartPanel(
                    title: "\(metric.title) on validation",
                    series: [marks(metric.title, curves.score(metric.name), colour: 1)]))
        }
        panels += [
            ChartPanel(
                title: "learning rate", series: [line("rate", curves.learningRate, colour: 2)]),
            ChartPanel(
                title: "gradient norm", series: [line("norm", curves.gradientNorm, colour: 3)]),
        ]
        return panels.filter { !$0.isEmpty }
    }

    /// Training loss, validation loss and the leading score of several runs.
    static func panels(of runs: [(name: String, curves: RunCurves)]) -> [ChartPanel] {
        let metric = runs.last { !$0.curves.evaluations.isEmpty }?.curves.leadingMetric
        func panel(
            _ title: String, _ points: (RunCurves) -> [RunCurves.Point], marked: Bool
        ) -> ChartPanel {
            ChartPanel(
                title: title,
                series: runs.enumerated().map { index, run in
                    marked
                        ? marks(run.name, points(run.curves), colour: index)
                        : line(run.name, points(run.curves), colour: index)
                })
        }
        var panels = [
            panel("training loss", \.loss, marked: false),
            panel("validation loss", { $0.score("loss") }, marked: true),
        ]
        if let metric, metric.name != "loss" {
            panels.append(
                panel("\(metric.title) on validation", { $0.score(metric.name) }, marked: true))
        }
        return panels.filter { !$0.isEmpty }
    }

    private static func line(
        _ name: String, _ points: [RunCurves.Point], colour: Int
    ) -> ChartPanel.Series {
        series(name, points, .line, colour)
    }

    private static func marks(
        _ name: String, _ points: [RunCurves.Point], colour: Int
    ) -> ChartPanel.Series {
        series(name, points, .marks, colour)
    }

    private static func series(
        _ name: String, _ points: [RunCurves.Point], _ form: ChartPanel.Series.Form, _ colour: Int
    ) -> ChartPanel.Series {
        ChartPanel.Series(
            name: name,
            points: points.map { ChartPanel.Point(x: Double($0.step), y: $0.value) }, form: form,
            colour: colour)
    }

    /// The panels as lines for a terminal: the first one large.
    static func text(_ panels: [ChartPanel], style: TerminalStyle) -> [String] {
        panels.enumerated().flatMap { index, panel in
            (index == 0 ? [] : [""])
                + TerminalChart(panel, style: style, height: index == 0 ? 14 : 7).lines()
        }
    }
}
