import ArgumentParser
import Governance
import Workspace

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Base models and what came of them.",
        subcommands: [Import.self, List.self, Show.self, Export.self])

    struct Import: WorkspaceCommand {
        static let access = CommandAccess.needs([.importModel])
        static let configuration = CommandConfiguration(
            abstract: "Take a base model's files into the workspace, sealed.")

        @Argument(help: "The name it gets.") var name: String
        @Argument(help: "The folder with config.json, model.safetensors, tokenizer.json.")
        var folder: String
        @Option(help: "Its licence, such as Apache-2.0.") var licence: String?
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
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Models(workspace).export(model, to: folder)
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
