import EngineProtocol
import Records

/// The text of a record, as far as a model reads it.
enum RecordText {
    /// Everything that a model is given of a record, parts a line apart.
    static func whole(_ record: Record) -> String {
        switch record.kind {
        case .text, .labelled: record.text("text") ?? ""
        case .instruction:
            joined([record.text("instruction"), record.text("input"), record.text("output")])
        case .preference:
            joined([record.text("prompt"), longer(record.text("chosen"), record.text("rejected"))])
        case .chat: messages(record).map(\.content).joined(separator: "\n")
        }
    }

    /// The turns of a chat.
    static func messages(_ record: Record) -> [EngineMessage] {
        (record.fields["messages"]?.arrayValue ?? []).compactMap { turn in
            guard let role = turn["role"]?.stringValue, let content = turn["content"]?.stringValue
            else { return nil }
            return EngineMessage(role: role, content: content)
        }
    }

    private static func joined(_ parts: [String?]) -> String {
        parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func longer(_ one: String?, _ other: String?) -> String? {
        (one?.utf8.count ?? 0) >= (other?.utf8.count ?? 0) ? one : other
    }
}
