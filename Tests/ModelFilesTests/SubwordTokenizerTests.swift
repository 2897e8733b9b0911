import Testing

@testable import ModelFiles

/// Writes small tokenizer.json files: a byte-level BPE over all bytes, with a few merges.
enum TokenizerJSON {
    static let merges = ["a b", "Ġ ab", "Ġ a", "t h", "th e", "Ġ the", "1 2"]

    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Spellings by id: 256 bytes, then what merges make.
    static var tokens: [String] {
        ByteAlphabet.scalars.map { String($0) } + merges.map { $0.replacing(" ", with: "") }
    }

    static var vocabulary: String {
        "{" + tokens.enumerated().map { "\(quoted($1)):\($0)" }.joined(separator: ",") + "}"
    }

    static func added(_ id: Int, _ content: String, _ flags: String...) -> String {
        let names = ["special", "normalized", "lstrip", "rstrip", "single_word"]
        return #"{"id":\#(id),"content":\#(quoted(content)),"#
            + names.map { "\"\($0)\":\(flags.contains($0))" }.joined(separator: ",") + "}"
    }

    static func file(
        added: [String] = [added(263, "<s>", "special"), added(264, "</s>", "special")],
        normalizer: String = "null",
        words: String = #"{"type":"ByteLevel","add_prefix_space":false}"#,
        frame: String = "null", decoder: String = #"{"type":"ByteLevel"}"#,
        model: String = "", mergesAsPairs: Bool = false
    ) -> [UInt8] {
        let merges = merges.map { merge in
            mergesAsPairs
                ? "["
                    + merge.split(separator: " ").map { quoted(String($0)) }
                    .joined(separator: ",") + "]" : quoted(merge)
        }.joined(separator: ",")
        return Array(
            """
            {"added_tokens":[\(added.joined(separator: ","))],"normalizer":\(normalizer),
            "pre_tokenizer":\(words),"post_processor":\(frame),"decoder":\(decoder),
            "model":{"type":"BPE",\(model)"vocab":\(vocabulary),"merges":[\(merges)]}}
            """.utf8)
    }
}

@Suite("tokenizer.json")
struct SubwordTokenizerTests {
    static func load(_ json: [UInt8], _ others: [String: String] = [:]) throws -> any TextTokenizer
    {
        var files = others.mapValues { Array($0.utf8) }
        files["tokenizer.json"] = json
        return try TokenizerFiles.load(files)
    }

    static func pieces(
        _ tokenizer: any TextTokenizer, _ text: String, special: Bool = false
    ) -> [String] {
        tokenizer.encode(Array(text.utf8), addsSpecialTokens: special).map {
            String(decoding: tokenizer.token($0) ?? [], as: UTF8.self)
        }
    }

    @Test("Byte-level BPE, merges written either way", arguments: [true, false])
    func byteLevel(mergesAsPairs: Bool) throws {
        let tokenizer = try Self.load(TokenizerJSON.file(mergesAsPairs: mergesAsPairs))
        #expect(tokenizer.vocabularyCount == 265)
        #expect(Self.pieces(tokenizer, "the ab the") == ["the", "Ġab", "Ġthe"])
        #expect(Self.pieces(tokenizer, "ab<s>é") == ["ab", "<s>", "Ã", "©"])
        #expect(tokenizer.id(of: "Ġab") == 257 && tokenizer.id(of: "nothing") == nil)
        #expect(tokenizer.token(257) == Array("Ġab".utf8))
        #expect(tokenizer.token(-1) == nil && tokenizer.token(265) == nil)
        #expect(tokenizer.isSpecial(263) && !tokenizer.isSpecial(257))
    }

    @Test("Every text of bytes comes back, broken ones repaired", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        let tokenizer = try Self.load(TokenizerJSON.file())
        var random = SplitMix(seed: UInt64(seed))
        for count in 0..<30 {
            let bytes = (0..<count).map { _ in UInt8(random.below(256)) }
            let wanted = Array(String(decoding: bytes, as: UTF8.self).utf8)
            let ids = tokenizer.encode(bytes, addsSpecialTokens: false)
            #expect(tokenizer.decode(ids, skipsSpecialTokens: false) == wanted)
            #expect(tokenizer.encodePlain(bytes, startsInput: true) == ids)
        }
        #expect(tokenizer.decode([0xE4 - 0x21], skipsSpecialTokens: true).count == 1)
    }

