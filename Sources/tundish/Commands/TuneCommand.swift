import ArgumentParser
import EngineProtocol
import Governance
import Records
import Workspace

struct TuneCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.train, .useModel])
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search for the parameters that learn best, judged on validation.",
        discussion: """
            Each trial is an audited run of its own, NAME-1, NAME-2 and so on. The first Ctrl-C \
            stops the trial that runs, with a checkpoint; the same command again goes on. Ranges \
            are written MIN..MAX, MIN..MAX:log, MIN..MAX:whole, or A|B|C.
            """)

    @Argument(help: "The name of the search; trials add a number.") var name: String
    @OptionGroup var tuning: TuningOptions
    @Option(help: "A YAML file of ranges and settings (schemas/search.schema.json).")
    var search: String?
    @Option(help: "A range, such as learning_rate=1e-5..1e-3:log; may be repeated.")
    var setRange: [String] = []
    @Option(help: "How many trials (default: 12).") var trials: Int?
    @Option(help: "random, or halving: many short trials, the best go on (default: random).")
    var strategy: String?
    @Option(help: "The score that decides (default: the usual one of the task).")
    var metric: String?
    @Option(help: "What the draws follow from (default: 42).") var searchSeed: Int?
    @Flag(help: "Throw away the models of all trials but the best.") var keepBest = false
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let isJSON = common.json
        let progress = TrainingProgress(isJSON: false)
        let interrupts = Interrupts()
        defer {
            progress.end()
            interrupts.end()
        }
        var train = try tuning.train(name: name)
        train.isInterrupted = { [wish = interrupts.wish] in wish.isMade }
        if !isJSON {
            train.onEvent = { event in
                switch event {
                case .progress, .evaluation, .warning: progress.show(event)
                default: break
                }
            }
        }
        return try Search(
            train, file: search, ranges: try SettingPairs.read(setRange, "--set-range"),
            strategy: strategy, trials: trials, metric: metric, seed: searchSeed,
            keepsOnlyBest: keepBest,
            onStep: { step in
                progress.end()
                if isJSON {
                    Console.write(CanonicalJSON.encode(Self.json(step)) + [0x0A])
                } else {
                    Console.error(Self.text(step))
                }
            }
        ).run(in: workspace)
    }

    private static func text(_ step: Search.Step) -> String {
        switch step {
        case .began(let run, let settings, let number, let count):
            "\(number)/\(count)  \(run)  "
                + settings.map { "\($0.0) \($0.1)" }.joined(separator: "  ")
        case .kept(let run, let score): "\(run) was finished before\(Self.text(of: score))"
        case .ended(let run, let score): "\(run) is done\(Self.text(of: score))"
        case .failed(let run, let reason): "\(run) failed: \(reason)"
        }
    }

    private static func text(of score: Double?) -> String {
        score.map { ", \(MetricsTable.fixed($0, 4))" } ?? ", without a score"
    }

    private static func json(_ step: Search.Step) -> JSONValue {
        func line(_ state: String, _ run: String, _ more: [String: JSONValue]) -> JSONValue {
            .object(
                ["event": "trial", "state": .string(state), "run": .string(run)]
                    .merging(more) { $1 })
        }
        func score(_ value: Double?) -> [String: JSONValue] {
            ["score": value.map { .double($0) } ?? .null]
        }
        return switch step {
        case .began(let run, let settings, let number, let count):
            line(
                "began", run,
                [
                    "number": .integer(number), "of": .integer(count),
                    "settings": .object(
                        Dictionary(settings.map { ($0.0, .string($0.1)) }) { $1 }),
                ])
        case .kept(let run, let value): line("kept", run, score(value))
        case .ended(let run, let value): line("ended", run, score(value))
        case .failed(let run, let reason): line("failed", run, ["reason": .string(reason)])
        }
    }
}

extension SettingPairs {
    /// `name=value`, repeated, of another option than `--set`.
    static func read(_ texts: [String], _ option: String) throws -> [(String, String)] {
        try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw WorkspaceError(.usage, "\(option) needs name=range, not `\(text)`")
            }
            return (parts[0], parts[1])
        }
    }
}
