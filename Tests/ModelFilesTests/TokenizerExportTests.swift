import Testing

@testable import ModelFiles

/// What we write of a tokenizer, read again: the same ids.
@Suite("Tokenizers written")
struct TokenizerExportTests {
    static let texts = [
        "the ab 12 'S<s>", "", " é\n\n😀 the  ab", "e\u{301}</s>ab", "[PAD270]", "IT'S 2024!",
    ].map { Array($0.utf8) }

    static func expectEqual(_ one: any TextTokenizer, _ other: any TextTokenizer) {
        for text in texts {
            let ids = one.encode(text, addsSpecialTokens: true)
            #expect(other.encode(text, addsSpecialTokens: true) == ids)
            let plain = one.encodePlain(text, startsInput: false)
            #expect(other.encodePlain(text, startsInput: false) == plain)
            #expect(
                other.decode(ids, skipsSpecialTokens: true)
                    == one.decode(ids, skipsSpecialTokens: true))
        }
        for id in 0..<Int32(one.vocabularyCount) {
            #expect(one.isSpecial(id) == other.isSpecial(id))
        }
        #expect(one.specialTokens == other.specialTokens)
    }

    @Test(
        "From GGUF to tokenizer.json and back",
        arguments: ["gpt-2", "smollm", "llama-bpe", "qwen2"])
    func bytePair(pre: String) throws {
        let chat = "{{ '<|im_start|>' \"é\" }}\n"
        let metadata = TokenizerFormatTests.metadata(
            pre,
            [
                "tokenizer.ggml.add_bos_token": .bool(true),
                "tokenizer.chat_template": .text(chat),
            ])
        let ours = try TokenizerFiles.load(metadata: metadata)
        let files = try TokenizerFiles.files(metadata: metadata)
        Self.expectEqual(ours, try TokenizerFiles.load(files))
        #expect(ChatTemplate.jinja(files) == chat)
        let again = try TokenizerFiles.ggufMetadata(files, vocabularySize: 272)
        #expect(again["tokenizer.ggml.pre"] == .text(pre))
        #expect(again["tokenizer.chat_template"] == .text(chat))
        #expect(again["tokenizer.ggml.merges"] == metadata["tokenizer.ggml.merges"])
        #expect(again["tokenizer.ggml.tokens"]?.strings?.count == 272)
        Self.expectEqual(ours, try TokenizerFiles.load(metadata: again))
    }

    @Test("From vocab.json to GGUF")
    func vocabularyFiles() throws {
        let files = TokenizerFormatTests.files()
        let metadata = try TokenizerFiles.ggufMetadata(files, vocabularySize: 267)
        Self.expectEqual(
            try TokenizerFiles.load(files), try TokenizerFiles.load(metadata: metadata))
    }

    @Test("From tokenizer.model to GGUF and back")
    func sentencePiece() throws {
        let files = ["tokenizer.model": SentencePieceTests.model(userDefined: ["[X]"])]
        let metadata = try TokenizerFiles.ggufMetadata(files, vocabularySize: 300)
        let ours = try TokenizerFiles.load(files)
        Self.expectEqual(ours, try TokenizerFiles.load(metadata: metadata))
        Self.expectEqual(ours, try TokenizerFiles.load(TokenizerFiles.files(metadata: metadata)))
    }

    @Test("What has no other form is refused")
    func refused() throws {
        let unigram = ["tokenizer.model": SentencePieceTests.model(isBytePair: false)]
        let squeezed = TokenizerJSON.file(normalizer: #"{"type":"Lowercase"}"#)
        let digits = TokenizerJSON.file(words: #"{"type":"Digits","individual_digits":true}"#)
        let vocabulary = TokenizerTests.words.joined(separator: "\n")
        for files in [
            unigram, ["tokenizer.json": squeezed], ["tokenizer.json": digits],
            ["vocab.txt": Array(vocabulary.utf8)],
        ] {
            let error = try #require(throws: TokenizerError.self) {
                try TokenizerFiles.ggufMetadata(files, vocabularySize: 1000)
            }
            #expect(error.code == .unsupported, "\(error)")
        }
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerFiles.ggufMetadata(TokenizerFormatTests.files(), vocabularySize: 10)
        }
        #expect(error.message.contains("267 tokens"))
    }
}
