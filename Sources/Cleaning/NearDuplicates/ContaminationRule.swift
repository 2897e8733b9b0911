internal import Records

/// When a record of validation or test counts as contaminated by the text of train.
public struct ContaminationRule: Sendable, Hashable {
    /// What is done about it.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// The evaluation record gets the field `contamination`: the share of its runs in train.
        case flag
        /// The train records that hold the runs are dropped; the evaluation stays as it is.
        case drop
    }

    /// Texts of fewer words are not judged: short phrases repeat without being copied.
    static let leastWords = 6

    /// The fields compared; nil: the standard fields of the kind but the label.
    public let fields: [String]?
    /// Words in a run. A text of fewer, but at least six, is one run.
    public let words: Int
    /// The least share of a record's runs found in train that makes it contaminated.
    public let overlap: Double
    /// A run that is in more evaluation records than this and in more train records than this is
    /// boilerplate, and does not count.
    public let common: Int
    /// The share of contaminated evaluation records above which a version must not be handed off.
    public let limit: Double
    /// What is done about it.
    public let action: Action

    /// Makes a rule.
    public init(
        fields: [String]? = nil, words: Int = 12, overlap: Double = 0.5, common: Int = 10,
        limit: Double = 0, action: Action = .flag
    ) {
        self.fields = fields
        self.words = words
        self.overlap = overlap
        self.common = common
        self.limit = limit
        self.action = action
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "words": .integer(words), "overlap": .double(overlap), "common": .integer(common),
            "limit": .double(limit), "action": .string(action.rawValue),
        ]
        if let fields { members["fields"] = .array(fields.sorted().map { .string($0) }) }
        return members
    }
}
