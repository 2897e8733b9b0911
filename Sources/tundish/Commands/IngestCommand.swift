import ArgumentParser
import Governance
import Ingestion
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

    @Option(help: "csv, tsv, json, jsonl, text or markdown (default: by name and content).")
    var format: String?

    @Option(help: "Columns for standard fields, such as text=review,label=stars.")
    var map: String?

    @Option(help: "A column that names the person a row is about; may be repeated.")
    var subject: [String] = []

    @Option(help: "A column whose value identifies a row over time; may be repeated.")
    var key: [String] = []

    @Option(help: "A column to leave out; may be repeated.")
    var drop: [String] = []

    @Option(help: "What the data may be used for; may be repeated. For a new dataset.")
    var purpose: [String] = []

    @Option(help: "The legal basis, such as consent or contract. For a new dataset.")
    var legalBasis: String?

    @Option(help: "The encoding (default: by byte-order mark and statistics).")
    var encoding: String?

    @Option(help: "The delimiter of a CSV file, one character or `tab` (default: sniffed).")
    var delimiter: String?

    @Flag(help: "The file has no header row; its columns are called column1, column2, ….")
    var noHeader = false

    @Option(help: "For JSON: the path of the array of records, such as data.items.")
    var records: String?

    @Option(help: "For text: line, paragraph or file.")
    var unit: String?

    @Flag(help: "End with exit code 3 when rows were quarantined.")
    var strict = false

    @Flag(help: "Read and count, but change nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let progress = ProgressLine("reading rows")
        defer { progress.clear() }
        return try Ingest(
            dataset: dataset, paths: paths, options: try options(), purposes: purpose,
            legalBasis: legalBasis, isStrict: strict, isDryRun: dryRun,
            onProgress: { progress.update($0) }
        ).run(in: workspace)
    }

    private func options() throws -> IngestOptions {
        var options = IngestOptions()
        options.format = try format.map { try InputFormat(option: $0) }
        options.encoding = try encoding.map { try TextEncoding(option: $0) }
        options.recordsPath = records
        if noHeader { options.header = .absent }
        if map != nil || !subject.isEmpty || !key.isEmpty || !drop.isEmpty {
            options.mapping = try FieldMapping(
                map ?? "", subject: subject, key: key, dropping: drop)
        }
        if let unit {
            guard let value = TextUnit(rawValue: unit) else {
                throw WorkspaceError(.usage, "--unit is line, paragraph or file")
            }
            options.textUnit = value
        }
        if let delimiter {
            let bytes = Array((delimiter == "tab" ? "\t" : delimiter).utf8)
            guard bytes.count == 1 else {
                throw WorkspaceError(.usage, "--delimiter is one ASCII character, or `tab`")
            }
            options.delimiter = bytes[0]
        }
        return options
    }
}
