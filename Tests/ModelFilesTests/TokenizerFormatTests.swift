import Testing

@testable import ModelFiles

/// The same vocabulary in each of the forms that models come in.
@Suite("Tokenizers in other files")
struct TokenizerFormatTests {
    static let text = Array("the ab 12 'S<s>".utf8)

    static func files(_ configuration: String? = nil) -> [String: [UInt8]] {
        let merges = "#version: 0.2\n" + TokenizerJSON.merges.joined(separator: "\r\n") + "\n"
        var files = [
            "vocab.json": Array(vocabularyWithSpecials.utf8), "merges.txt": Array(merges.utf8),
        ]
        files["tokenizer_config.json"] = configuration.map { Array($0.utf8) }
        return files
    }

    static var vocabularyWithSpecials: String {
        TokenizerJSON.vocabulary.dropLast()
            + #","<s>":263,"</s>":264,"<mask>":265,"<|endoftext|>":266}"#
    }

    static func spelled(_ tokenizer: any TextTokenizer, _ ids: [Int32]) -> [String] {
        ids.map { String(decoding: tokenizer.token($0) ?? [], as: UTF8.self) }
    }

    @Test("vocab.json and merges.txt: RoBERTa, by its tokens or its class")
    func roberta() throws {
        for configuration in [nil, #"{"tokenizer_class":"RobertaTokenizer"}"#] {
            let tokenizer = try TokenizerFiles.load(Self.files(configuration))
            let ids = tokenizer.encode(Array("the ab  <mask>.".utf8), addsSpecialTokens: true)
            // The mask takes the spaces before it.
            #expect(Self.spelled(tokenizer, ids) == ["<s>", "the", "Ġab", "<mask>", ".", "</s>"])
            #expect(tokenizer.specialTokens.mask == 265 && tokenizer.specialTokens.begin == 263)
        }
    }

