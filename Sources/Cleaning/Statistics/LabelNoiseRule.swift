internal import Records

/// How labels that seem wrong are looked for.
public struct LabelNoiseRule: Sendable, Hashable {
    /// What is done about one.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// It is listed for review, and nothing changes.
        case report
        /// The record gets the field `label_issue` too, with the label that seems right.
        case flag
    }

    /// Labels of fewer records are not judged.
    static let leastPerClass = 5
    /// The most words and runs of characters that a record is told by.
    static let mostFeatures = 256

    /// The fields that the label is told from; nil: the standard fields of the kind but the label.
    public let fields: [String]?
    /// The field that holds the label.
    public let label: String
    /// Parts of the data, each judged by a model of the others. A group never stands in two.
    public let folds: Int
    /// How often a model sees each record.
    public let epochs: Int
    /// What is done about a label that seems wrong.
    public let action: Action

    /// Makes a rule.
    public init(
        fields: [String]? = nil, label: String = "label", folds: Int = 5, epochs: Int = 10,
        action: Action = .report
    ) {
        self.fields = fields
        self.label = label
        self.folds = folds
        self.epochs = epochs
        self.action = action
    }

    /// The parameters as a recipe writes them.
    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "field": .string(label), "folds": .integer(folds), "epochs": .integer(epochs),
            "action": .string(action.rawValue),
        ]
        if let fields { members["fields"] = .array(fields.sorted().map { .string($0) }) }
        return members
    }
}
