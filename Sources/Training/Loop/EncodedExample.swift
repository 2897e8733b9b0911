/// One training example: token ids, already cut to length, and what is to be learned of them.
public struct EncodedExample: Sendable, Hashable {
    /// What is to be learned.
    public enum Target: Sendable, Hashable {
        /// Index of the text's label.
        case label(Int)
        /// For each token: the index of its label, or of itself for a language model (the shift by
        /// one is ours); ``ignored`` where nothing is learned.
        case tokens([Int32])
    }

    /// Stands where nothing is learned of a token (torch's `ignore_index`).
    public static let ignored: Int32 = -100

    /// Token ids, special tokens included, e.g. [CLS] … [SEP].
    public var ids: [Int32]
    /// What is to be learned.
    public var target: Target
    /// Token types (0 first sentence, 1 second); nil for all 0.
    public var typeIDs: [Int32]?
    /// The worse answer to the same prompt, for preference tuning: ids and targets.
    public var rejected: Alternative?

    /// Another continuation of the same prompt.
    public struct Alternative: Sendable, Hashable {
        /// Token ids, prompt included.
        public var ids: [Int32]
        /// As in ``Target/tokens(_:)``.
        public var targets: [Int32]

        /// An alternative; both have the same count.
        public init(ids: [Int32], targets: [Int32]) {
            self.ids = ids
            self.targets = targets
        }
    }

    /// A text with a label.
    public init(ids: [Int32], label: Int, typeIDs: [Int32]? = nil) {
        self.ids = ids
        target = .label(label)
        self.typeIDs = typeIDs
    }

    /// A text with something to learn of its tokens.
    public init(
        ids: [Int32], targets: [Int32], typeIDs: [Int32]? = nil, rejected: Alternative? = nil
    ) {
        self.ids = ids
        target = .tokens(targets)
        self.typeIDs = typeIDs
        self.rejected = rejected
    }

    /// Tokens that go through the model for it.
    public var tokenCount: Int { ids.count + (rejected?.ids.count ?? 0) }

    /// The label, if it has one for the whole text.
    public var label: Int? { if case .label(let label) = target { label } else { nil } }

    /// The tokens' targets, if it has some.
    public var targets: [Int32]? { if case .tokens(let targets) = target { targets } else { nil } }
}
