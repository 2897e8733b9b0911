public import Records

/// Which source column becomes which field of a record.
///
/// ```swift
/// let mapping = try FieldMapping("text=review,label=stars", subject: ["customer_id"])
/// ```
/// Targets are the standard field names. A required field that is not mapped is taken from the
/// column of its own name. All other columns stay as extra fields under their own names; one whose
/// name is taken by a mapped field becomes `source.NAME`.
public struct FieldMapping: Sendable, Hashable {
    /// The standard field names, the targets of a mapping.
    public static let targets = [
        "text", "label", "messages", "instruction", "input", "output", "prompt", "chosen",
        "rejected",
    ]

    /// Source column by target field.
    public private(set) var fields: [String: String] = [:]
    /// The columns that name the person a row is about.
    public private(set) var subject: [String] = []
    /// The columns that identify a row.
    public private(set) var key: [String] = []
    /// The columns that are left out.
    public private(set) var dropping: [String] = []
    /// The types that columns have to have; rows that do not fit go to quarantine.
    public private(set) var types: [String: FieldType] = [:]

    /// Reads `target=COLUMN,…`; `subject=`, `key=` and `drop=` are also allowed, repeatedly.
    ///
    /// Throws `badMapping` for a target that does not exist, or for targets of different kinds.
    public init(
        _ spec: String = "", subject: [String] = [], key: [String] = [], dropping: [String] = []
    ) throws(IngestionError) {
        self.subject = subject
        self.key = key
        self.dropping = dropping
        for part in spec.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { Self.trimmed($0) }
            guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
                throw IngestionError(
                    .badMapping, "'\(part)' is not of the form FIELD=COLUMN",
                    hint: "write for example text=review,label=stars")
            }
            switch sides[0] {
            case "subject": self.subject.append(sides[1])
            case "key": self.key.append(sides[1])
            case "drop": self.dropping.append(sides[1])
            default: try map(sides[0], to: sides[1])
            }
        }
        _ = try checkedKind()
    }

    /// This mapping with the subject, key and dropped columns of `other` where it names none.
    public func inheriting(_ other: FieldMapping) -> FieldMapping {
        var result = self
        if subject.isEmpty { result.subject = other.subject }
        if key.isEmpty { result.key = other.key }
        if dropping.isEmpty {
            let named = Set(fields.values).union(result.subject).union(result.key)
            result.dropping = other.dropping.filter { !named.contains($0) }
        }
        return result
    }

    /// Reads the form of `schemas/mapping.schema.json`.
    public init(json: JSONValue) throws(IngestionError) {
        try self.init()
        guard let members = json.objectValue else { throw Self.badFile("it is not an object") }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "fields":
                guard let columns = value.objectValue else {
                    throw Self.badFile("'fields' is not an object")
                }
                for (target, column) in columns.sorted(by: { $0.key < $1.key }) {
                    guard let column = column.stringValue else {
                        throw Self.badFile("the column of '\(target)' is not a string")
                    }
                    try map(target, to: column)
                }
            case "subject": subject = try Self.names(value, of: name)
            case "key": key = try Self.names(value, of: name)
            case "drop": dropping = try Self.names(value, of: name)
            case "types": types = try Self.types(value)
            default:
                throw IngestionError(
                    .badMapping, "a mapping has no member '\(name)'",
                    hint: Suggestion.hint(
                        for: name, in: ["fields", "subject", "key", "drop", "types"],
                        called: "members"))
            }
        }
        _ = try checkedKind()
    }

    /// What the records are for; nil while no field is mapped.
    public var kind: RecordKind? { try? checkedKind() }

    /// The mapping as `schemas/mapping.schema.json` has it.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "fields": .object(fields.mapValues { .string($0) }),
            "subject": .array(subject.map { .string($0) }),
            "key": .array(key.map { .string($0) }),
            "drop": .array(dropping.map { .string($0) }),
        ]
        if !types.isEmpty { members["types"] = .object(types.mapValues { .string($0.rawValue) }) }
        return .object(members)
    }

    /// Every column that the mapping names.
    var namedColumns: [String] { fields.values.sorted() + subject + key + dropping }

    private mutating func map(_ target: String, to column: String) throws(IngestionError) {
        guard Self.targets.contains(target) else {
            throw IngestionError(
                .badMapping, "'\(target)' is not a standard field",
                hint: Suggestion.hint(for: target, in: Self.targets, called: "fields"))
        }
        guard fields.updateValue(column, forKey: target) == nil else {
            throw IngestionError(
                .badMapping, "'\(target)' is mapped twice", hint: "map each field once")
        }
    }

    /// The one kind whose fields cover all mapped targets.
    private func checkedKind() throws(IngestionError) -> RecordKind? {
        guard !fields.isEmpty else { return nil }
        let mapped = Set(fields.keys)
        for kind in [RecordKind.text, .labelled, .chat, .instruction, .preference]
        where mapped.isSubset(of: kind.standardFields) {
            return kind
        }
        throw IngestionError(
            .badMapping,
            "the fields \(mapped.sorted().joined(separator: ", ")) do not belong to one kind",
            hint: RecordKind.allCases.map {
                "\($0.rawValue): \($0.standardFields.joined(separator: " "))"
            }.joined(separator: "; "))
    }

    private static func types(
        _ value: JSONValue
    ) throws(IngestionError) -> [String: FieldType] {
        guard let members = value.objectValue else { throw badFile("'types' is not an object") }
        let names = FieldType.declarable.map(\.rawValue)
        var types: [String: FieldType] = [:]
        for (column, value) in members.sorted(by: { $0.key < $1.key }) {
            let name = value.stringValue ?? ""
            guard names.contains(name), let type = FieldType(rawValue: name) else {
                throw IngestionError(
                    .badMapping, "the column '\(column)' has no type that can be declared",
                    hint: Suggestion.hint(for: name, in: names, called: "types"))
            }
            types[column] = type
        }
        return types
    }

    private static func names(
        _ value: JSONValue, of member: String
    ) throws(IngestionError) -> [String] {
        if let one = value.stringValue { return [one] }
        guard let names = value.stringArray else {
            throw badFile("'\(member)' is not a column name or a list of them")
        }
        return names
    }

    private static func badFile(_ what: String) -> IngestionError {
        IngestionError(
            .badMapping, "the mapping is not well-formed: \(what)",
            hint: "see schemas/mapping.schema.json")
    }

    private static func trimmed(_ text: Substring) -> String {
        var part = text.drop { $0 == " " }
        while part.last == " " { part.removeLast() }
        return String(part)
    }
}

extension RecordKind {
    /// All standard fields of this kind, optional ones too.
    var standardFields: [String] {
        self == .instruction ? ["instruction", "input", "output"] : requiredFields
    }
}
