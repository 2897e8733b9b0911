import ArgumentParser
import EngineProtocol
import Governance
import Workspace

/// How curves are drawn.
struct PlotOptions: ParsableArguments {
    @Flag(help: "Draw the curves in the terminal.") var plot = false
    @Flag(help: "Draw with plain ASCII characters.") var ascii = false
    @Option(help: "Write the curves to this file, as SVG.") var svg: String?

    /// How to draw in this terminal; nil: not at all.
    func style(isJSON: Bool) -> TerminalStyle? {
        guard plot || ascii, !isJSON else { return nil }
        return TerminalStyle(
            width: Terminal.width, isASCII: ascii || Terminal.isASCII,
            usesColour: Terminal.hasColour)
    }
}

struct RunShowCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readMetadata])
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a run: its frozen request, what came of it, its curves.")

    @Argument(help: "The run.") var run: String
    @OptionGroup var plotting: PlotOptions
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let (report, plot) = try ShowRun(
            name: run, hasCurves: plotting.plot, style: plotting.style(isJSON: common.json),
            svgFile: plotting.svg
        ).run(in: workspace)
        Terminal.write(plot)
        return report
    }
}

struct RunCompareCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readMetadata])
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show runs side by side: settings that differ, scores, curves.")

    @Argument(help: "The runs, two or more.") var runs: [String]
    @OptionGroup var plotting: PlotOptions
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let (report, plot) = try CompareRuns(
            names: runs, style: plotting.style(isJSON: common.json), svgFile: plotting.svg
        ).run(in: workspace)
        Terminal.write(plot)
        return report
    }
}

struct RunWatchCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readMetadata])
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a run that another process drives.",
        discussion: "Ctrl-C ends the watching, not the run. Exit code 3: the run failed.")

    @Argument(help: "The run.") var run: String
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let progress = TrainingProgress(isJSON: common.json)
        defer { progress.end() }
        return try WatchRun(name: run, onEvent: { progress.show($0) }).run(in: workspace)
    }
}

struct RunLeaksCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.train, .useModel, .readRaw])
    static let configuration = CommandConfiguration(
        commandName: "leaks",
        abstract: "Check whether a language model says what redaction had removed.",
        discussion: """
            The model goes on from beginnings of its own training records. What it says is held \
            against the values of the raw version where reading that is approved, else a detector \
            counts what looks like personal data. Texts and values are never shown. Exit code 3: \
            removed values were said.
            """)

    @Argument(help: "The run or model.") var name: String
    @Option(help: "The redacted version that it was trained on.") var data: String
    @Option(help: "The purpose that the version was released for.") var purpose: String
    @Option(help: "How many beginnings to try.") var prompts = 100
    @Flag(help: "Insist on the raw version; it takes an approved raw read.") var raw = false
    @OptionGroup var sampling: SamplingOptions
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let line = ProgressLine("asking")
        defer { line.clear() }
        return try LeakCheck(
            name: name, data: data, purpose: purpose, prompts: prompts, needsRaw: raw,
            generation: try sampling.options(tokens: 64), engine: engine, threads: threads,
            onProgress: { line.update($0, of: $1) }
        ).run(in: workspace)
    }
}
