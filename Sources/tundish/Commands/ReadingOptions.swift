import ArgumentParser
import Ingestion
import Workspace

/// How input is read: what `ingest` and `quarantine retry` share.
struct ReadingOptions: ParsableArguments {
    @Option(
        help: """
            csv, tsv, json, jsonl, text, markdown, xml, html, eml, mbox, docx, xlsx, pptx, pdf, rtf, \
            fhir, hl7, ccda, sqlite, sql, srt, vtt, chatlog, or chat:FORM such as chat:sharegpt \
            (default: by content and name).
            """)
    var format: String?

    @Option(help: "Columns for standard fields, such as text=review,label=stars.")
    var map: String?

    @Option(
        help: "A file (YAML or JSON) with fields, subject, key, drop and types of columns.")
    var mapping: String?

    @Option(help: "A file (YAML or JSON) that says how chats and tuning rows are read.")
    var chatMapping: String?

    @Option(help: "A column that names the person a row is about; may be repeated.")
    var subject: [String] = []

    @Option(help: "A column whose value identifies a row over time; may be repeated.")
    var key: [String] = []

    @Option(help: "A column to leave out; may be repeated.")
    var drop: [String] = []

    @Option(help: "The encoding (default: by byte-order mark and statistics).")
    var encoding: String?

    @Option(help: "The delimiter of a CSV file, one character or `tab` (default: sniffed).")
    var delimiter: String?

    @Flag(help: "The file has no header row; its columns are called column1, column2, ….")
    var noHeader = false

    @Option(help: "Where the records are: data.items (JSON), orders/order (XML), a table (SQLite).")
    var records: String?

    @Option(help: "What becomes a record: line, paragraph, heading, page or document.")
    var unit: String?

    /// What the flags say.
    func options() throws -> IngestOptions {
        var options = IngestOptions()
        if let format { try options.setFormat(option: format) }
        options.encoding = try encoding.map { try TextEncoding(option: $0) }
        options.recordsPath = records
        if noHeader { options.header = .absent }
        let hasFlags = map != nil || !subject.isEmpty || !key.isEmpty || !drop.isEmpty
        if let mapping {
            guard !hasFlags else {
                throw WorkspaceError(
                    .usage, "--mapping says what --map, --subject, --key and --drop say: give one",
                    hint: "put all of it into the file; schemas/mapping.schema.json describes it")
            }
            options.mapping = try FieldMapping(json: YAMLFile.read(mapping))
        } else if hasFlags {
            options.mapping = try FieldMapping(
                map ?? "", subject: subject, key: key, dropping: drop)
        }
        if let chatMapping {
            options.chat.mapping = try ChatMapping(json: YAMLFile.read(chatMapping))
        }
        options.unit = try unit.map { try TextUnit(option: $0) }
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
