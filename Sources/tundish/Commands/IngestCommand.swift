import ArgumentParser
import Governance
import Workspace

struct IngestCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.ingest])
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Read files into a new raw version of a dataset.",
        discussion: """
            Rows that cannot be read go to quarantine with a reason; read = accepted + quarantined \
            + dropped is checked on every run.
            """)

    @Argument(help: "The dataset; it is made when it does not exist.")
    var dataset: String

    @Argument(help: "Files, folders, globs, or - for standard input.")
    var paths: [String]

    @OptionGroup var reading: ReadingOptions

    @Option(help: "What the data may be used for; may be repeated. For a new dataset.")
    var purpose: [String] = []

    @Option(help: "The legal basis, such as consent or contract. For a new dataset.")
    var legalBasis: String?

    @Flag(help: "End with exit code 3 when rows were quarantined.")
    var strict = false

    @Option(help: "Threads to work with; the version does not depend on it.")
    var threads = 2

    @Flag(
        help:
            "Show what was found out (format, dialect, encoding, mapping) and count; change nothing."
    )
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let progress = ProgressLine("reading rows")
        defer { progress.clear() }
        return try Ingest(
            dataset: dataset, paths: paths, options: try reading.options(), purposes: purpose,
            legalBasis: legalBasis, isStrict: strict, isDryRun: dryRun,
            threads: threads,
            onProgress: { progress.update($0) }
        ).run(in: workspace)
    }
}
