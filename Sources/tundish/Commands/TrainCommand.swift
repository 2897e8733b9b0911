import ArgumentParser
import EngineProtocol
import Governance
import Records
import Workspace

struct TrainCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.train, .useModel])
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Fine-tune a model on a released version: an audited run.",
        discussion: """
            The first Ctrl-C stops the run after the step that it is at, with a checkpoint; \
            `tundish run resume NAME` goes on from there. The second one ends it at once.
            """)

    @Argument(help: "The name of the run and of the model that comes of it.") var name: String
    @OptionGroup var tuning: TuningOptions
    @Flag(help: "Keep the order of the batches and the predictions, for parity checks.")
    var exportBatchOrder = false
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        var train = try tuning.train(name: name)
        train.exportsBatchOrder = exportBatchOrder
        return try Watched.run(isJSON: common.json) { onEvent, isInterrupted in
            train.onEvent = onEvent
            train.isInterrupted = isInterrupted
            return try train.run(in: workspace)
        }
    }
}

/// What a run is made of, for all commands that make or plan one.
struct TuningOptions: ParsableArguments {
    @Option(help: "The released version, such as reviews@3.") var data: String
    @Option(help: "The base model.") var model: String
    @Option(
        help: """
            sequence-classification, token-classification, causal-lm or preference (default: what \
            the records are for).
            """)
    var task: String?
    @Option(help: "full, freeze, lora, qlora, adapter or head.") var method = "lora"
    @Option(help: "The purpose that the version was released for.") var purpose: String
    @Option(help: "A parameter, such as learning_rate=5e-5; may be repeated.") var set: [String] =
        []
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2

    /// The run that the options ask for.
    func train(name: String) throws -> Train {
        Train(
            name: name, data: data, model: model,
            task: try task.map { try Self.word($0, "task") },
            method: try Self.word(method, "method"), settings: try SettingPairs.read(set),
            purpose: purpose, engine: engine, threads: threads)
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ what: String
    ) throws -> Word {
        guard let word = Word(rawValue: text) else {
            throw WorkspaceError(
                .usage, "there is no \(what) `\(text)`",
                hint: "\(what)s: " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }
}

/// `--set key=value`, repeated.
enum SettingPairs {
    static func read(_ texts: [String]) throws -> [(String, String)] {
        try texts.map { text in
            guard let equals = text.firstIndex(of: "=") else {
                throw WorkspaceError(.usage, "--set needs key=value, not `\(text)`")
            }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
    }
}

/// A run with its progress shown and its signals taken.
enum Watched {
    static func run(
        isJSON: Bool,
        _ body: (
            _ onEvent: @escaping @Sendable (EngineEvent) -> Void,
            _ isInterrupted: @escaping @Sendable () -> Bool
        ) throws -> Report
    ) throws -> Report {
        let events = TrainingProgress(isJSON: isJSON)
        let interrupts = Interrupts()
        defer {
            events.end()
            interrupts.end()
        }
        return try body({ events.show($0) }, { [wish = interrupts.wish] in wish.isMade })
    }
}

struct EvaluateCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.train, .useModel])
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a model on a split: loss, and the scores of its task.")

    @Argument(help: "The model.") var model: String
    @Option(help: "The released version.") var data: String
    @Option(help: "train, validation or test.") var split = "test"
    @Option(help: "The purpose that the version was released for.") var purpose: String
    @Option(help: "A parameter, such as bootstrap_samples=1000; may be repeated.")
    var set: [String] = []
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        guard let split = Split(rawValue: split) else {
            throw WorkspaceError(.usage, "--split is train, validation or test")
        }
        return try Evaluate(
            model: model, data: data, split: split, purpose: purpose, engine: engine,
            threads: threads, settings: try SettingPairs.read(set)
        ).run(in: workspace)
    }
}

struct PredictCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.useModel])
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Ask a model for labels, tags or answers.")

    @Argument(help: "The model.") var model: String
    @Option(help: "A text; may be repeated (default: a text a line on standard input).")
    var text: [String] = []
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        var texts = text
        if texts.isEmpty { while let line = readLine() { texts.append(line) } }
        return try Predict(model: model, texts: texts, engine: engine, threads: threads)
            .run(in: workspace)
    }
}
