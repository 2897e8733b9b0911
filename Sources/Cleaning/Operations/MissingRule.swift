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
        /// The value becomes a statistic of the train part.
        case statistic(MissingStatistic)
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
    /// Whether a filled value is flagged too: `FIELD.missing` says `true`.
    public let flagsFilled: Bool
    private let longest: Int

    /// Makes a rule.
    public init(
        fields: [String]? = nil, action: Action = .drop,
        spellings: Set<String> = defaultSpellings, flagsFilled: Bool = false
    ) {
        self.fields = fields
        self.action = action
        self.spellings = spellings
        self.flagsFilled = flagsFilled
        longest = spellings.map(\.utf8.count).max() ?? 0
    }

    /// Whether a value counts as missing.
    public static func isMissing(_ value: JSONValue?) -> Bool {
        isMissing(value, spellings: defaultSpellings, longest: longestDefault)
    }

    private static let longestDefault = defaultSpellings.map(\.utf8.count).max() ?? 0

    /// Whether a value counts as missing by this rule.
    func finds(_ value: JSONValue?) -> Bool {
        Self.isMissing(value, spellings: spellings, longest: longest)
    }

    private static func isMissing(
        _ value: JSONValue?, spellings: Set<String>, longest: Int
    ) -> Bool {
        switch value {
        case nil, .null: true
        case .string(let text): isMissing(text, spellings, longest)
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .number: false
        }
    }

    private static func isMissing(_ text: String, _ spellings: Set<String>, _ longest: Int) -> Bool
    {
        let utf8 = text.utf8
        // With some room for white space around it.
        if utf8.count > longest {
            guard utf8.count <= 64 + longest || utf8.allSatisfy({ $0 <= 0x20 }) else {
                return false
            }
            if utf8.allSatisfy({ $0 > 0x20 && $0 < 0x80 }) { return false }
        }
        let trimmed = WhiteSpace.collapsed(Array(utf8), keepsLines: false)
        guard trimmed.count <= longest else { return false }
        return spellings.contains(String(decoding: trimmed, as: UTF8.self).lowercased())
    }

    /// Applies the rule. Returns why the record is dropped, or nil; `changed` says whether it was.
    func apply(
        _ record: inout Record, fitted: [String: JSONValue], changed: inout Bool,
        reasons: inout ReasonCounts
    ) -> String? {
        for field in fields ?? record.kind.requiredFields
        where finds(record.fields[field]) {
            switch action {
            case .drop: return "missing-\(field)"
            case .constant(let text):
                record.fields[field] = .string(text)
                reasons.add("missing/constant")
            case .flag:
                record.fields[field] = .null
                reasons.add("missing/flag")
            case .statistic(let statistic):
                guard let value = fitted[field] else { continue }
                record.fields[field] = value
                reasons.add("missing/\(statistic.rawValue)")
            }
            if flagsFilled || action == .flag { record.fields["\(field).missing"] = true }
            changed = true
        }
        return nil
    }
}
