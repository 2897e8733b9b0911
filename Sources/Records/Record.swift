/// What a record is for: the shape of its standard fields.
public enum RecordKind: String, Sendable, CaseIterable, Codable {
    /// `text`
    case text
    /// `text`, `label`
    case labelled
    /// `messages`: an array of `{role, content}`
    case chat
    /// `instruction`, `input`, `output`
    case instruction
    /// `prompt`, `chosen`, `rejected`
    case preference

    /// The fields that a record of this kind cannot do without.
    public var requiredFields: [String] {
        switch self {
        case .text: ["text"]
        case .labelled: ["text", "label"]
        case .chat: ["messages"]
        case .instruction: ["instruction", "output"]
        case .preference: ["prompt", "chosen", "rejected"]
        }
    }
}

/// The part of a dataset that a record belongs to, frozen before training.
public enum Split: String, Sendable, CaseIterable, Codable {
    /// What a model learns from.
    case train
    /// What choices between models are judged on.
    case validation
    /// What only an evaluation may read.
    case test
}

/// One training example.
///
/// Numbers in `fields` are held as strings with their source text; the version's ``Schema`` says
/// which columns are numbers. Where the record came from is its ``Origin``, not part of it.
public struct Record: Sendable, Hashable {
    /// The stable identity, not part of the canonical bytes.
    public var rid: RecordID
    /// What the record is for.
    public var kind: RecordKind
    /// The columns, standard ones under their standard names, all others under their own.
    public var fields: [String: JSONValue]
    /// The part of the dataset, once split.
    public var split: Split?
    /// The blind ids of the people it is about, sorted, each once.
    public var subjects: [SubjectID]

    /// Makes a record; subjects are sorted and made unique.
    public init(
        rid: RecordID, kind: RecordKind, fields: [String: JSONValue], split: Split? = nil,
        subjects: [SubjectID] = []
    ) {
        self.rid = rid
        self.kind = kind
        self.fields = fields
        self.split = split
        self.subjects = subjects.count > 1 ? Array(Set(subjects)).sorted() : subjects
    }

    /// JCS of `{fields, kind, split, subjects}`.
    public func canonicalBytes() -> [UInt8] {
        CanonicalJSON.encode([
            "fields": .object(fields), "kind": .string(kind.rawValue),
            "split": split.map { .string($0.rawValue) } ?? .null,
            "subjects": .array(subjects.map { .string($0.hex) }),
        ])
    }

    /// Reads a record back from its canonical bytes.
    public init(rid: RecordID, canonicalBytes: [UInt8]) throws(RecordsError) {
        let value = try JSONParser.parse(canonicalBytes)
        guard let fields = value["fields"]?.objectValue,
            let kind = value["kind"]?.stringValue.flatMap(RecordKind.init),
            let subjects = value["subjects"]?.stringArray?.compactMap({ SubjectID(hex: $0) }),
            subjects.count == value["subjects"]?.arrayValue?.count
        else { throw RecordsError(.malformedRecord, "record \(rid) lacks a member of its form") }
        var split: Split?
        if let name = value["split"], !name.isNull {
            split = name.stringValue.flatMap(Split.init)
            guard split != nil else {
                throw RecordsError(.malformedRecord, "record \(rid) has an unknown split")
            }
        }
        self.init(rid: rid, kind: kind, fields: fields, split: split, subjects: subjects)
    }

    /// The text of a string field; nil when it is absent or something else.
    public func text(_ field: String) -> String? { fields[field]?.stringValue }

    /// The required fields of its kind that are absent or null.
    public var missingFields: [String] {
        kind.requiredFields.filter { fields[$0]?.isNull ?? true }
    }
}
