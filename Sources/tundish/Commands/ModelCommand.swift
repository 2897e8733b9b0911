import ArgumentParser
import EngineProtocol
import Governance
import Workspace

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Base models and what came of them.",
        subcommands: [Import.self, List.self, Show.self, Advise.self, Export.self])

    struct Import: WorkspaceCommand {
        static let access = CommandAccess.needs([.importModel])
        static let configuration = CommandConfiguration(
            abstract: "Take a base model's files into the workspace, sealed.",
            discussion: """
                Weights are model.safetensors, shards with their index, or one GGUF file, which \
                holds its tokenizer itself. The files are checked to belong together.
                """)

        @Argument(help: "The name it gets.") var name: String
        @Argument(help: "The folder with config.json, weights and tokenizer, or a .gguf file.")
        var folder: String
        @Option(help: "Its licence, such as Apache-2.0 (default: what its files say).")
        var licence: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try ModelImport(name: name, folder: folder, licence: licence).run(in: workspace)
        }
    }

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "List the models.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report { try Models(workspace).list() }
    }

    struct Show: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "Show a model and its files.")

        @Argument(help: "The model.") var model: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Models(workspace).show(model)
        }
    }

    struct Export: WorkspaceCommand {
        static let access = CommandAccess.needs([.approveModelExport])
        static let configuration = CommandConfiguration(
            abstract: "Write a model's files in clear, with its provenance and its proof.")

        @Argument(help: "The model.") var model: String
        @Argument(help: "The folder to write.") var folder: String
        @Flag(help: "Merge an adapter into its base: one whole model.") var merge = false
        @Option(help: "safetensors or gguf; gguf is always one whole model.")
        var format = "safetensors"
        @Option(help: "f32, f16 or, of gguf, q8_0 (default: f32 of safetensors, f16 of gguf).")
        var weightFormat: String?
        @Option(help: "The registered engine that merges.") var engine = "bundled"
        @Option(help: "How many threads.") var threads = 2
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            guard ["safetensors", "gguf"].contains(format) else {
                throw WorkspaceError(.usage, "--format is safetensors or gguf")
            }
            if let weightFormat, !["f32", "f16", "q8_0"].contains(weightFormat) {
                throw WorkspaceError(.usage, "--weight-format is f32, f16 or q8_0")
            }
            let form: ExportModel.Form =
                format == "gguf" ? .gguf : merge || weightFormat != nil ? .merged : .asIs
            return try ExportModel(
                name: model, folder: folder, form: form, weightFormat: weightFormat,
                engine: engine, threads: threads
            ).run(in: workspace)
        }
    }

    struct Advise: WorkspaceCommand {
        static let access = CommandAccess.needs([.train, .useModel])
        static let configuration = CommandConfiguration(
            abstract: "Rank the base models for a task, with what each method would take here.",
            discussion: "Exit code 3: none of them can be used. See docs/model-advise.md.")

        @Argument(help: "The base models to look at (default: all).") var models: [String] = []
        @Option(help: "The released version, such as reviews@3.") var data: String
        @Option(help: "The purpose that the version was released for.") var purpose: String
        @Option(
            help: """
                sequence-classification, token-classification, causal-lm or preference (default: \
                what the records are for).
                """)
        var task: String?
        @Option(help: "Methods to plan, such as lora,full (default: the usual ones).")
        var methods: String?
        @Flag(help: "Try each model on the data: a quick classifier on its frozen features.")
        var probe = false
        @Option(help: "A parameter of the runs that are meant; may be repeated.")
        var set: [String] = []
        @Option(help: "A registered engine.") var engine = "bundled"
        @Option(help: "How many threads.") var threads = 2
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            let train = Train(
                name: "", data: data, model: "", task: try task.map { try word($0, "task") },
                method: .lora, settings: try SettingPairs.read(set), purpose: purpose,
                engine: engine, threads: threads)
            let methods: [TuningMethod] = try (methods ?? "").split(separator: ",")
                .map { try word(String($0), "method") }
            let isQuiet = common.json
            return try AdviseModels(
                train, methods: methods, models: models, isProbing: probe,
                onStep: { if !isQuiet { Console.error("looking at \($0)") } }
            ).run(in: workspace)
        }

        private func word<Word: RawRepresentable<String> & CaseIterable>(
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
}

struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "The engines that a trainer may choose by name.",
        subcommands: [Add.self, List.self, Check.self])

    struct Add: WorkspaceCommand {
        static let access = CommandAccess.needs([.approveEngine])
        static let configuration = CommandConfiguration(
            abstract: "Register an executable, or a new build of one; its digest is pinned.")

        @Argument(help: "The name.") var name: String
        @Argument(help: "The executable.") var path: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try RegisteredEngines(workspace).add(name, path: path)
        }
    }

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "List the engines.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try RegisteredEngines(workspace).list()
        }
    }

    struct Check: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "Check that an engine is what was registered, and what it can do.")

        @Argument(help: "The engine.") var name = "bundled"
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try RegisteredEngines(workspace).check(name)
        }
    }
}
