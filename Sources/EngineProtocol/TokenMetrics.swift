public import Records

/// How well a tagger does on one split: spans as CoNLL-2000's `conlleval` counts them.
///
/// A span is right if its type and both its ends are. Everything follows from counts.
public struct TokenMetrics: Sendable, Hashable {
    /// Spans of one type, or of all.
    public struct SpanScores: Sendable, Hashable {
        /// The type, such as `PER`; empty for all types together.
        public var type: String
        /// Spans that were found with the right type and ends.
        public var correct: Int
        /// Spans that were found.
        public var predicted: Int
        /// Spans that are there.
        public var support: Int

        /// Makes the counts of one type.
        public init(type: String, correct: Int, predicted: Int, support: Int) {
            self.type = type
            self.correct = correct
            self.predicted = predicted
            self.support = support
        }

        /// Correct ÷ predicted; 0 where there are none.
        public var precision: Double { Self.ratio(correct, predicted) }
        /// Correct ÷ support; 0 where there are none.
        public var recall: Double { Self.ratio(correct, support) }
        /// The harmonic mean of both.
        public var f1: Double { Self.ratio(2 * correct, predicted + support) }

        private static func ratio(_ part: Int, _ whole: Int) -> Double {
            whole == 0 ? 0 : Double(part) / Double(whole)
        }

        var json: JSONValue {
            [
                "type": .string(type), "correct": .integer(correct),
                "predicted": .integer(predicted), "support": .integer(support),
                "precision": .double(precision), "recall": .double(recall), "f1": .double(f1),
            ]
        }

        init(json: JSONValue) throws(EngineProtocolError) {
            let fields = try JSONFields(json, "span scores")
            type = try fields.text("type")
            correct = try fields.count("correct")
            predicted = try fields.count("predicted")
            support = try fields.count("support")
            guard correct <= predicted, correct <= support else {
                throw EngineProtocolError(
                    .malformed, "metrics: more spans are right than there are",
                    hint: "the engine counts wrongly")
            }
        }
    }

    /// Records scored.
    public var count: Int
    /// Mean cross-entropy of a word in nats.
    public var loss: Double
    /// Words scored.
    public var tokens: Int
    /// Words with the right tag.
    public var correctTokens: Int
    /// Scores by type, sorted by type.
    public var types: [SpanScores]
    /// What overall F1 lies between.
    public var f1Interval: ConfidenceInterval?

    /// Makes metrics out of counts.
    public init(
        count: Int, loss: Double, tokens: Int, correctTokens: Int, types: [SpanScores],
        f1Interval: ConfidenceInterval? = nil
    ) {
        self.count = count
        self.loss = loss
        self.tokens = tokens
        self.correctTokens = correctTokens
        self.types = types.sorted { $0.type.utf8.lexicographicallyPrecedes($1.type.utf8) }
        self.f1Interval = f1Interval
    }

    /// All types together: the micro-average that `conlleval` prints first.
    public var overall: SpanScores {
        SpanScores(
            type: "", correct: types.reduce(0) { $0 + $1.correct },
            predicted: types.reduce(0) { $0 + $1.predicted },
            support: types.reduce(0) { $0 + $1.support })
    }

    /// Words with the right tag ÷ words; 0 where there are none.
    public var tokenAccuracy: Double {
        tokens == 0 ? 0 : Double(correctTokens) / Double(tokens)
    }

    /// The metrics as JSON, members as they are named here; the scores that follow from the counts
    /// stand beside them.
    public var json: JSONValue {
        let all = overall
        return [
            "count": .integer(count), "loss": .double(loss), "tokens": .integer(tokens),
            "correctTokens": .integer(correctTokens), "tokenAccuracy": .double(tokenAccuracy),
            "precision": .double(all.precision), "recall": .double(all.recall),
            "f1": .double(all.f1), "types": .array(types.map(\.json)),
            "f1Interval": f1Interval?.json ?? .null,
        ]
    }

    /// Reads metrics back: counts are believed, scores are computed again.
    public init(json: JSONValue) throws(EngineProtocolError) {
        let fields = try JSONFields(json, "metrics")
        var types: [SpanScores] = []
        for value in try fields.array("types") { types.append(try SpanScores(json: value)) }
        let limit = Int.max / max(types.count, 1) / 2
        guard types.allSatisfy({ max($0.predicted, $0.support) <= limit }) else {
            throw EngineProtocolError(
                .malformed, "metrics: counts that no split has", hint: "the engine counts wrongly")
        }
        self.init(
            count: try fields.count("count"), loss: try fields.number("loss"),
            tokens: try fields.count("tokens"), correctTokens: try fields.count("correctTokens"),
            types: types, f1Interval: try fields.interval("f1Interval"))
        guard correctTokens <= tokens else {
            throw EngineProtocolError(
                .malformed, "metrics: more words are right than there are",
                hint: "the engine counts wrongly")
        }
        try fields.check("f1", is: overall.f1)
        try fields.check("tokenAccuracy", is: tokenAccuracy)
    }
}
