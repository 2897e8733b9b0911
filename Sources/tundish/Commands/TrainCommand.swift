import ArgumentParser
import EngineProtocol
import Governance
import Records
import Workspace

struct TrainCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.train, .useModel])
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Fine-tune a model on a released version: an audited run.")

    @Argument(help: "The name of the run and of the model that comes of it.") var name: String
    @Option(help: "The released version, such as reviews@3.") var data: String
    @Option(help: "The base model.") var model: String
    @Option(help: "full, lora or head.") var method = "lora"
    @Option(help: "The purpose that the version was released for.") var purpose: String
    @Option(help: "A parameter, such as learning_rate=5e-5; may be repeated.") var set: [String] =
        []
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2
    @Flag(help: "Keep the order of the batches and the predictions, for parity checks.")
    var exportBatchOrder = false
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        guard let method = TuningMethod(rawValue: method) else {
            throw WorkspaceError(
                .usage, "there is no method `\(method)`",
                hint: "methods: " + TuningMethod.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let events = TrainingProgress(isJSON: common.json)
        defer { events.end() }
        return try Train(
            name: name, data: data, model: model, method: method,
            settings: try set.map(Self.pair), purpose: purpose, engine: engine, threads: threads,
            exportsBatchOrder: exportBatchOrder, onEvent: { events.show($0) }
        ).run(in: workspace)
    }

    private static func pair(_ text: String) throws -> (String, String) {
        guard let equals = text.firstIndex(of: "=") else {
            throw WorkspaceError(.usage, "--set needs key=value, not `\(text)`")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Fine-tunes, past and running.",
        subcommands: [List.self, Show.self])

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "List the runs.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report { try Models(workspace).runs() }
    }

    struct Show: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "Show a run: its frozen request and what came of it.")

        @Argument(help: "The run.") var run: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Models(workspace).run(run)
        }
    }
}

struct EvaluateCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.train, .useModel])
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Judge a model on a split: loss, accuracy, precision, recall, F1, confusion.")

    @Argument(help: "The model.") var model: String
    @Option(help: "The released version.") var data: String
    @Option(help: "train, validation or test.") var split = "test"
    @Option(help: "The purpose that the version was released for.") var purpose: String
    @Option(help: "A registered engine.") var engine = "bundled"
    @Option(help: "How many threads.") var threads = 2
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        guard let split = Split(rawValue: split) else {
            throw WorkspaceError(.usage, "--split is train, validation or test")
        }
        return try Evaluate(
            model: model, data: data, split: split, purpose: purpose, engine: engine,
            threads: threads
        ).run(in: workspace)
    }
}

struct PredictCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.useModel])
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Ask a model for labels.")

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
