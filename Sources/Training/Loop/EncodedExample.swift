/// One training example: token ids, already cut to length, and the index of its label.
public struct EncodedExample: Sendable, Hashable {
    /// Token ids, special tokens included, e.g. [CLS] … [SEP].
    public var ids: [Int32]
    /// Index of the label.
    public var label: Int
    /// Token types (0 first sentence, 1 second); nil for all 0.
    public var typeIDs: [Int32]?

    /// An example.
    public init(ids: [Int32], label: Int, typeIDs: [Int32]? = nil) {
        self.ids = ids
        self.label = label
        self.typeIDs = typeIDs
    }
}
