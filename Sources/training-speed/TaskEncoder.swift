import ModelFiles
import Records
import Training

/// Rows of a task's file into examples, by our own tokenizers.
struct TaskEncoder {
    private let description: TaskDescription
    private let tokenizer: any TextTokenizer
    private let template: ChatTemplate?
    private let indexes: [String: Int]

    init(_ description: TaskDescription, _ base: BaseModel) throws {
        self.description = description
        tokenizer = try base.tokenizer()
        template = base.template
        indexes = Dictionary(
            uniqueKeysWithValues: description.labels.enumerated().map { ($1, $0) })
    }

    func examples(_ path: String) throws -> [EncodedExample] {
        try BaseModel.bytes(path).split(separator: UInt8(ascii: "\n")).map { line in
            let row = try JSONParser.parse(Array(line))
            switch description.kind {
            case .text: return try text(row)
            case .words: return try words(row)
            case .chat: return try chat(row)
            }
        }
    }

    private var limit: Int { description.settings.maxLength }

    /// Cut as transformers does: what is around a text stays.
    private func text(_ row: JSONValue) throws -> EncodedExample {
        guard let text = row["text"]?.stringValue else { throw Self.damaged("no text") }
        var ids = tokenizer.encode(Array(text.utf8), addsSpecialTokens: true)
        if ids.count > limit, let last = ids.last { ids = ids[..<(limit - 1)] + [last] }
        return EncodedExample(ids: ids, label: try index(row["label"]))
    }

    /// A word's label stands at its first token.
    private func words(_ row: JSONValue) throws -> EncodedExample {
        guard let words = row["words"]?.stringArray, let labels = row["labels"]?.arrayValue,
            words.count == labels.count
        else { throw Self.damaged("no words") }
        var (ids, places) = tokenizer.encode(words: words.map { Array($0.utf8) })
        if ids.count > limit, let last = ids.last { ids = ids[..<(limit - 1)] + [last] }
        var targets = [Int32](repeating: EncodedExample.ignored, count: ids.count)
        for (place, label) in zip(places, labels) where place >= 0 && place < ids.count - 1 {
            targets[place] = Int32(try index(label))
        }
        return EncodedExample(ids: ids, targets: targets)
    }

    private func chat(_ row: JSONValue) throws -> EncodedExample {
        let messages = try row["messages"]?.arrayValue?.map { message in
            guard let role = message["role"]?.stringValue,
                let content = message["content"]?.stringValue
            else { throw Self.damaged("no message") }
            return ChatMessage(role: role, content: content)
        }
        guard let messages, let template else { throw Self.damaged("no messages or template") }
        let encoded = try template.encode(messages, with: tokenizer, addsGenerationPrompt: false)
        let targets = zip(encoded.ids, encoded.isLearned).map {
            $1 ? $0 : EncodedExample.ignored
        }
        return EncodedExample(
            ids: Array(encoded.ids.prefix(limit)), targets: Array(targets.prefix(limit)))
    }

    private func index(_ label: JSONValue?) throws -> Int {
        guard let index = label?.stringValue.flatMap({ indexes[$0] }) else {
            throw Self.damaged("a label that is not in the list")
        }
        return index
    }

    private static func damaged(_ what: String) -> TaskDescription.Damaged {
        TaskDescription.Damaged(what: what)
    }
}
