public import Records

/// What to do about values that are not there, in all the ways that exports write that.
public struct MissingRule: Sendable, Hashable {
    /// What is done about a missing value.
    public enum Action: Sendable, Hashable {
        /// The record is dropped, as `missing-FIELD`.
        case drop
        /// The value becomes this text.
        case constant(String)
        /// The value becomes `null`, and the field `FIELD.missing` says `true`.
        case flag
    }

    /// How a missing value is written, in lower case.
    public static let defaultSpellings: Set<String> = [
        "", "na", "n/a", "n.a.", "#n/a", "#na", "<na>", "nan", "-nan", "#nan", "null", "(null)",
        "<null>", "nil", "none", "\\n", "-", "--", "?", "#value!", "#ref!", "#null!", "undefined",
    ]

    /// The fields looked at; nil: those that the kind requires.
    public let fields: [String]?
    /// What is done.
    public let action: Action
    /// How a missing value is written, in lower case, without white space at the ends.
    public let spellings: Set<String>

    /// Makes a rule.
    public init(
        fields: [String]? = nil, action: Action = .drop,
        spellings: Set<String> = defaultSpellings
    ) {
        self.fields = fields
        self.action = action
        self.spellings = spellings
    }

    /// Whether a value counts as missing.
    public static func isMissing(
        _ value: JSONValue?, spellings: Set<String> = defaultSpellings
    ) -> Bool {
        switch value {
        case nil, .null: true
        case .string(let text): isMissing(text, spellings)
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .number: false
        }
    }

    private static func isMissing(_ text: String, _ spellings: Set<String>) -> Bool {
        // The longest spelling, with some room for white space around it.
        guard text.utf8.count <= 64 || text.utf8.allSatisfy({ $0 <= 0x20 }) else { return false }
        let trimmed = WhiteSpace.collapsed(Array(text.utf8), keepsLines: false)
        return spellings.contains(String(decoding: trimmed, as: UTF8.self).lowercased())
    }

    /// Applies the rule. Returns why the record is dropped, or nil; `changed` says whether it was.
    func apply(_ record: inout Record, changed: inout Bool) -> String? {
        for field in fields ?? record.kind.requiredFields
        where Self.isMissing(record.fields[field], spellings: spellings) {
            switch action {
            case .drop: return "missing-\(field)"
            case .constant(let text): record.fields[field] = .string(text)
            case .flag:
                record.fields[field] = .null
                record.fields["\(field).missing"] = true
            }
            changed = true
        }
        return nil
    }
}
