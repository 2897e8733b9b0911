import ArgumentParser
import Governance
import Workspace

struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Show input that was rejected, and why.",
        subcommands: [List.self])

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "List the places and reasons of a dataset's rejected rows.")

        @Argument(help: "The dataset.")
        var dataset: String

        @Option(help: "How many rows to show.")
        var limit = 100

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).quarantine(of: dataset, limit: limit)
        }
    }
}
