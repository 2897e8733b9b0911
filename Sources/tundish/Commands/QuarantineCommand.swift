import ArgumentParser
import Governance
import Workspace

struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Show input that was rejected, and read it again.",
        subcommands: [List.self, Show.self, Retry.self])

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "List the places and reasons of a dataset's rejected rows.")

        @Argument(help: "The dataset.")
        var dataset: String

        @Option(help: "Only rows rejected for this reason, such as csv-field-count.")
        var reason: String?

        @Option(help: "How many rows to show.")
        var limit = 100

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).quarantine(of: dataset, reason: reason, limit: limit)
        }
    }

    struct Show: WorkspaceCommand {
        static let access = CommandAccess.needs([.readRaw, .ingest])
        static let configuration = CommandConfiguration(
            abstract: "Show the bytes of a rejected row; needs an approved raw read.",
            discussion: """
                Control characters, escapes and what is not UTF-8 are printed as \\u{…} and \\x…; \
                --json gives the bytes in Base64.
                """)

        @Argument(help: "The row's number in `quarantine list`.")
        var row: Int64

        @Option(help: "The purpose of reading raw data; may be left out where there is only one.")
        var purpose: String?

        @Option(help: "How many bytes to print.")
        var limit = 4096

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Datasets(workspace).quarantined(row, purpose: purpose, limit: max(0, limit))
        }
    }

    struct Retry: WorkspaceCommand {
        static let access = CommandAccess.needs([.ingest])
        static let configuration = CommandConfiguration(
            abstract: "Read rejected rows again, with other options: a new version.",
            discussion: """
                What can be read joins the records of the newest raw version and leaves the \
                quarantine in the same transaction; what cannot stays.
                """)

        @Argument(help: "The dataset.")
        var dataset: String

        @Option(help: "Only rows rejected for this reason, such as csv-field-count.")
        var reason: String?

        @OptionGroup var reading: ReadingOptions

        @Flag(help: "Read and count, but change nothing.")
        var dryRun = false

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try RetryQuarantine(
                dataset: dataset, reason: reason, options: try reading.options(),
                isDryRun: dryRun
            ).run(in: workspace)
        }
    }
}
