import Testing

@testable import ModelFiles

/// Writes Protocol Buffers by hand: tag, length, bytes.
enum ProtobufWriter {
    static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }

    static func field(_ number: Int, _ value: UInt64) -> [UInt8] {
        varint(UInt64(number << 3)) + varint(value)
    }

    static func score(_ number: Int, _ value: Float) -> [UInt8] {
        varint(UInt64(number << 3 | 5))
            + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
    }

    static func message(_ number: Int, _ value: [UInt8]) -> [UInt8] {
        varint(UInt64(number << 3 | 2)) + varint(UInt64(value.count)) + value
    }

    static func piece(_ text: String, _ score: Float, _ kind: UInt64 = 1) -> [UInt8] {
        message(1, message(1, Array(text.utf8)) + self.score(2, score) + field(3, kind))
    }
}

@Suite("SentencePiece models")
struct SentencePieceTests {
    typealias Writer = ProtobufWriter

    /// `<unk> <s> </s>`, 256 bytes, then letters and what they make: ids from 259 on.
    static func model(
        isBytePair: Bool = true, addsDummyPrefix: Bool = true, removesExtraSpaces: Bool = false,
        userDefined: [String] = []
    ) -> [UInt8] {
        var bytes = Writer.piece("<unk>", 0, 2) + Writer.piece("<s>", 0, 3)
        bytes += Writer.piece("</s>", 0, 3)
        for byte in 0...255 {
            let token = String(decoding: ByteFallback.token(UInt8(byte)), as: UTF8.self)
            bytes += Writer.piece(token, 0, 6)
        }
        for (index, token) in ["▁", "a", "b", "▁a", "ab", "▁ab", "▁▁"].enumerated() {
            // Of BPE the scores are ranks; a unigram model takes the likeliest.
            bytes += Writer.piece(token, isBytePair && index < 3 ? -100 : Float(-index))
        }
        for token in userDefined { bytes += Writer.piece(token, 0, 4) }
        let trainer =
            Writer.field(3, isBytePair ? 2 : 1) + Writer.field(35, 1)
            + Writer.message(46, Array("<s>".utf8))
        let normalizer =
            Writer.message(1, Array("identity".utf8)) + Writer.field(3, addsDummyPrefix ? 1 : 0)
            + Writer.field(4, removesExtraSpaces ? 1 : 0) + Writer.field(5, 1)
        return bytes + Writer.message(2, trainer) + Writer.message(3, normalizer)
    }

    static func load(
        _ model: [UInt8], _ configuration: String = "{}"
    ) throws -> any TextTokenizer {
        try TokenizerFiles.load(
            ["tokenizer.model": model, "tokenizer_config.json": Array(configuration.utf8)])
    }

    static func pieces(_ tokenizer: any TextTokenizer, _ text: String) -> [String] {
        tokenizer.encode(Array(text.utf8), addsSpecialTokens: true).map {
            String(decoding: tokenizer.token($0) ?? [], as: UTF8.self)
        }
    }

