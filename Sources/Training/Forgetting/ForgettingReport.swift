public import Records

/// What a model knew of the world before it was trained, and what it knows now.
public struct ForgettingReport: Sendable, Hashable {
    /// What is compared.
    public enum Measure: String, Sendable {
        /// Perplexity of ``GeneralSet/texts``: smaller is better.
        case perplexity
        /// Spearman's correlation over ``GeneralSet/pairs``: larger is better.
        case similarity
    }

    /// What is compared.
    public let measure: Measure
    /// ``TunableModel/generalScore(encode:)`` before training.
    public let before: Double
    /// The same after training.
    public let after: Double

    /// A report.
    public init(measure: Measure, before: Double, after: Double) {
        self.measure = measure
        self.before = before
        self.after = after
    }

    /// How much is lost: the perplexity's growth as a share, or the correlation's fall. Below 0 if
    /// the model became better.
    public var loss: Double {
        measure == .perplexity ? after / before - 1 : before - after
    }

    /// `{"measure": "perplexity", "before": 17.1, "after": 19.4, "loss": 0.13}`
    public var json: JSONValue {
        [
            "measure": .string(measure.rawValue), "before": .double(before),
            "after": .double(after), "loss": .double(loss),
        ]
    }
}