    @Test("Plain text says no special token; tokens that are none are found still")
    func plain() throws {
        let added = [
            TokenizerJSON.added(263, "<s>", "special"), TokenizerJSON.added(264, "<tool>"),
        ]
        let tokenizer = try Self.load(TokenizerJSON.file(added: added))
        let ids = tokenizer.encodePlain(Array("<s><tool>".utf8), startsInput: true)
        #expect(!ids.contains(263) && ids.last == 264)
        #expect(tokenizer.decode(ids, skipsSpecialTokens: true) == Array("<s><tool>".utf8))
        #expect(tokenizer.decode([263, 256], skipsSpecialTokens: true) == Array("ab".utf8))
        #expect(tokenizer.decode([263, 256], skipsSpecialTokens: false) == Array("<s>ab".utf8))
    }

    @Test("A normalised token is looked for in the normalised text, by its normalised form")
    func normalizedTokens() throws {
        let added = [
            TokenizerJSON.added(263, "KEEP", "normalized"), TokenizerJSON.added(264, "RAW"),
        ]
        let tokenizer = try Self.load(
            TokenizerJSON.file(added: added, normalizer: #"{"type":"Lowercase"}"#))
        let ids = tokenizer.encode(Array("keep KEEP RAW raw".utf8), addsSpecialTokens: false)
        #expect(ids.filter { $0 >= 263 } == [263, 263, 264])
    }

    @Test(
        "What stands around a text",
        arguments: [
            ("null", ["ab"]),
            (#"{"type":"ByteLevel","trim_offsets":true}"#, ["ab"]),
            (
                #"{"type":"RobertaProcessing","sep":["</s>",264],"cls":["<s>",263]}"#,
                ["<s>", "ab", "</s>"]
            ),
            (
                #"{"type":"BertProcessing","sep":["</s>",264],"cls":["<s>",263]}"#,
                ["<s>", "ab", "</s>"]
            ),
            (
                #"{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing","#
                    + #""single":[{"SpecialToken":{"id":"x","type_id":0}},{"Sequence":{"id":"A"}}],"#
                    + #""special_tokens":{"x":{"id":"x","ids":[263,264]}}}]}"#,
                ["<s>", "</s>", "ab"]
            ),
        ])
    func frames(json: String, pieces: [String]) throws {
        let tokenizer = try Self.load(TokenizerJSON.file(frame: json))
        #expect(Self.pieces(tokenizer, "ab", special: true) == pieces)
        #expect(Self.pieces(tokenizer, "ab") == ["ab"])
        let (ids, first) = tokenizer.encode(words: [Array("ab".utf8), [], Array("the".utf8)])
        #expect(ids.count == pieces.count + 1)
        let start = pieces.firstIndex(of: "ab") ?? 0
        #expect(first == [start, -1, start + 1])
    }

    @Test("Roles come from the files beside it")
    func roles() throws {
        let config = #"{"bos_token":"<s>","eos_token":{"content":"</s>"},"pad_token":"gone"}"#
        let map = #"{"eos_token":"ab","pad_token":"the"}"#
        let tokenizer = try Self.load(
            TokenizerJSON.file(),
            ["tokenizer_config.json": config, "special_tokens_map.json": map])
        #expect(tokenizer.specialTokens == SpecialTokens(begin: 263, end: 264, pad: 260))
    }

    @Test("Unigram: framed, normalised, by words")
    func unigram() throws {
        let json = """
            {"added_tokens":[\(TokenizerJSON.added(0, "<s>", "special")),\(TokenizerJSON.added(1, "<unk>", "special"))],
            "normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"Metaspace"},
            "post_processor":{"type":"BertProcessing","sep":["<s>",0],"cls":["<s>",0]},
            "decoder":{"type":"Metaspace"},"model":{"type":"Unigram","unk_id":1,
            "vocab":[["<s>",0],["<unk>",0],["▁a",-1],["b",-2.5],["▁",-3],["a",-2e0]]}}
            """
        let tokenizer = try Self.load(Array(json.utf8))
        #expect(
            Self.pieces(tokenizer, "AB a?", special: true) == [
                "<s>", "▁a", "b", "▁a", "<unk>", "<s>",
            ])
        #expect(tokenizer.specialTokens == SpecialTokens(unknown: 1))
        let ids = tokenizer.encode(Array("ab a".utf8), addsSpecialTokens: true)
        #expect(tokenizer.decode(ids, skipsSpecialTokens: true) == Array("ab a".utf8))
    }

    @Test("Many threads, one tokenizer")
    func threads() async throws {
        let tokenizer = try Self.load(TokenizerJSON.file())
        let texts = (0..<50).map { Array("the ab \($0) the 12 ab<s>\($0)".utf8) }
        let wanted = texts.map { tokenizer.encode($0, addsSpecialTokens: false) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    texts.map { tokenizer.encode($0, addsSpecialTokens: false) } == wanted
                }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }

    @Test(
        "What is not read is refused by name, what is damaged as such",
        arguments: [
            (
                TokenizerJSON.file(model: #""dropout":0.1,"#), TokenizerError.Code.unsupported,
                "dropout"
            ),
            (TokenizerJSON.file(model: #""end_of_word_suffix":"</w>","#), .unsupported, "suffix"),
            (TokenizerJSON.file(decoder: #"{"type":"CTC"}"#), .unsupported, "CTC"),
            (TokenizerJSON.file(frame: #"{"type":"Other"}"#), .unsupported, "Other"),
            (
                TokenizerJSON.file(frame: #"{"type":"BertProcessing"}"#), .malformed,
                "post-processor"
            ),
            (
                TokenizerJSON.file(
                    frame: #"{"type":"BertProcessing","sep":["a",9999],"cls":["b",1]}"#),
                .malformed, "9999"
            ),
            (TokenizerJSON.file(added: [TokenizerJSON.added(99_999, "x")]), .malformed, "added"),
            (TokenizerJSON.file(added: [TokenizerJSON.added(-1, "x")]), .malformed, "added"),
            (Array(#"{"model":{"type":"WordLevel","vocab":{}}}"#.utf8), .unsupported, "WordLevel"),
            (
                Array(#"{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}"#.utf8),
                .malformed, "merge 1"
            ),
            (
                Array(#"{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}"#.utf8), .malformed,
                "merge"
            ),
            (
                Array(#"{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}"#.utf8),
                .malformed, "share"
            ),
            (
                Array(#"{"model":{"type":"BPE","vocab":{"a":99999},"merges":[]}}"#.utf8),
                .malformed, "range"
            ),
            (Array(#"{"model":{"type":"Unigram","vocab":[["a"]]}}"#.utf8), .malformed, "model"),
            (
                Array(#"{"model":{"type":"Unigram","vocab":[["a",0]],"unk_id":7}}"#.utf8),
                .malformed, "model"
            ),
            (Array("{}".utf8), .malformed, "model"),
            (Array("[".utf8), .malformed, "JSON"),
        ])
    func refused(json: [UInt8], code: TokenizerError.Code, word: String) throws {
        let error = try #require(throws: TokenizerError.self) { try Self.load(json) }
        #expect(error.code == code, "\(error)")
        #expect(error.message.contains(word), "\(error)")
    }

    @Test("Damaged files never crash")
    func hostile() {
        let json = TokenizerJSON.file()
        var random = SplitMix(seed: 5)
        for _ in 0..<100 {
            var bytes = json
            for _ in 0...random.below(3) {
                bytes[random.below(bytes.count)] = UInt8(random.below(256))
            }
            if let tokenizer = try? Self.load(bytes) {
                _ = tokenizer.encode(Array("the ab".utf8), addsSpecialTokens: true)
            }
        }
    }

    @Test("No tokenizer among the files")
    func nothing() throws {
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerFiles.load(["config.json": [], "merges.txt": []])
        }
        #expect(error.code == .emptyVocabulary)
    }
}