    @Test("Byte-pair pieces by their scores, behind <s>")
    func bytePair() throws {
        let tokenizer = try Self.load(Self.model())
        #expect(tokenizer.vocabularyCount == 266)
        // ▁a (−3) merges before ab (−4).
        #expect(Self.pieces(tokenizer, "ab") == ["<s>", "▁ab"])
        #expect(Self.pieces(tokenizer, "aab") == ["<s>", "▁a", "ab"])
        #expect(Self.pieces(tokenizer, " a") == ["<s>", "▁", "▁a"])
        #expect(Self.pieces(tokenizer, "aé") == ["<s>", "▁a", "<0xC3>", "<0xA9>"])
        #expect(Self.pieces(tokenizer, "<0x41>").contains("<0x41>") == false)
        #expect(Self.pieces(tokenizer, "a</s>a") == ["<s>", "▁a", "</s>", "a"])
        #expect(
            tokenizer.specialTokens == SpecialTokens(begin: 1, end: 2, pad: nil, unknown: 0))
        #expect(tokenizer.isSpecial(0) && tokenizer.isSpecial(2) && !tokenizer.isSpecial(3))
    }

    @Test("Plain text says no control piece, and later text has no dummy space")
    func plain() throws {
        let tokenizer = try Self.load(Self.model())
        let ids = tokenizer.encodePlain(Array("a</s>".utf8), startsInput: true)
        #expect(!ids.contains(2))
        #expect(tokenizer.encodePlain(Array("ab".utf8), startsInput: false) == [263])
        #expect(tokenizer.encodePlain(Array("ab".utf8), startsInput: true) == [264])
    }

    @Test("tokenizer_config.json says what opens and closes a text")
    func frame() throws {
        let both = try Self.load(Self.model(), #"{"add_eos_token":true}"#)
        #expect(Self.pieces(both, "ab") == ["<s>", "▁ab", "</s>"])
        let none = try Self.load(Self.model(), #"{"add_bos_token":false}"#)
        #expect(Self.pieces(none, "ab") == ["▁ab"])
    }

    @Test("A unigram model takes the likeliest way")
    func unigram() throws {
        let tokenizer = try Self.load(Self.model(isBytePair: false))
        #expect(Self.pieces(tokenizer, "ab") == ["<s>", "▁", "a", "b"])
        #expect(Self.pieces(tokenizer, "é") == ["<s>", "▁", "<0xC3>", "<0xA9>"])
    }

    @Test("Decoding gives the text, without the dummy space")
    func decoding() throws {
        let tokenizer = try Self.load(Self.model())
        for text in ["ab", " a  b", "é😀", "", "a</s>"] {
            let ids = tokenizer.encode(Array(text.utf8), addsSpecialTokens: true)
            let found = tokenizer.decode(Array(ids.dropFirst()), skipsSpecialTokens: false)
            #expect(found == Array(text.utf8))
        }
        let ids: [Int32] = [1, 262, 2]
        #expect(tokenizer.decode(ids, skipsSpecialTokens: true) == Array("a".utf8))
        // A byte that is no character comes out as it is.
        #expect(tokenizer.decode([3 + 0xFF, -1, 9999], skipsSpecialTokens: true) == [0xFF])
    }

    @Test("Words each with their own dummy space; an empty one has no id")
    func words() throws {
        let tokenizer = try Self.load(Self.model())
        let (ids, first) = tokenizer.encode(words: ["ab", "", "a"].map { Array($0.utf8) })
        #expect(ids == [1, 264, 262])
        #expect(first == [1, -1, 2])
    }

    @Test("User-defined pieces are found in the text, and are no special tokens")
    func userDefined() throws {
        let tokenizer = try Self.load(Self.model(userDefined: ["[X]"]))
        #expect(Self.pieces(tokenizer, "a[X]a") == ["<s>", "▁a", "[X]", "a"])
        #expect(tokenizer.id(of: "[X]").map(tokenizer.isSpecial) == false)
    }

    @Test("Damaged models are refused, never believed")
    func hostile() throws {
        let model = Self.model()
        for end in stride(from: 0, to: model.count, by: 7) {
            // A cut between fields leaves a shorter model; it must not crash.
            _ = try? Self.load(Array(model[..<end]))
        }
        var random = SplitMix(seed: 1)
        for _ in 0..<300 {
            var bytes = model
            for _ in 0...random.below(3) {
                bytes[random.below(bytes.count)] = UInt8(random.below(256))
            }
            if let tokenizer = try? Self.load(bytes) {
                _ = tokenizer.encode(Array("ab é".utf8), addsSpecialTokens: true)
            }
        }
        let wrong: [([UInt8], TokenizerError.Code)] = [
            ([], .emptyVocabulary),
            ([0x0A, 0xFF], .malformed),
            ([0x0A] + [UInt8](repeating: 0xFF, count: 9) + [1], .malformed),
            ([UInt8](repeating: 0xFF, count: 12), .malformed),
            ([0x0B], .malformed),
            ([0x00, 0x00], .malformed),
            (Writer.piece("a", .nan), .malformed),
            (Writer.piece("a", 0, 9), .malformed),
            (Writer.piece("a", 0) + Writer.message(2, Writer.field(3, 3)), .unsupported),
            (Writer.piece("a", 0) + Writer.message(2, Writer.field(24, 1)), .unsupported),
            (Writer.piece("a", 0) + Writer.message(3, Writer.field(5, 0)), .unsupported),
        ]
        for (bytes, code) in wrong {
            let error = try #require(throws: TokenizerError.self) { try Self.load(bytes) }
            #expect(error.code == code, "\(error)")
        }
    }
}
