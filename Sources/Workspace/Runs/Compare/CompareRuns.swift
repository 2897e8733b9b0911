import Catalog
import EngineProtocol
import Governance
import Handoff
import Records

/// Several runs side by side: `tundish run compare`.
public struct CompareRuns: Sendable {
    /// The runs, by name or id; at least two.
    public var names: [String]
    /// How to draw the curves for a terminal; nil: not at all.
    public var style: TerminalStyle?
    /// Where to write the curves as SVG; nil: nowhere.
    public var svgFile: String?

    /// Makes the request.
    public init(names: [String], style: TerminalStyle? = nil, svgFile: String? = nil) {
        self.names = names
        self.style = style
        self.svgFile = svgFile
    }

    private struct Side {
        let history: RunHistory
        let request: RunRequest
        let settings: [String: String]

        var name: String { history.row.name }
    }

    /// The settings that differ, the scores with their intervals, and the curves as lines that may
    /// hold colours.
    public func run(in workspace: OpenWorkspace) throws -> (report: Report, plot: [String]) {
        guard names.count >= 2 else {
            throw WorkspaceError(.usage, "there is nothing to compare with", hint: "name two runs")
        }
        try workspace.authorizer.require(.readMetadata, on: .workspace, session: workspace.session)
        let sides = try names.map { name in
            let row = try workspace.run(name)
            let history = try RunHistory(row, in: workspace)
            let request = try RunRequest(canonicalBytes: row.request)
            return Side(
                history: history, request: request,
                settings: RunSettings.values(request, configuration: history.configuration))
        }
        let metric = sides.compactMap { side in
            side.history.curves.evaluations.isEmpty ? nil : side.history.curves.leadingMetric
        }.last
        let panels = RunPanels.panels(of: sides.map { ($0.name, $0.history.curves) })
        if let svgFile {
            let title = sides.map(\.name).joined(separator: ", ")
            try Files.write(
                Array(SVGChart(title: title, panels: panels).text().utf8), to: svgFile)
        }
        return (
            report(sides, metric: metric), style.map { RunPanels.text(panels, style: $0) } ?? []
        )
    }

    private func report(_ sides: [Side], metric: SearchMetric?) -> Report {
        let differences = RunSettings.differences(sides.map(\.settings))
        let warnings = warnings(sides, metric: metric)
        var lines = ["settings that differ:"]
        lines +=
            differences.isEmpty
            ? ["  none"]
            : TextTable.lines(
                [[""] + sides.map(\.name)] + differences.map { [$0.name] + $0.values })
        lines.append("best on validation:")
        lines += TextTable.lines(
            [["", "state", "steps"] + scores(of: metric).map(\.title) + ["at step"]]
                + sides.map { row(of: $0, metric: metric) })
        if let svgFile { lines.append("the curves are in \(svgFile)") }
        return Report(
            json: [
                "runs": .array(sides.map { json(of: $0, metric: metric) }),
                "differences": .array(
                    differences.map { difference in
                        [
                            "name": .string(difference.name),
                            "values": .array(difference.values.map { .string($0) }),
                        ]
                    }),
                "metric": metric.map { .string($0.name) } ?? .null,
                "warnings": .array(warnings.map { .string($0) }),
                "svg": svgFile.map { .string($0) } ?? .null,
            ], lines: lines + warnings.map { "warning: \($0)" })
    }

    private func row(of side: Side, metric: SearchMetric?) -> [String] {
        let curves = side.history.curves
        let steps = curves.loss.last?.step ?? 0
        let planned = max(curves.plannedSteps, steps)
        var row = [side.name, side.history.row.state.rawValue, "\(steps)/\(planned)"]
        let best = metric.flatMap { curves.best(by: $0) }
        row += scores(of: metric).map { score in
            best.map { ScoreText.text(score, $0.metrics) } ?? "–"
        }
        return row + [best.map { "\($0.step)" } ?? "–"]
    }

    /// The scores that are shown: the one that tells most, and the loss.
    private func scores(of metric: SearchMetric?) -> [SearchMetric] {
        let loss = SearchMetric(name: "loss")
        return [metric ?? loss] + (metric.map { $0 == loss ? [] : [loss] } ?? [])
    }

    private func json(of side: Side, metric: SearchMetric?) -> JSONValue {
        let best = metric.flatMap { side.history.curves.best(by: $0) }
        return [
            "run": .string(side.history.row.id), "name": .string(side.name),
            "state": .string(side.history.row.state.rawValue),
            "settings": .object(side.settings.mapValues { .string($0) }),
            "curves": side.history.curves.json,
            "best": best.map { best in
                ["step": .integer(best.step), "metrics": best.metrics.json]
            } ?? .null,
            "metrics": side.history.row.metrics ?? .null,
        ]
    }

    /// What keeps the scores from being compared as they stand.
    private func warnings(_ sides: [Side], metric: SearchMetric?) -> [String] {
        var warnings: [String] = []
        if Set(sides.map { $0.request.dataset?.version ?? "" }).count > 1 {
            warnings.append(
                "the runs were judged on the validation splits of different versions")
        }
        if Set(sides.map(\.request.task)).count > 1 {
            warnings.append("the runs learned different tasks")
        }
        let intervals = sides.compactMap { side in
            metric.flatMap { metric in
                side.history.curves.best(by: metric).flatMap { metric.interval(in: $0.metrics) }
            }
        }
        let isShared =
            intervals.count == sides.count
            && (intervals.map(\.lower).max() ?? 0) <= (intervals.map(\.upper).min() ?? 0)
        if isShared {
            warnings.append(
                "the 95 % intervals overlap: the difference may be chance")
        }
        return warnings
    }
}

/// A score with what it lies between.
enum ScoreText {
    /// `0.912 (0.894–0.930)`, or the score alone.
    static func text(_ metric: SearchMetric, _ metrics: RunMetrics) -> String {
        let decimals = metric.name == "loss" ? 4 : 3
        let value = MetricsTable.fixed(metrics[metric.name] ?? .nan, decimals)
        guard let interval = metric.interval(in: metrics) else { return value }
        return "\(value) (\(MetricsTable.fixed(interval.lower, decimals))–"
            + "\(MetricsTable.fixed(interval.upper, decimals)))"
    }
}
