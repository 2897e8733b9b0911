internal import Records

/// A known shape of rows that is not yet one of the record kinds, such as ShareGPT: how its rows
/// become standard fields.
struct RowForm {
    /// How the rows are read; for people, and for the report.
    let chat: ChatMapping
    /// Rewrites rows.
    let shaper: ChatShaper

    init(_ chat: ChatMapping, options: ChatOptions) {
        self.chat = chat
        shaper = ChatShaper(chat, options: options)
    }

    /// What it is called: `sharegpt`.
    var name: String { chat.dialect.rawValue }

    /// What the records are for.
    var kind: RecordKind { chat.kind }

    /// The form that the first rows of a file have; nil if none is recognised.
    static func recognise(
        _ rows: [[String: JSONValue]], options: ChatOptions
    ) throws(IngestionError) -> RowForm? {
        try ChatRecognizer.recognise(rows, options: options).map { RowForm($0, options: options) }
    }

    /// The form of a delimited file, by the names of its columns.
    static func named(
        columns: [String], options: ChatOptions
    ) throws(IngestionError) -> RowForm? {
        try ChatRecognizer.named(columns: columns, options: options)
            .map { RowForm($0, options: options) }
    }

    /// The columns that `rows` have once they are rewritten.
    func columns(of rows: [[String: JSONValue]]) -> Set<String> {
        let parts = Set(
            chat.columns.filter { $0.key != "order" && $0.key != "conversation" }.values)
        let others = Set(rows.flatMap(\.keys)).subtracting(parts)
        return others.union(kind.requiredFields)
    }
}
