import Foundation
import Records
import Testing

@testable import ModelFiles

/// Real vocabularies and other people's answers, which lie outside the repository.
@Suite("Tokenizers against references")
struct TokenizerReferenceTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()
    static let smollm: String = {
        let models =
            ProcessInfo.processInfo.environment["TUNDISH_MODELS"] ?? "\(root).cache/models"
        return "\(models)/smollm2/model.gguf"
    }()
    static let shared = TokenizerGoldenTests.shared.path()

    static func areThere(_ files: [String]) -> Bool {
        let found = files.allSatisfy { FileManager.default.fileExists(atPath: $0) }
        if !found { print("skipped: not all of \(files) are there") }
        return found
    }

    static func json(_ path: String) throws -> JSONValue {
        try JSONParser.parse([UInt8](Data(contentsOf: URL(filePath: path))))
    }

    static func ids(_ value: JSONValue?) throws -> [Int32] {
        try #require(value?.arrayValue).map { Int32(try #require($0.intValue)) }
    }

    @Test("SmolLM2's ids of a known sentence", .enabled(if: areThere([smollm])))
    func smollmSentence() throws {
        let tokenizer = try TokenizerFiles.load(gguf: GGUFFile(mapping: Self.smollm))
        let text = Array(
            ("The quick brown fox jumps over the lazy dog. In 2024, the company reported revenue "
                + "of 153 million dollars.").utf8)
        let ids = tokenizer.encode(text, addsSpecialTokens: true)
        #expect(ids.count == 29 && ids.starts(with: [504, 2365, 6354]))
        #expect(tokenizer.decode(ids, skipsSpecialTokens: true) == text)
        #expect(tokenizer.vocabularyCount == 49_152)
        #expect(
            tokenizer.specialTokens == SpecialTokens(begin: 1, end: 2, pad: 2, unknown: 0))
    }

    @Test(
        "SmolLM2's chats: ids and labels as transformers has them",
        .enabled(if: areThere([smollm, shared + "/reference/smollm2_full.json"])))
    func smollmChats() throws {
        let file = try GGUFFile(mapping: Self.smollm)
        let tokenizer = try TokenizerFiles.load(gguf: file)
        let template = try #require(ChatTemplate.detect([:], gguf: file))
        #expect(template.style == .chatML)
        #expect(template.defaultSystem?.hasPrefix("You are a helpful AI assistant") == true)
        #expect(template.stopTokens(tokenizer) == [2])
        let chats = [
            ("What is the capital of France?", "The capital of France is Paris."),
            ("Name three primary colours.", "Red, yellow and blue."),
            ("Add 17 and 25.", "17 + 25 = 42."),
            ("Translate 'good morning' into Spanish.", "Buenos dias."),
        ]
        let batch = try Self.json(Self.shared + "/reference/smollm2_full.json")["batch"]
        for (row, (question, answer)) in chats.enumerated() {
            let encoded = try template.encode(
                [
                    ChatMessage(role: "user", content: question),
                    ChatMessage(role: "assistant", content: answer),
                ], with: tokenizer, addsGenerationPrompt: false)
            let mask = try Self.ids(batch?["attention_mask"]?.arrayValue?[row])
            let count = mask.count { $0 == 1 }
            let ids = try Self.ids(batch?["input_ids"]?.arrayValue?[row])
            let labels = try Self.ids(batch?["labels"]?.arrayValue?[row])
            #expect(encoded.ids == Array(ids.prefix(count)))
            #expect(encoded.isLearned == labels.prefix(count).map { $0 != -100 })
        }
    }

    @Test(
        "GPT-2's and Llama's pieces of a text fit our words",
        .enabled(if: areThere([shared + "/shelf/tokenizer_vectors"])))
    func pieces() throws {
        let folder = Self.shared + "/shelf/tokenizer_vectors/"
        let file = try Self.json(folder + "gpt2_encoded_tokens.json")
        let text = Array(try #require(file["text"]?.stringValue).utf8)
        var words: [Range<Int>] = []
        WordScanner.gpt2.scan(text, 0..<text.count, into: &words)
        let starts = Set(words.map(\.lowerBound))
        var position = 0
        var covered: Set<Int> = []
        for piece in try #require(file["encoded_text"]?.stringArray) {
            covered.insert(position)
            position += try #require(ByteAlphabet.decode(Array(piece.utf8))).count
        }
        // Every word starts a piece, and the pieces are the whole text.
        #expect(position == text.count && starts.isSubset(of: covered))

        let llama = try Self.json(folder + "llama_encoded.json")
        let pieces = try #require(llama["bpe_tokens"]?.stringArray).map { Array($0.utf8) }
        let decoder = TokenDecoder(steps: [
            .replace(PreTokenizer.Metaspace.usualMark, with: [0x20]), .byteFallback, .fuse,
            .strip([0x20], left: 1, right: 0),
        ])
        #expect(decoder.decode(pieces) == Array(try #require(llama["text"]?.stringValue).utf8))
    }

    @Test(
        "10,570 questions: our words are those of the regular expressions",
        .enabled(if: areThere([shared + "/shelf/tokenizer_vectors"])),
        arguments: WordScannerTests.patterns)
    func questions(pattern: String) throws {
        let path = Self.shared + "/shelf/tokenizer_vectors/question_tokens.json"
        let data = try Data(contentsOf: URL(filePath: path))
        let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        let texts = rows.compactMap { $0["original"] as? String }
        #expect(texts.count == 10_570)
        let expression = try NSRegularExpression(pattern: pattern)
        // All of them as one text: a debug build is slow, and so is a call each.
        for start in stride(from: 0, to: texts.count, by: 1_000) {
            let text = texts[start..<min(start + 1_000, texts.count)].joined(separator: "\n")
            let found = try WordScannerTests.scan(pattern, text)
            #expect(found == WordScannerTests.oracle(expression, text))
        }
    }
}
