/// How text is written on.
public struct GenerationSettings: Sendable, Hashable {
    /// Tokens that are written at most.
    public var maxNewTokens: Int
    /// 0 takes the likeliest token each time; above, the logits are divided by it and a token is
    /// drawn.
    public var temperature: Double
    /// Only the likeliest tokens that together reach this probability are drawn from (nucleus
    /// sampling, Holtzman et al. 2020).
    public var topP: Double
    /// Equal seeds draw equal tokens.
    public var seed: UInt64
    /// Tokens that end the text; they are not part of it.
    public var stopTokens: [Int32]

    /// Settings; without any, the likeliest 256 tokens.
    public init(
        maxNewTokens: Int = 256, temperature: Double = 0, topP: Double = 1, seed: UInt64 = 42,
        stopTokens: [Int32] = []
    ) {
        self.maxNewTokens = maxNewTokens
        self.temperature = temperature
        self.topP = topP
        self.seed = seed
        self.stopTokens = stopTokens
    }

    func check() throws(TrainingError) {
        guard maxNewTokens > 0, temperature >= 0, temperature.isFinite, topP > 0, topP <= 1 else {
            throw TrainingError(
                .configuration, "the settings for generation are out of range",
                hint: "max_new_tokens is above 0, temperature from 0 up, top_p above 0 and at most "
                    + "1.")
        }
    }
}

/// What a model wrote.
public struct GeneratedText: Sendable, Hashable {
    /// Why it ended.
    public enum FinishReason: String, Sendable {
        /// A stop token came.
        case stop
        /// As many tokens as were asked for.
        case length
        /// The model's context is full.
        case context
        /// The caller had enough.
        case cancelled
    }

    /// The new tokens.
    public let ids: [Int32]
    /// Why it ended.
    public let finishReason: FinishReason
}
