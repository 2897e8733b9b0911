import Foundation
import ModelFiles
import Records

/// `tundish-trainer tokenize MODEL`: tokenizes lines of JSON, for whoever compares tokenizers.
///
/// MODEL is a folder with a tokenizer's files or a GGUF file. One request a line comes in, one
/// answer a line goes out:
///
///     {"text": "Hi", "add_special_tokens": false}   → {"ids": [19556]}
///     {"text": "Hi", "plain": true}                 → {"ids": [19556]}: no special token is seen
///     {"words": ["Hi", "there"]}                    → {"ids": […], "first": [0, 1]}
///     {"ids": [19556], "skip_special_tokens": true} → {"text": "Hi"}
///     {"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}
///                                                   → {"ids": […], "learned": […], "text": "…"}
struct TokenizeCommand {
    private let tokenizer: any TextTokenizer
    private let template: ChatTemplate?

    /// Loads a folder or a `.gguf` file.
    init(path: String) throws {
        if path.hasSuffix(".gguf") {
            let file = try GGUFFile(mapping: path)
            tokenizer = try TokenizerFiles.load(gguf: file)
            template = ChatTemplate.detect([:], gguf: file)
        } else {
            var files: [String: [UInt8]] = [:]
            for name in TokenizerFiles.names {
                let file = URL(fileURLWithPath: path).appendingPathComponent(name)
                if let data = try? Data(contentsOf: file) { files[name] = [UInt8](data) }
            }
            tokenizer = try TokenizerFiles.load(files)
            template = ChatTemplate.detect(files, gguf: nil)
        }
    }

    /// Answers the lines of standard input until it ends.
    func run() throws {
        while let line = readLine() {
            let answer = try self.answer(try JSONParser.parse(Array(line.utf8)))
            print(String(decoding: CanonicalJSON.encode(answer), as: UTF8.self))
        }
    }

    private func answer(_ request: JSONValue) throws -> JSONValue {
        if let text = request["text"]?.stringValue {
            let isPlain = request["plain"]?.boolValue ?? false
            let addsSpecialTokens = request["add_special_tokens"]?.boolValue ?? true
            let bytes = Array(text.utf8)
            return [
                "ids": Self.list(
                    isPlain
                        ? tokenizer.encodePlain(bytes, startsInput: true)
                        : tokenizer.encode(bytes, addsSpecialTokens: addsSpecialTokens))
            ]
        }
        if let words = request["words"]?.stringArray {
            let (ids, firstIDs) = tokenizer.encode(words: words.map { Array($0.utf8) })
            return ["ids": Self.list(ids), "first": .array(firstIDs.map(JSONValue.integer))]
        }
        if let ids = request["ids"]?.arrayValue {
            let text = tokenizer.decode(
                ids.compactMap { $0.intValue.flatMap(Int32.init(exactly:)) },
                skipsSpecialTokens: request["skip_special_tokens"]?.boolValue ?? false)
            return ["text": .string(String(decoding: text, as: UTF8.self))]
        }
        return try chat(request)
    }

    private func chat(_ request: JSONValue) throws -> JSONValue {
        guard let template, let list = request["messages"]?.arrayValue else {
            throw EngineFailure(
                "data", "a request holds text, words, ids, or messages for a model with a template",
                hint: "one JSON object a line")
        }
        let messages = list.map {
            ChatMessage(
                role: $0["role"]?.stringValue ?? "", content: $0["content"]?.stringValue ?? "")
        }
        let addsPrompt = request["add_generation_prompt"]?.boolValue ?? false
        let encoded = try template.encode(
            messages, with: tokenizer, addsGenerationPrompt: addsPrompt)
        return [
            "ids": Self.list(encoded.ids),
            "learned": .array(encoded.isLearned.map { .bool($0) }),
            "text": .string(template.render(messages, addsGenerationPrompt: addsPrompt)),
        ]
    }

    private static func list(_ ids: [Int32]) -> JSONValue {
        .array(ids.map { .integer(Int($0)) })
    }
}
