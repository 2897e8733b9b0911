public import Records

/// Why a whole file was refused.
public struct FileRefusal: Sendable, Hashable {
    /// The reason, as it stands in the quarantine: `document-encrypted`, `unsupported-format`, ….
    public let reason: String
    /// What happened.
    public let message: String
    /// How to mend it.
    public let hint: String
}

/// What became of one file.
public struct FileReport: Sendable {
    /// What the first pass found.
    public let facts: FileFacts
    /// What its records are for; nil if it had no rows.
    public internal(set) var kind: RecordKind?
    /// What became of its rows.
    public internal(set) var count = IngestCount()
    /// What its columns hold, under the names of the record's fields, over the whole file; text of
    /// a delimited file that is a number or a boolean throughout counts as one.
    public internal(set) var schema = Schema()
    /// The same, with what is missing and how that is spelled, by name.
    public internal(set) var columns: [ColumnReport] = []
    /// The chat or tuning form that was recognised, such as `sharegpt`.
    public internal(set) var form: String?
    /// How rows of a chat or tuning form were read; nil for others.
    public internal(set) var chat: ChatMapping?
    /// What was noticed in chats.
    public internal(set) var chatTally: ChatTally?
    /// Remarks for people.
    public internal(set) var notes: [String] = []
    /// Why the file could not be read as a whole, or not to its end.
    public internal(set) var refusal: FileRefusal?
    /// How many members an archive had; nil for other files.
    public internal(set) var members: Int?
    /// The encoding that the reader of a document found.
    public internal(set) var decodedAs: String?

    init(facts: FileFacts) {
        self.facts = facts
        notes = facts.notes
    }

    /// `{"file": …, "kind", "count": …, "schema": …, "columns": …}`
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "file": facts.json, "kind": kind.map { .string($0.rawValue) } ?? .null,
            "count": count.json, "schema": schema.json,
            "columns": .array(columns.map(\.json)), "notes": .array(notes.map { .string($0) }),
        ]
        if let form { members["form"] = .string(form) }
        if let chat { members["chat"] = chat.json }
        if let chatTally { members["chatTally"] = chatTally.json }
        if let refusal {
            members["refusal"] = [
                "reason": .string(refusal.reason), "message": .string(refusal.message),
                "hint": .string(refusal.hint),
            ]
        }
        if let count = self.members { members["members"] = .integer(count) }
        if let decodedAs { members["decodedAs"] = .string(decodedAs) }
        return .object(members)
    }
}
