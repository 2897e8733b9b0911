internal import Records

/// Which classes there are, how unequal they are, and whether the large ones are made smaller.
public struct BalanceRule: Sendable, Hashable {
    /// What is done about it.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// Counts and suggested weights, and no change.
        case report
        /// Records of large classes are dropped from train.
        case downsample
    }

    /// The field that holds the class.
    public let field: String
    /// What is done about it.
    public let action: Action
    /// How many times as large as the smallest class another may stay in train.
    public let ratio: Double

    /// Makes a rule.
    public init(field: String = "label", action: Action = .report, ratio: Double = 3) {
        self.field = field
        self.action = action
        self.ratio = ratio
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        [
            "field": .string(field), "action": .string(action.rawValue), "ratio": .double(ratio),
        ]
    }
}
