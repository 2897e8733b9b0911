import Foundation
import Testing

@testable import ModelFiles

/// Hugging Face's own answers: 10,570 questions with `bert-base-uncased` words and ids.
@Suite("WordPiece against Hugging Face")
struct TokenizerGoldenTests {
    /// `TUNDISH_SHARED`, or `../shared` beside the repository.
    static var shared: URL {
        if let path = ProcessInfo.processInfo.environment["TUNDISH_SHARED"] {
            return URL(filePath: path)
        }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")
    }

    /// The MiniLM vocabulary, which is bert-base-uncased's: from `TUNDISH_MINILM`, or where
    /// `scripts/fetch-models` leaves it.
    static var vocabulary: [UInt8]? {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path()
        let cache = environment["TUNDISH_CACHE"] ?? root + ".cache"
        let folders = [environment["TUNDISH_MINILM"], cache + "/models/minilm"]
        for folder in folders.compactMap({ $0 }) {
            if let data = FileManager.default.contents(atPath: folder + "/tokenizer.json") {
                return [UInt8](data)
            }
        }
        return nil
    }

    /// Files or a plain line that says what is missing.
    func material(_ names: String...) throws -> (WordPieceTokenizer, [Any])? {
        guard let vocabulary = Self.vocabulary else {
            print("skipped: tokenizer golden test needs MiniLM (scripts/fetch-models)")
            return nil
        }
        let folder = Self.shared.appending(path: "shelf/tokenizer_vectors")
        guard FileManager.default.fileExists(atPath: folder.path()) else {
            print("skipped: tokenizer golden test needs ../shared")
            return nil
        }
        let files = try names.map { name in
            try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: name)))
        }
        return (try WordPieceTokenizer(tokenizerJSON: vocabulary), files)
    }

    @Test("Every question has Hugging Face's words and ids")
    func questions() throws {
        let names = ["question_tokens.json", "basic_tokenized_questions.json"]
        guard
            let (tokenizer, files) = try material(names[0], names[1], "tokenized_questions.json")
        else { return }
        let questions = try #require(files[0] as? [[String: Any]])
        let words = try #require(files[1] as? [[String]])
        let ids = try #require(files[2] as? [[NSNumber]])
        #expect(questions.count == 10_570 && words.count == 10_570 && ids.count == 10_570)
        var wrong = 0
        for (index, question) in questions.enumerated() {
            let text = Array(try #require(question["original"] as? String).utf8)
            if tokenizer.basicTokens(text) != words[index].map({ Array($0.utf8) }) { wrong += 1 }
            if tokenizer.encodeWithoutSpecials(text) != ids[index].map(\.int32Value) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test("Whole texts, with special tokens, decode back")
    func wholeTexts() throws {
        guard let (tokenizer, files) = try material("tokenizer_tests.json") else { return }
        let cases = try #require((files[0] as? [String: Any])?["bert-base-uncased"] as? [Any])
        for case let item as [String: Any] in cases {
            let text = try #require(item["input"] as? String)
            let encoded = try #require(item["encoded"] as? [String: Any])
            let ids = try #require(encoded["input_ids"] as? [NSNumber]).map(\.int32Value)
            #expect(tokenizer.encode(text) == ids, "\(text)")
            let plain = try #require(item["decoded_without_special"] as? String)
            #expect(tokenizer.decode(ids) == plain)
        }
    }

    @Test("The example sentence of MiniLM")
    func example() throws {
        guard let (tokenizer, _) = try material() else { return }
        let ids: [Int32] = [101, 2023, 2003, 2019, 2742, 6251, 102]
        #expect(tokenizer.encode("This is an example sentence") == ids)
        #expect(tokenizer.vocabularyCount == 30_522)
    }
}
