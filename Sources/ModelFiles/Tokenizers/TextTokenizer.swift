/// Text into token ids and back, whatever the model behind it.
///
///     let tokenizer = try TokenizerFiles.load(["tokenizer.json": bytes])
///     let ids = tokenizer.encode(Array("The capital".utf8), addsSpecialTokens: true)
///     tokenizer.decode(ids, skipsSpecialTokens: true)
///
/// Texts are bytes. Those that are no UTF-8 are read as U+FFFD, once for each maximal ill-formed
/// part (Unicode 16, section 3.9, table 3-8), as Python's `errors="replace"` does.
public protocol TextTokenizer: Sendable {
    /// The highest id + 1.
    var vocabularyCount: Int { get }

    /// The ids that have a role of their own.
    var specialTokens: SpecialTokens { get }

    /// The ids of a text in which the names of special tokens count as those tokens, as Hugging
    /// Face's `encode(text, add_special_tokens=…)`.
    ///
    /// - Parameter addsSpecialTokens: whether what the model wants around a text is added
    ///   (`[CLS] … [SEP]`, `<s> … </s>`).
    func encode(_ text: [UInt8], addsSpecialTokens: Bool) -> [Int32]

    /// The ids of a text in which no special token is seen: `<|im_end|>` is a few characters.
    /// Nothing is added around it.
    ///
    /// - Parameter startsInput: whether the text opens the input. Some SentencePiece models put
    ///   their dummy space there and nowhere else.
    func encodePlain(_ text: [UInt8], startsInput: Bool) -> [Int32]

    /// The ids of a text that is cut into words already, special tokens around it, as Hugging
    /// Face's `encode(words, is_pretokenized=True)`.
    ///
    /// - Returns: the ids, and for each word the index of its first id: -1 if the word gave none.
    func encode(words: [[UInt8]]) -> (ids: [Int32], firstIDs: [Int])

    /// The text of ids, as bytes. Ids out of range are left out. A byte-level model can be made to
    /// say bytes that are no UTF-8; what becomes of them is the caller's business.
    func decode(_ ids: [Int32], skipsSpecialTokens: Bool) -> [UInt8]

    /// The id of a token in the vocabulary's own spelling (`##ing`, `Ġthe`, `▁the`), nil if there
    /// is none.
    func id(of token: String) -> Int32?

    /// The vocabulary's spelling of an id, nil if the id is out of range or unused.
    func token(_ id: Int32) -> [UInt8]?

    /// Whether an id is a special token, which `decode` can skip.
    func isSpecial(_ id: Int32) -> Bool
}

/// The ids that have a role of their own, as far as the tokenizer's files name them.
public struct SpecialTokens: Sendable, Hashable {
    /// Opens a text: `<s>`, `[CLS]`.
    public var begin: Int32?
    /// Ends a text: `</s>`, `<|endoftext|>`, `[SEP]`.
    public var end: Int32?
    /// Fills up a batch.
    public var pad: Int32?
    /// Stands for what the vocabulary cannot spell.
    public var unknown: Int32?
    /// Hides a token from a masked language model.
    public var mask: Int32?

    /// Makes a set of roles; those that are left out have no id.
    public init(
        begin: Int32? = nil, end: Int32? = nil, pad: Int32? = nil, unknown: Int32? = nil,
        mask: Int32? = nil
    ) {
        self.begin = begin
        self.end = end
        self.pad = pad
        self.unknown = unknown
        self.mask = mask
    }
}