    @Test("vocab.json and merges.txt: GPT-2")
    func gpt2() throws {
        let tokenizer = try TokenizerFiles.load(
            Self.files(#"{"tokenizer_class":"GPT2Tokenizer"}"#))
        let ids = tokenizer.encode(Array("the<|endoftext|>".utf8), addsSpecialTokens: true)
        #expect(Self.spelled(tokenizer, ids) == ["the", "<|endoftext|>"])
        #expect(tokenizer.specialTokens.end == 266)
        let spaced = try TokenizerFiles.load(
            Self.files(#"{"tokenizer_class":"GPT2Tokenizer","add_prefix_space":true}"#))
        #expect(
            Self.spelled(spaced, spaced.encode(Array("ab".utf8), addsSpecialTokens: true)) == [
                "Ġab"
            ])
    }

    @Test("vocab.json and merges.txt: Qwen2, with the added tokens of its configuration")
    func qwen2() throws {
        let configuration = """
            {"tokenizer_class":"Qwen2Tokenizer","eos_token":"<|im_end|>","added_tokens_decoder":
            {"267":{"content":"<|im_end|>","special":true},"268":{"content":"<tool>","special":false}}}
            """
        let tokenizer = try TokenizerFiles.load(Self.files(configuration))
        #expect(tokenizer.vocabularyCount == 269)
        let ids = tokenizer.encode(
            Array("e\u{301}12<tool><|im_end|>".utf8), addsSpecialTokens: true)
        // Composed, digits one by one.
        #expect(Self.spelled(tokenizer, ids) == ["Ã", "©", "1", "2", "<tool>", "<|im_end|>"])
        #expect(tokenizer.specialTokens.end == 267)
    }

    static func metadata(_ pre: String, _ more: [String: GGUFValue] = [:]) -> [String: GGUFValue] {
        let tokens = TokenizerJSON.tokens + ["<s>", "</s>"]
        var metadata: [String: GGUFValue] = [
            "tokenizer.ggml.model": .text("gpt2"), "tokenizer.ggml.pre": .text(pre),
            "tokenizer.ggml.tokens": .strings(tokens.map { Array($0.utf8) }),
            "tokenizer.ggml.token_type": .int32s(tokens.indices.map { $0 < 263 ? 1 : 3 }),
            "tokenizer.ggml.merges": .strings(TokenizerJSON.merges.map { Array($0.utf8) }),
            "tokenizer.ggml.bos_token_id": .uint32(263),
            "tokenizer.ggml.eos_token_id": .uint32(264),
        ]
        metadata.merge(more) { $1 }
        return metadata
    }

    @Test(
        "GGUF: byte-level BPE with its words",
        arguments: [
            ("gpt-2", ["the", "Ġab", "Ġ", "12", "Ġ", "'", "S", "<s>"]),
            ("smollm", ["the", "Ġab", "Ġ", "1", "2", "Ġ", "'", "S", "<s>"]),
            ("llama-bpe", ["the", "Ġab", "Ġ", "12", "Ġ", "'", "S", "<s>"]),
            ("qwen2", ["the", "Ġab", "Ġ", "1", "2", "Ġ", "'", "S", "<s>"]),
        ])
    func gguf(pre: String, pieces: [String]) throws {
        let tokenizer = try TokenizerFiles.load(metadata: Self.metadata(pre))
        let ids = tokenizer.encode(Self.text, addsSpecialTokens: true)
        #expect(Self.spelled(tokenizer, ids) == pieces)
        #expect(tokenizer.specialTokens == SpecialTokens(begin: 263, end: 264))
        #expect(tokenizer.decode(ids, skipsSpecialTokens: false) == Self.text)
        let framed = try TokenizerFiles.load(
            metadata: Self.metadata(
                pre,
                [
                    "tokenizer.ggml.add_bos_token": .bool(true),
                    "tokenizer.ggml.add_eos_token": .bool(true),
                ]))
        #expect(framed.encode(Self.text, addsSpecialTokens: true) == [263] + ids + [264])
    }

    @Test("GGUF: SentencePiece by scores, as tokenizer.model has it")
    func ggufSentencePiece() throws {
        let file = try SentencePieceFile(model: SentencePieceTests.model())
        let metadata: [String: GGUFValue] = [
            "tokenizer.ggml.model": .text("llama"),
            "tokenizer.ggml.tokens": .strings(file.pieces.map(\.text)),
            "tokenizer.ggml.scores": .float32s(file.pieces.map { Float($0.score) }),
            "tokenizer.ggml.token_type": .int32s(file.pieces.map { Int32($0.kind.rawValue) }),
            "tokenizer.ggml.bos_token_id": .uint32(1), "tokenizer.ggml.eos_token_id": .uint32(2),
            "tokenizer.ggml.unknown_token_id": .uint32(0),
        ]
        let theirs = try SentencePieceTests.load(SentencePieceTests.model())
        let ours = try TokenizerFiles.load(metadata: metadata)
        for text in ["ab", " aab  é", "", "a</s>b", "▁▁a"] {
            let bytes = Array(text.utf8)
            let ids = ours.encode(bytes, addsSpecialTokens: true)
            #expect(ids == theirs.encode(bytes, addsSpecialTokens: true))
        }
        #expect(ours.specialTokens == theirs.specialTokens)
    }

    @Test(
        "GGUF: what is damaged or unknown is refused",
        arguments: [
            ("tokenizer.ggml.model", GGUFValue.text("bert"), "bert"),
            ("tokenizer.ggml.pre", .text("default"), "default"),
            ("tokenizer.ggml.pre", .bool(true), "nothing named"),
            ("tokenizer.ggml.tokens", .strings([]), "no tokenizer"),
            ("tokenizer.ggml.token_type", .int32s([1]), "token_type"),
            ("tokenizer.ggml.merges", .bool(true), "merges"),
            ("tokenizer.ggml.merges", .strings([Array("a zzz".utf8)]), "merge 1"),
            ("tokenizer.ggml.eos_token_id", .uint32(99_999), "eos_token_id"),
            ("tokenizer.ggml.bos_token_id", .text("x"), "bos_token_id"),
        ])
    func refused(key: String, value: GGUFValue, word: String) throws {
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerFiles.load(metadata: Self.metadata("gpt-2", [key: value]))
        }
        #expect(error.message.contains(word), "\(error)")
    }
}
