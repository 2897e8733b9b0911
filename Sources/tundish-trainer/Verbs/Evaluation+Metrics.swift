import EngineProtocol
import Training

extension Evaluation {
    /// The same scores in the protocol's words.
    var metrics: RunMetrics {
        switch self {
        case .classification(let scores):
            var metrics = ClassificationMetrics(
                labels: scores.labels, confusion: scores.confusion, loss: scores.loss,
                calibrationError: scores.calibrationError)
            metrics.accuracyInterval = scores.intervals?.accuracy.protocolInterval
            metrics.macroF1Interval = scores.intervals?.macroF1.protocolInterval
            return .classification(metrics)
        case .spans(let scores):
            return .tokens(
                TokenMetrics(
                    count: scores.count, loss: scores.loss, tokens: scores.words,
                    correctTokens: scores.correctWords,
                    types: scores.types.map {
                        .init(
                            type: $0.type, correct: $0.correct, predicted: $0.predicted,
                            support: $0.support)
                    }, f1Interval: scores.f1Interval?.protocolInterval))
        case .language(let scores):
            return .language(
                LanguageMetrics(
                    count: scores.count, tokens: scores.tokens, loss: scores.loss,
                    tokenAccuracy: scores.tokenAccuracy,
                    preferenceAccuracy: scores.preferenceAccuracy,
                    lossInterval: scores.lossInterval?.protocolInterval))
        }
    }
}

extension Interval {
    fileprivate var protocolInterval: ConfidenceInterval {
        ConfidenceInterval(lower: lower, upper: upper)
    }
}
