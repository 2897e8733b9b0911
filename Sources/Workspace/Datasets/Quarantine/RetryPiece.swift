import Catalog
import Ingestion
import Records

/// A rejected piece of input on its second reading.
struct RetryPiece {
    /// Where it stands in the quarantine.
    let row: QuarantineRow
    /// What was found out about its file.
    let facts: JSONValue

    init?(_ row: QuarantineRow, file: SourceFileRow?) {
        // Records that redaction held back came from no file: they are redacted again, not read.
        guard row.object != nil, let file, let facts = try? JSONParser.parse(Array(file.facts.utf8))
        else { return nil }
        self.row = row
        self.facts = facts
    }

    /// How to read it: the options asked for, and for the rest what held the first time.
    func options(_ asked: IngestOptions) throws -> IngestOptions {
        var options = asked
        if options.encoding == nil {
            options.encoding = try TextEncoding(option: row.encoding ?? "utf-8")
        }
        let original = facts["format"]?.stringValue.flatMap(InputFormat.init(rawValue:))
        if options.format == nil {
            // One value may stand on several lines, whichever form its file had.
            options.format = original == .jsonl ? .json : original
        }
        guard options.format == .csv || options.format == .tsv else { return options }
        if options.delimiter == nil {
            options.delimiter = facts["dialect"]?["delimiter"]?.stringValue?.utf8.first
        }
        // The piece has no header of its own: its columns are those of its file.
        if options.header != .absent, let columns = facts["columns"]?.stringArray {
            options.header = .names(columns)
        }
        return options
    }
}
