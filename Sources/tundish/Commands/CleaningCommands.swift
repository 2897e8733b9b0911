import ArgumentParser
import Governance
import Records
import Workspace

struct ProfileCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readRedacted, .clean])
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Count records, lengths, missing values, duplicates, labels and splits.")

    @Argument(help: "The dataset or version, such as reviews@3.")
    var version: String

    @Option(help: "The purpose, for those whose role holds for one purpose only.")
    var purpose: String?

    @Option(help: "Write one self-contained HTML page with plots to this file.")
    var html: String?

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try ProfileVersion(version: version, purpose: purpose, htmlFile: html)
            .run(in: workspace)
    }
}

struct CleanCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.clean])
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Normalise, drop duplicates and freeze the splits: a new version.")

    @Argument(help: "The dataset or version, such as reviews@1.")
    var version: String

    @Option(help: "A YAML recipe (default: the standard one).")
    var recipe: String?

    @Option(help: "Threads to work with; the version does not depend on it.")
    var threads = 2

    @Flag(help: "Count, but change nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Clean(version: version, recipeFile: recipe, isDryRun: dryRun, threads: threads)
            .run(in: workspace)
    }
}

struct SplitCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.clean])
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Freeze train, validation and test by subject group: a new version.")

    @Argument(help: "The dataset or version, such as reviews@1.")
    var version: String

    @Option(help: "The share of train.") var train = 0.8
    @Option(help: "The share of validation.") var validation = 0.1
    @Option(help: "The share of test.") var test = 0.1
    @Option(help: "A field to keep together, for data without subjects.") var group: String?

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        var operation: [String: JSONValue] = [
            "op": "split", "train": .double(train), "validation": .double(validation),
            "test": .double(test),
        ]
        if let group {
            operation["by"] = "field"
            operation["field"] = .string(group)
        }
        return try Clean(version: version, recipe: [.object(operation)]).run(in: workspace)
    }
}
