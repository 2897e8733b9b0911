import Catalog
import EngineProtocol
import Records

/// One run with its curves: `tundish run show`.
public struct ShowRun: Sendable {
    /// The run, by name or id.
    public var name: String
    /// Whether the curves are among the facts.
    public var hasCurves: Bool
    /// How to draw the curves for a terminal; nil: not at all.
    public var style: TerminalStyle?
    /// Where to write the curves as SVG; nil: nowhere.
    public var svgFile: String?

    /// Makes the request.
    public init(
        name: String, hasCurves: Bool = false, style: TerminalStyle? = nil, svgFile: String? = nil
    ) {
        self.name = name
        self.hasCurves = hasCurves
        self.style = style
        self.svgFile = svgFile
    }

    /// The run's request and what came of it, and its curves as lines that may hold colours.
    public func run(in workspace: OpenWorkspace) throws -> (report: Report, plot: [String]) {
        var report = try Models(workspace).run(name)
        guard hasCurves || style != nil || svgFile != nil else { return (report, []) }
        let row = try workspace.run(name)
        let history = try RunHistory(row, in: workspace)
        let panels = RunPanels.panels(of: history.curves)
        guard !panels.isEmpty else {
            throw WorkspaceError(
                .notFound, "the run `\(row.name)` has no curves",
                hint: row.state == .running
                    ? "it has not reported a step yet: `tundish run watch \(row.name)`"
                    : "it ended before it reported a step")
        }
        var members = report.json.objectValue ?? [:]
        members["curves"] = history.curves.json
        if let svgFile {
            let text = SVGChart(title: "run \(row.name)", panels: panels).text()
            try Files.write(Array(text.utf8), to: svgFile)
            members["svg"] = .string(svgFile)
            report.lines.append("the curves are in \(svgFile)")
        }
        report.json = .object(members)
        report.lines += history.hints.map { "hint: \($0)" }
        return (report, style.map { RunPanels.text(panels, style: $0) } ?? [])
    }
}
