public import Records

/// Scores on one split, in the words of the task.
///
///     if let classes = evaluation.metrics.classification { print(classes.macroF1) }
///     print(evaluation.metrics["loss"] ?? .nan)
public enum RunMetrics: Sendable, Hashable {
    /// Scores of a classifier of texts.
    case classification(ClassificationMetrics)
    /// Scores of a tagger of words.
    case tokens(TokenMetrics)
    /// Scores of a language model.
    case language(LanguageMetrics)

    /// The scores of a classifier, nil for another task.
    public var classification: ClassificationMetrics? {
        if case .classification(let metrics) = self { metrics } else { nil }
    }

    /// The scores of a tagger, nil for another task.
    public var tokens: TokenMetrics? {
        if case .tokens(let metrics) = self { metrics } else { nil }
    }

    /// The scores of a language model, nil for another task.
    public var language: LanguageMetrics? {
        if case .language(let metrics) = self { metrics } else { nil }
    }

    /// Mean cross-entropy in nats; every task has one.
    public var loss: Double {
        switch self {
        case .classification(let metrics): metrics.loss
        case .tokens(let metrics): metrics.loss
        case .language(let metrics): metrics.loss
        }
    }

    /// Records scored.
    public var count: Int {
        switch self {
        case .classification(let metrics): metrics.count
        case .tokens(let metrics): metrics.count
        case .language(let metrics): metrics.count
        }
    }

    /// One score under a name that `metric_for_best_model` takes; nil where the task has no such
    /// score: `loss`; `accuracy`, `macro_f1` of classifiers; `f1`, `precision`, `recall`, `accuracy`
    /// of taggers; `perplexity`, `accuracy` of language models.
    public subscript(name: String) -> Double? {
        switch (self, name) {
        case (_, "loss"): loss
        case (.classification(let metrics), "accuracy"): metrics.accuracy
        case (.classification(let metrics), "macro_f1"): metrics.macroF1
        case (.tokens(let metrics), "f1"): metrics.overall.f1
        case (.tokens(let metrics), "precision"): metrics.overall.precision
        case (.tokens(let metrics), "recall"): metrics.overall.recall
        case (.tokens(let metrics), "accuracy"): metrics.tokenAccuracy
        case (.language(let metrics), "perplexity"): metrics.perplexity
        case (.language(let metrics), "accuracy"): metrics.tokenAccuracy
        default: nil
        }
    }

    /// The metrics as JSON: the task's own members and `kind`.
    public var json: JSONValue {
        let (kind, value) =
            switch self {
            case .classification(let metrics): ("classification", metrics.json)
            case .tokens(let metrics): ("tokens", metrics.json)
            case .language(let metrics): ("language", metrics.json)
            }
        var members = value.objectValue ?? [:]
        members["kind"] = .string(kind)
        return .object(members)
    }

    /// Reads metrics back; without a `kind` they are those of a classifier.
    public init(json: JSONValue) throws(EngineProtocolError) {
        let fields = try JSONFields(json, "metrics")
        switch try fields.text("kind", or: "classification") {
        case "classification": self = .classification(try ClassificationMetrics(json: json))
        case "tokens": self = .tokens(try TokenMetrics(json: json))
        case "language": self = .language(try LanguageMetrics(json: json))
        default:
            throw EngineProtocolError(
                .malformed, "metrics of an unknown kind",
                hint: "classification, tokens and language are known")
        }
    }
}

/// What a score lies between with 95 % confidence, by bootstrap over records (Efron 1979).
public struct ConfidenceInterval: Sendable, Hashable {
    /// The 2.5th percentile.
    public var lower: Double
    /// The 97.5th percentile.
    public var upper: Double

    /// Makes an interval.
    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// The interval as JSON.
    public var json: JSONValue { ["lower": .double(lower), "upper": .double(upper)] }
}

extension JSONFields {
    /// A confidence interval that may be absent.
    func interval(_ name: String) throws(EngineProtocolError) -> ConfidenceInterval? {
        guard !isAbsent(name) else { return nil }
        let fields = try JSONFields(value(name), name)
        let interval = ConfidenceInterval(
            lower: try fields.number("lower"), upper: try fields.number("upper"))
        guard interval.lower <= interval.upper else {
            throw EngineProtocolError(
                .malformed, "\(what): \(name) ends before it begins",
                hint: "lower is the smaller of both")
        }
        return interval
    }

    /// A count: a whole number that is not negative.
    func count(_ name: String) throws(EngineProtocolError) -> Int {
        let value = try integer(name)
        guard value >= 0 else {
            throw EngineProtocolError(
                .malformed, "\(what): \(name) is negative", hint: "counts begin at 0")
        }
        return value
    }

    /// Refuses a score that does not follow from the counts beside it.
    func check(_ name: String, is computed: Double) throws(EngineProtocolError) {
        guard let claimed = value(name).doubleValue, abs(claimed - computed) > 1e-6 else { return }
        throw EngineProtocolError(
            .malformed, "\(what): \(name) is not what the counts give",
            hint: "the engine counts wrongly")
    }
}
