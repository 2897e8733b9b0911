internal import Records

/// A mapping that fits the columns that a file really has.
struct ResolvedMapping {
    /// What the records are for.
    let kind: RecordKind
    /// Target names of the columns that change theirs; a dropped column has none.
    private let renamed: [String: String]
    private let dropped: Set<String>
    /// The fields that a mapping fills: a column that has such a name gets another one.
    private let taken: Set<String>
    /// Declared types by target name.
    let types: [(field: String, column: String, type: FieldType)]
    /// The subject columns and the key columns.
    let subject: [String]
    let key: [String]

    /// Fits `mapping` (nil: infer it) to `columns`; `others` may be named by it, too. `form`
    /// is the kind of a form that was recognised: its rows have the standard fields. Unless
    /// `isWhole`, further columns may come: then only a mapping none of whose fields is there
    /// is refused. Throws `unknownColumn` or `noMapping`.
    init(
        _ mapping: FieldMapping?, columns: [String], others: Set<String> = [],
        form: RecordKind? = nil, isWhole: Bool = true
    ) throws(IngestionError) {
        let present = Set(columns)
        let known = present.union(others)
        let absent = mapping?.namedColumns.filter { !known.contains($0) } ?? []
        let isHopeless = mapping.map { mapping in
            !mapping.fields.isEmpty && !mapping.fields.values.contains(where: known.contains)
        }
        if let name = absent.first, isWhole || isHopeless == true {
            throw Self.unknown(name, in: columns)
        }
        var sources = mapping?.fields ?? [:]
        let kind: RecordKind
        if let declared = mapping?.kind {
            kind = declared
            for field in kind.standardFields
            where sources[field] == nil && (present.contains(field) || !isWhole) {
                sources[field] = field
            }
            for field in kind.requiredFields where sources[field] == nil {
                throw IngestionError(
                    .unknownColumn, "no column is mapped to '\(field)', which kind '\(kind)' needs",
                    hint: Suggestion.hint(for: field, in: columns, called: "columns"))
            }
        } else if let form {
            kind = form
            for field in form.standardFields { sources[field] = field }
        } else {
            (kind, sources) = try Self.infer(columns)
        }
        self.kind = kind
        subject = mapping?.subject ?? []
        key = mapping?.key ?? []
        let dropped = Set(mapping?.dropping ?? []).subtracting(sources.values)
        self.dropped = dropped
        var renamed: [String: String] = [:]
        for (target, source) in sources where target != source { renamed[source] = target }
        let taken = Set(sources.filter { $0.key != $0.value }.keys)
        self.renamed = renamed
        self.taken = taken
        types = (mapping?.types ?? [:]).sorted { $0.key < $1.key }.compactMap { column, type in
            let target = Self.target(of: column, renamed, dropped, taken)
            return target.map { (field: $0, column: column, type: type) }
        }
    }

    /// The error for a column that the mapping names and the input lacks.
    static func unknown(_ name: String, in columns: [String]) -> IngestionError {
        IngestionError(
            .unknownColumn, "the input has no column '\(name)'",
            hint: Suggestion.hint(for: name, in: columns, called: "columns"))
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
    func target(of column: String) -> String? { Self.target(of: column, renamed, dropped, taken) }

    private static func target(
        of column: String, _ renamed: [String: String], _ dropped: Set<String>, _ taken: Set<String>
    ) -> String? {
        if dropped.contains(column) { return nil }
        return renamed[column] ?? (taken.contains(column) ? "source.\(column)" : column)
    }

    /// Maps a row with columns by name; `identity` has the columns of subjects and keys.
    func row(
        _ source: [String: JSONValue], identifiedBy identity: [String: JSONValue]
    ) -> (fields: [String: JSONValue], subjects: [String], key: String?) {
        func words(_ name: String) -> [String] {
            (identity[name] ?? source[name]).map(Self.words) ?? []
        }
        let subjects = subject.flatMap(words)
        let joined = Self.joined(key.map { words($0).joined(separator: ",") })
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
