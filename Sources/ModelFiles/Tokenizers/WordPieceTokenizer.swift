/// BERT's WordPiece tokenizer, equal id for id to Hugging Face's `BertTokenizerFast`.
///
///     let tokenizer = try WordPieceTokenizer(tokenizerJSON: bytes)
///     tokenizer.encode("This is an example sentence")  // [101, 2023, 2003, 2019, 2742, 6251, 102]
///
/// Text → words: `BasicTokenizer` (clean, space CJK, lower-case, strip accents, split at space and
/// punctuation); word → pieces: greedy longest match, pieces inside a word carry `##`. A word of
/// more than 100 scalars, or one that cannot be covered, is one `[UNK]`.
public struct WordPieceTokenizer: Sendable {
    /// How text becomes words.
    public struct Options: Sendable, Hashable {
        /// Lower-case every scalar.
        public var lowercase: Bool
        /// Remove combining marks after canonical decomposition.
        public var stripAccents: Bool
        /// Treat each CJK ideograph as a word.
        public var handleChineseCharacters: Bool
        /// Drop control characters and make every white space a space.
        public var cleanText: Bool

        /// Makes options; the defaults are those of `bert-base-uncased`.
        public init(
            lowercase: Bool = true, stripAccents: Bool = true,
            handleChineseCharacters: Bool = true, cleanText: Bool = true
        ) {
            self.lowercase = lowercase
            self.stripAccents = stripAccents
            self.handleChineseCharacters = handleChineseCharacters
            self.cleanText = cleanText
        }

        /// `bert-base-uncased` and its many children, MiniLM among them.
        public static let uncased = Options()
        /// `bert-base-cased`.
        public static let cased = Options(lowercase: false, stripAccents: false)
    }

    let table: TokenTable
    let basic: BasicTokenizer
    let continuingPrefix: [UInt8]
    let maximumWordLength: Int
    let added: AddedTokens
    let specialIDs: Set<Int32>

    /// The id of `[UNK]`.
    public let unknownID: Int32
    /// The id of `[CLS]`, which opens a sequence.
    public let classifyID: Int32
    /// The id of `[SEP]`, which closes a sequence.
    public let separatorID: Int32
    /// The id of `[PAD]`.
    public let padID: Int32
    /// The id of `[MASK]`, if the vocabulary has one.
    public let maskID: Int32?

    /// Puts a tokenizer together; the readers of each file format end here.
    ///
    /// - Parameter tokens: token bytes in the order of their ids; an empty one is a hole.
    init(
        tokens: [[UInt8]], options: Options, unknown: String = "[UNK]", prefix: String = "##",
        maximumWordLength: Int = 100, addedTokens: [AddedToken]? = nil
    ) throws(TokenizerError) {
        guard tokens.contains(where: { !$0.isEmpty }) else {
            throw TokenizerError(
                .emptyVocabulary, "the vocabulary has no token",
                hint: "give the model's own vocab.txt or tokenizer.json")
        }
        let table = TokenTable(tokens)
        func required(_ token: String) throws(TokenizerError) -> Int32 {
            guard let id = table.id(of: Array(token.utf8)) else {
                throw TokenizerError(
                    .missingToken, "the vocabulary has no \(token)",
                    hint: "a BERT vocabulary holds [PAD], [UNK], [CLS] and [SEP]")
            }
            return id
        }
        self.table = table
        basic = BasicTokenizer(options: options)
        continuingPrefix = Array(prefix.utf8)
        self.maximumWordLength = maximumWordLength
        unknownID = try required(unknown)
        classifyID = try required("[CLS]")
        separatorID = try required("[SEP]")
        padID = try required("[PAD]")
        maskID = table.id(of: Array("[MASK]".utf8))
        let usual = ["[PAD]", unknown, "[CLS]", "[SEP]", "[MASK]"]
        let special =
            addedTokens
            ?? usual.compactMap { name in
                let bytes = Array(name.utf8)
                return table.id(of: bytes).map {
                    AddedToken(id: $0, content: bytes, isSpecial: true)
                }
            }
        added = AddedTokens(special)
        specialIDs = Set(special.filter(\.isSpecial).map(\.id))
    }

    /// The number of ids.
    public var vocabularyCount: Int { table.count }

    /// The id of a token (a piece inside a word with its `##`), nil if there is none.
    public func id(of token: String) -> Int32? { table.id(of: Array(token.utf8)) }

    /// The token of an id, nil if it is out of range.
    public func token(of id: Int32) -> String? {
        guard id >= 0, Int(id) < table.count else { return nil }
        return String(decoding: table.bytes(of: id), as: UTF8.self)
    }

    /// Words of a text, as UTF-8, before they are cut into pieces.
    public func basicTokens(_ utf8: [UInt8]) -> [[UInt8]] { basic.words(utf8[...]) }
}
