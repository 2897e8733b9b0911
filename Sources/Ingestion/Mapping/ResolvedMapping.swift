internal import Records

/// A mapping that fits the columns that a file really has.
struct ResolvedMapping {
    /// What the records are for.
    let kind: RecordKind
    /// Target names of the columns that change theirs; a dropped column has none.
    private let renamed: [String: String]
    private let dropped: Set<String>
    /// The subject columns and the key columns.
    let subject: [String]
    let key: [String]

    /// Fits `mapping` (nil: infer it) to `columns`. Throws `unknownColumn` or `noMapping`.
    init(_ mapping: FieldMapping?, columns: [String]) throws(IngestionError) {
        let present = Set(columns)
        for name in mapping?.namedColumns ?? [] where !present.contains(name) {
            throw IngestionError(
                .unknownColumn, "the input has no column '\(name)'",
                hint: Suggestion.hint(for: name, in: columns, called: "columns"))
        }
        var sources = mapping?.fields ?? [:]
        let kind: RecordKind
        if let declared = mapping?.kind {
            kind = declared
            for field in kind.standardFields where sources[field] == nil && present.contains(field)
            {
                sources[field] = field
            }
            for field in kind.requiredFields where sources[field] == nil {
                throw IngestionError(
                    .unknownColumn, "no column is mapped to '\(field)', which kind '\(kind)' needs",
                    hint: Suggestion.hint(for: field, in: columns, called: "columns"))
            }
        } else {
            (kind, sources) = try Self.infer(columns)
        }
        self.kind = kind
        subject = mapping?.subject ?? []
        key = mapping?.key ?? []
        dropped = Set(mapping?.dropping ?? []).subtracting(sources.values)
        var renamed: [String: String] = [:]
        for (target, source) in sources where target != source { renamed[source] = target }
        for column in columns where renamed[column] == nil {
            if let source = sources[column], source != column {
                renamed[column] = "source.\(column)"
            }
        }
        self.renamed = renamed
    }

    /// The kind and the columns of an input without a mapping.
    private static func infer(
        _ columns: [String]
    ) throws(IngestionError) -> (RecordKind, [String: String]) {
        let present = Set(columns)
        for kind in [RecordKind.chat, .preference, .instruction, .labelled, .text]
        where present.isSuperset(of: kind.requiredFields) {
            let fields = kind.standardFields.filter(present.contains)
            return (kind, Dictionary(uniqueKeysWithValues: fields.map { ($0, $0) }))
        }
        if columns.count == 1 { return (.text, ["text": columns[0]]) }
        let usual = [
            "review", "body", "content", "comment", "message", "sentence", "description",
            "review_text", "reviewText", "utterance", "question",
        ]
        let guess = usual.first(where: present.contains) ?? "COLUMN"
        throw IngestionError(
            .noMapping, "no column is called 'text', and no mapping says which one is",
            hint: "say --map text=\(guess); "
                + Suggestion.hint(for: "text", in: columns, called: "columns"))
    }

    /// The field that a column becomes; nil if it is dropped.
    func target(of column: String) -> String? {
        dropped.contains(column) ? nil : renamed[column] ?? column
    }

    /// Maps a row with columns by name.
    func row(
        _ source: [String: JSONValue]
    ) -> (fields: [String: JSONValue], subjects: [String], key: String?) {
        let subjects = subject.flatMap { source[$0].map(Self.words) ?? [] }
        let keys = key.map { source[$0].map(Self.words)?.joined(separator: ",") ?? "" }
        let joined = Self.joined(keys)
        guard !renamed.isEmpty || !dropped.isEmpty else { return (source, subjects, joined) }
        var fields = [String: JSONValue](minimumCapacity: source.count)
        for (name, value) in source {
            if let target = target(of: name) { fields[target] = value }
        }
        return (fields, subjects, joined)
    }

    /// Key values in one string; empty if one of them is blank, nil if no key is declared.
    static func joined(_ keys: [String]) -> String? {
        if keys.isEmpty { return nil }
        return keys.contains("") ? "" : keys.joined(separator: "\u{1F}")
    }

    /// The words of a subject or key column: one, or those of an array; blank ones left out.
    private static func words(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text), .number(let text):
            let word = trimmed(text)
            return word.isEmpty ? [] : [word]
        case .bool(let flag): return [flag ? "true" : "false"]
        case .array(let elements): return elements.flatMap(words)
        case .null, .object: return []
        }
    }

    /// `text` without ASCII white space at both ends.
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last,
            ByteSearch.isSpace(first) || ByteSearch.isSpace(last)
        else { return text }
        let start = bytes.firstIndex { !ByteSearch.isSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !ByteSearch.isSpace($0) }.map { bytes.index(after: $0) }
        return String(text[start..<(end ?? start)])
    }
}
