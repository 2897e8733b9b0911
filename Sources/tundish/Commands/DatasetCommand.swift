import ArgumentParser
import Governance
import Workspace

struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Look at datasets and their versions.",
        subcommands: [
            List.self, Show.self, Versions.self, Diff.self, Log.self, Tag.self, Export.self,
            LabelIssues.self,
        ])

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "List the datasets.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).list()
        }
    }

    struct Show: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "Show a version's manifest: roots, recipe, counts, splits, columns.")

        @Argument(help: "The dataset or version, such as reviews@3.") var version: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).show(version)
        }
    }

    struct Versions: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "List a dataset's versions, oldest first.")

        @Argument(help: "The dataset.") var dataset: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).versions(of: dataset)
        }
    }

    struct Diff: WorkspaceCommand {
        static let access = CommandAccess.needs([.readRedacted, .clean])
        static let configuration = CommandConfiguration(
            abstract: "Show which records two versions do not share.")

        @Argument(help: "The one version.") var left: String
        @Argument(help: "The other version.") var right: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).diff(left, right)
        }
    }

    struct Log: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "Show the audit events about a dataset.")

        @Argument(help: "The dataset.") var dataset: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).log(of: dataset)
        }
    }

    struct Tag: WorkspaceCommand {
        static let access = CommandAccess.needs([.ingest])
        static let configuration = CommandConfiguration(
            abstract: "Give a version a name, such as reviews@stable.")

        @Argument(help: "The version.") var version: String
        @Argument(help: "The tag.") var tag: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).tag(version, as: tag)
        }
    }

    struct LabelIssues: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            commandName: "label-issues",
            abstract: "Show the labels that seem wrong, most doubtful first.")

        @Argument(help: "A version that a recipe with label_noise made.") var version: String
        @Option(help: "How many to show.") var limit = 50
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).labelIssues(of: version, limit: max(0, limit))
        }
    }

    struct Export: WorkspaceCommand {
        static let access = CommandAccess.needs([.exportDataset, .readRaw])
        static let configuration = CommandConfiguration(
            abstract: "Write a version as JSON Lines.")

        @Argument(help: "The version.") var version: String
        @Option(help: "The file, or - for standard output.") var output = "-"
        @Option(help: "The purpose; for raw versions.") var purpose: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try ExportDataset(version: version, output: output, purpose: purpose).run(
                in: workspace, standardOutput: { Console.write($0) })
        }
    }
}
