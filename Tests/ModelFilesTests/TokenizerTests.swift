import Testing

@testable import ModelFiles

@Suite("WordPiece tokenizer")
struct TokenizerTests {
    /// A vocabulary small enough to read: ids are positions.
    static let words = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "the", "cafe", "!",
        "中", "文", "-", "##s", "a", "b", "σ", "##σ", "é", "e\u{301}", "ee", "##\u{301}",
    ]

    static func small(_ options: WordPieceTokenizer.Options = .uncased) throws
        -> WordPieceTokenizer
    {
        let text = words.joined(separator: "\n") + "\n"
        return try WordPieceTokenizer(vocabulary: Array(text.utf8), options: options)
    }

    @Test(
        "Text becomes pieces",
        arguments: [
            ("unaffable", [5, 6, 7]),
            ("Unaffable the", [5, 6, 7, 8]),
            ("café!", [9, 10]),
            ("cafe\u{301}!", [9, 10]),
            ("中文", [11, 12]),
            ("the\u{0}\u{FFFD}\u{200B}cafe", [1]),
            ("the\u{2028}cafe\t\r\nthe", [8, 9, 8]),
            ("a-b", [15, 13, 15 + 1]),
            ("\u{B}a\u{C}b", [1]),
            ("ΣΣ", [17, 18]),
            ("zebra the", [1, 8]),
            ("unx", [1]),
            ("", []),
            (" \n ", []),
            ("[MASK]the[SEP]", [4, 8, 3]),
            ("[mask]", [1, 1, 1]),
            (String(repeating: "a", count: 101), [1]),
        ] as [(String, [Int32])])
    func pieces(text: String, ids: [Int32]) throws {
        #expect(try Self.small().encodeWithoutSpecials(Array(text.utf8)) == ids)
    }

    @Test("Bytes are the keys: canonically equivalent tokens stay apart")
    func bytesAreKeys() throws {
        let tokenizer = try Self.small(.cased)
        #expect(tokenizer.id(of: "é") == 19)
        #expect(tokenizer.id(of: "e\u{301}") == 20)
        #expect(tokenizer.encodeWithoutSpecials([0xC3, 0xA9]) == [19])
        #expect(tokenizer.encodeWithoutSpecials([0x65, 0xCC, 0x81]) == [20])
    }

    @Test("Every length limit cuts the text and keeps both special tokens", arguments: 0...9)
    func truncation(limit: Int) throws {
        let whole: [Int32] = [2, 5, 6, 7, 8, 3]
        let ids = try Self.small().encode("unaffable the", maximumLength: limit)
        #expect(ids == whole.prefix(max(limit, 2) - 1).prefix(5) + [3])
    }

    @Test("Ids become text again")
    func decoding() throws {
        let tokenizer = try Self.small()
        #expect(tokenizer.decode([2, 5, 6, 7, 8, 10, 3]) == "unaffable the!")
        #expect(tokenizer.decode([2, 8, 3], skipSpecials: false) == "[CLS] the [SEP]")
        #expect(tokenizer.decode([-1, 8, 9_999]) == "the")
        #expect(tokenizer.token(of: 6) == "##aff")
        #expect(tokenizer.token(of: 10_000) == nil)
    }

    @Test(
        "Bytes that are no UTF-8 do no harm",
        arguments: [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80]])
    func invalidUTF8(bytes: [UInt8]) throws {
        let ids = try Self.small().encodeWithoutSpecials(bytes)
        #expect(ids == (bytes[0] == 0x61 ? [15] : []))
    }

    @Test("tokenizer.json and vocab.txt agree")
    func bothFiles() throws {
        let vocabulary = Self.words.enumerated().map { id, word in
            let escaped = word.unicodeScalars.map { scalar in
                scalar.value < 0x80
                    ? String(scalar) : "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
            }
            return "\"\(escaped.joined())\": \(id)"
        }
        let json = """
            {"version": "1.0", "truncation": null, "added_tokens": [
              {"id": 4, "content": "[MASK]", "special": true},
              {"id": 3, "content": "[SEP]", "special": true},
              {"id": 23, "content": "<order>", "special": false}],
             "normalizer": {"type": "BertNormalizer", "clean_text": true,
               "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "model": {"type": "WordPiece", "unk_token": "[UNK]",
               "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
               "vocab": {\(vocabulary.joined(separator: ", "))}}}
            """
        let tokenizer = try WordPieceTokenizer(tokenizerJSON: Array(json.utf8))
        let text = "[MASK] Unaffable café, 中文!"
        #expect(tokenizer.encode(text) == (try Self.small().encode(text)))
        #expect(tokenizer.vocabularyCount == 24)
        #expect(tokenizer.encode("the<order>") == [2, 8, 23, 3])
    }

    @Test(
        "A damaged or foreign file is refused",
        arguments: [
            ("", TokenizerError.Code.malformed),
            ("{", .malformed),
            ("{}", .malformed),
            ("[1, 2", .malformed),
            (#"{"model": {"type": "BPE", "vocab": {"a": 1}}}"#, .unsupported),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": "x"}}}"#, .malformed),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 99999999}}}"#, .malformed),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 0, "b": 0}}}"#, .malformed),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 0}}}"#, .missingToken),
            (#"{"model": {"vocab": {"\ud800": 0}}}"#, .malformed),
            (String(repeating: "[", count: 100_000), .malformed),
        ])
    func refusal(text: String, code: TokenizerError.Code) throws {
        let error = try #require(throws: TokenizerError.self) {
            try WordPieceTokenizer(tokenizerJSON: Array(text.utf8))
        }
        #expect(error.code == code)
    }

    @Test("An empty vocabulary is refused")
    func emptyVocabulary() throws {
        let error = try #require(throws: TokenizerError.self) {
            try WordPieceTokenizer(vocabulary: [])
        }
        #expect(error.code == .emptyVocabulary)
    }
}
