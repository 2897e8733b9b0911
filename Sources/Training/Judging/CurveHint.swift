public import Records

/// Something that a run's curves show, and the setting that would change it.
public struct CurveHint: Sendable, Hashable {
    /// What the curves show.
    public enum Code: String, Sendable, CaseIterable {
        /// The loss is no number any more, or ends above where it began.
        case diverging
        /// The loss fell and then rose again, for the training examples themselves.
        case rateTooHigh = "rate-too-high"
        /// The training loss goes on falling while the validation loss rises.
        case overfitting
        /// The training loss has hardly fallen.
        case underfitting
        /// Both losses were still falling when the run ended.
        case tooFewSteps = "too-few-steps"
        /// Neither loss moves any more.
        case plateau
        /// Much of the run came after its best weights, and nothing stopped it.
        case unusedPatience = "unused-patience"
    }

    /// What the curves show.
    public let code: Code
    /// The same for people, with the numbers and what to do.
    public let message: String
    /// The setting to move, by the name in ``TrainingConfiguration/json``.
    public let parameter: String

    /// `{"code": "overfitting", "message": "…", "parameter": "num_train_epochs"}`
    public var json: JSONValue {
        [
            "code": .string(code.rawValue), "message": .string(message),
            "parameter": .string(parameter),
        ]
    }
}
