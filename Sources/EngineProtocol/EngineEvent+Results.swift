public import Records

/// What an engine says of texts and chats, and of its own state.
extension EngineEvent {
    /// A state that a killed run can go on from, whole in the parent's hands.
    public struct Checkpoint: Sendable, Hashable {
        /// Optimiser steps done.
        public var step: Int
        /// Epochs done, with a fraction.
        public var epoch: Double
        /// Whether it holds the best weights so far: kept beside the newest ones.
        public var isBest: Bool
        /// Its files, in the order they were put; names without `checkpoint/<step>/`.
        public var files: [Artifact]

        /// Makes the event.
        public init(step: Int, epoch: Double = 0, isBest: Bool = false, files: [Artifact]) {
            self.step = step
            self.epoch = epoch
            self.isBest = isBest
            self.files = files
        }
    }

    /// Why an answer ends where it does.
    public enum FinishReason: String, Sendable, Hashable, CaseIterable {
        /// The model ended it, or a stop text came.
        case stop
        /// As many tokens as were allowed, or as the model has positions for.
        case length
    }

    /// A model's answer.
    public struct Generation: Sendable, Hashable {
        /// The chat's or text's place in the request.
        public var index: Int
        /// The answer, without what stopped it.
        public var text: String
        /// Why it ends.
        public var finishReason: FinishReason
        /// Tokens of the answer.
        public var tokens: Int
        /// Tokens of what was asked.
        public var promptTokens: Int?

        /// Makes the event.
        public init(
            index: Int, text: String, finishReason: FinishReason, tokens: Int,
            promptTokens: Int? = nil
        ) {
            self.index = index
            self.text = text
            self.finishReason = finishReason
            self.tokens = tokens
            self.promptTokens = promptTokens
        }
    }

    /// What a tagger says of one text.
    public struct Tags: Sendable, Hashable {
        /// The text's place in the request, or the record's in the split.
        public var index: Int
        /// The record's id in hex, if it was a record.
        public var rid: String?
        /// A tag for each whitespace-separated word.
        public var tags: [String]
        /// The record's own tags, if it has them.
        public var truth: [String]?

        /// Makes the event.
        public init(index: Int, rid: String? = nil, tags: [String], truth: [String]? = nil) {
            self.index = index
            self.rid = rid
            self.tags = tags
            self.truth = truth
        }
    }

    /// How a model sees one text.
    public struct Probe: Sendable, Hashable {
        /// The text's place in the request.
        public var index: Int
        /// The text as a vector, such as the mean of its last hidden states; may be empty.
        public var vector: [Double]
        /// Named scores, such as the loss of a text; `null` where there are none.
        public var scores: JSONValue

        /// Makes the event.
        public init(index: Int, vector: [Double] = [], scores: JSONValue = .null) {
            self.index = index
            self.vector = vector
            self.scores = scores
        }
    }
}
