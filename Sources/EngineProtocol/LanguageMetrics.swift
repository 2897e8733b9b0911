import Glibc
public import Records

/// How well a language model does on one split, over the tokens that count (an assistant's only,
/// where that is what is learned).
public struct LanguageMetrics: Sendable, Hashable {
    /// Records scored.
    public var count: Int
    /// Tokens scored.
    public var tokens: Int
    /// Mean negative log likelihood of a token in nats.
    public var loss: Double
    /// Tokens that were the most likely one ÷ tokens.
    public var tokenAccuracy: Double
    /// Share of pairs whose chosen answer has the higher reward; preference tasks only.
    public var preferenceAccuracy: Double?
    /// What the loss lies between.
    public var lossInterval: ConfidenceInterval?

    /// Makes metrics.
    public init(
        count: Int, tokens: Int, loss: Double, tokenAccuracy: Double,
        preferenceAccuracy: Double? = nil, lossInterval: ConfidenceInterval? = nil
    ) {
        self.count = count
        self.tokens = tokens
        self.loss = loss
        self.tokenAccuracy = tokenAccuracy
        self.preferenceAccuracy = preferenceAccuracy
        self.lossInterval = lossInterval
    }

    /// e to the loss, at most the largest finite number.
    public var perplexity: Double { min(exp(loss), .greatestFiniteMagnitude) }

    /// The metrics as JSON, members as they are named here.
    public var json: JSONValue {
        [
            "count": .integer(count), "tokens": .integer(tokens), "loss": .double(loss),
            "perplexity": .double(perplexity), "tokenAccuracy": .double(tokenAccuracy),
            "preferenceAccuracy": preferenceAccuracy.map { .double($0) } ?? .null,
            "lossInterval": lossInterval?.json ?? .null,
        ]
    }

    /// Reads metrics back; the perplexity is computed again.
    public init(json: JSONValue) throws(EngineProtocolError) {
        let fields = try JSONFields(json, "metrics")
        self.init(
            count: try fields.count("count"), tokens: try fields.count("tokens"),
            loss: try fields.number("loss"), tokenAccuracy: try fields.number("tokenAccuracy"),
            preferenceAccuracy: try fields.optionalNumber("preferenceAccuracy"),
            lossInterval: try fields.interval("lossInterval"))
        for share in [tokenAccuracy, preferenceAccuracy ?? 0] where !(0...1).contains(share) {
            throw EngineProtocolError(
                .malformed, "metrics: an accuracy outside 0…1", hint: "the engine counts wrongly")
        }
        if let claimed = fields.value("perplexity").doubleValue,
            abs(claimed - perplexity) > 1e-6 * max(1, perplexity)
        {
            throw EngineProtocolError(
                .malformed, "metrics: the perplexity is not e to the loss",
                hint: "the loss is in nats")
        }
    }
}
