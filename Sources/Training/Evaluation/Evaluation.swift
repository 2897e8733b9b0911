/// How well a model does on examples whose answers are known.
public enum Evaluation: Sendable, Hashable {
    /// Labels of texts.
    case classification(ClassificationEvaluation)
    /// Labels of words.
    case spans(SpanEvaluation)
    /// Next tokens.
    case language(LanguageEvaluation)

    /// Mean cross-entropy, without smoothing or class weights, in nats.
    public var loss: Double {
        switch self {
        case .classification(let scores): scores.loss
        case .spans(let scores): scores.loss
        case .language(let scores): scores.loss
        }
    }

    /// The labels' scores, if it is of texts with labels.
    public var classification: ClassificationEvaluation? {
        if case .classification(let scores) = self { scores } else { nil }
    }

    /// The metric's value; nil if this evaluation has none of that name.
    public func value(of metric: TrainingConfiguration.Metric) -> Double? {
        switch (self, metric) {
        case (_, .loss): loss
        case (.classification(let scores), .accuracy): scores.accuracy
        case (.classification(let scores), .macroF1): scores.macroF1
        case (.classification(let scores), .f1): scores.macroF1
        case (.spans(let scores), .f1): scores.overall.f1
        case (.spans(let scores), .accuracy):
            scores.words == 0 ? 0 : Double(scores.correctWords) / Double(scores.words)
        case (.language(let scores), .perplexity): scores.perplexity
        case (.language(let scores), .accuracy): scores.tokenAccuracy
        default: nil
        }
    }
}
