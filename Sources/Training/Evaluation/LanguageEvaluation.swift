import Glibc

/// How well a language model foresees tokens.
public struct LanguageEvaluation: Sendable, Hashable {
    /// Examples.
    public let count: Int
    /// Tokens with a target.
    public let tokens: Int
    /// Mean −log p of a token, in nats.
    public let loss: Double
    /// Share of tokens that were the likeliest.
    public let tokenAccuracy: Double
    /// Between what 95 % of resamplings of the loss lie; nil if none were made.
    public let lossInterval: Interval?
    /// Share of pairs whose chosen answer is likelier than the rejected one; nil without pairs.
    public let preferenceAccuracy: Double?

    /// exp(loss)
    public var perplexity: Double { exp(loss) }

    /// Scores examples by their tokens' summed −log p, how many there are, and how many were the
    /// likeliest.
    init(
        _ examples: [(loss: Double, tokens: Int, hits: Int)], preferenceAccuracy: Double?,
        resamplings: Int
    ) {
        count = examples.count
        tokens = examples.reduce(0) { $0 + $1.tokens }
        let total = examples.reduce(0.0) { $0 + $1.loss }
        let hits = examples.reduce(0) { $0 + $1.hits }
        loss = tokens == 0 ? 0 : total / Double(tokens)
        tokenAccuracy = tokens == 0 ? 0 : Double(hits) / Double(tokens)
        self.preferenceAccuracy = preferenceAccuracy
        lossInterval = Bootstrap(count: count, resamplings: resamplings).map { bootstrap in
            Interval(
                bootstrap.map { rows in
                    let sums = rows.reduce((0.0, 0)) {
                        ($0.0 + examples[$1].loss, $0.1 + examples[$1].tokens)
                    }
                    return sums.1 == 0 ? 0 : sums.0 / Double(sums.1)
                })
        }
    }
}
