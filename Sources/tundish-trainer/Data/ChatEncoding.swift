import EngineProtocol
import ModelFiles
import Records
import Training

/// A chat, an instruction with its answer, or a plain text, for a language model.
struct ChatEncoding: RecordEncoding {
    let tokenizer: any TextTokenizer
    let template: ChatTemplate
    let maxLength: Int
    let textField: String
    /// Whether only the assistant's tokens are learned.
    let completionOnly: Bool

    func encode(_ fields: JSONValue, rid: [UInt8]) throws -> ReadRecord {
        if let chosen = Self.messages(fields["chosen"], role: "assistant") {
            return try pair(fields, chosen: chosen, rid)
        }
        if let messages = Self.messages(fields["messages"], role: "user") {
            return try record(messages, rid)
        }
        if let instruction = fields["instruction"]?.stringValue {
            guard let output = fields["output"]?.stringValue else {
                throw Self.missing(
                    "an instruction without an output", rid,
                    "ingest it with --map instruction=COLUMN,output=COLUMN")
            }
            return try record(
                Self.turns(
                    system: fields["system"]?.stringValue, instruction: instruction,
                    input: fields["input"]?.stringValue, output: output), rid)
        }
        guard let text = fields[textField]?.stringValue else {
            throw Self.missing(
                "neither messages, an instruction, nor a text", rid,
                "ingest chats, instructions, or texts with --map text=COLUMN")
        }
        return plain(text, rid)
    }

    /// An instruction and its answer as turns; the input stands behind a blank line.
    static func turns(
        system: String?, instruction: String, input: String?, output: String
    ) -> [ChatMessage] {
        let question = input.map { $0.isEmpty ? instruction : "\(instruction)\n\n\($0)" }
        return (system.map { [ChatMessage(role: "system", content: $0)] } ?? [])
            + [
                ChatMessage(role: "user", content: question ?? instruction),
                ChatMessage(role: "assistant", content: output),
            ]
    }

    /// A list of `{role, content}`, or a text as one message of `role`; nil for anything else.
    static func messages(_ value: JSONValue?, role: String) -> [ChatMessage]? {
        if let text = value?.stringValue { return [ChatMessage(role: role, content: text)] }
        guard let turns = value?.arrayValue, !turns.isEmpty else { return nil }
        let messages = turns.compactMap { turn -> ChatMessage? in
            guard let role = turn["role"]?.stringValue,
                let content = turn["content"]?.stringValue
            else { return nil }
            return ChatMessage(role: role, content: content)
        }
        return messages.count == turns.count ? messages : nil
    }

    private func record(_ messages: [ChatMessage], _ rid: [UInt8]) throws -> ReadRecord {
        let (ids, targets, wasCut) = try sequence(messages)
        return ReadRecord(rid: rid, ids: ids, target: .tokens(targets), wasCut: wasCut)
    }

    /// Ids and what is learned of them, cut at the end.
    func sequence(
        _ messages: [ChatMessage]
    ) throws -> (ids: [Int32], targets: [Int32], wasCut: Bool) {
        let encoded = try template.encode(
            messages, with: tokenizer, addsGenerationPrompt: false)
        let targets = zip(encoded.ids, encoded.isLearned).map { id, isLearned in
            isLearned || !completionOnly ? id : EncodedExample.ignored
        }
        return (
            Array(encoded.ids.prefix(maxLength)), Array(targets.prefix(maxLength)),
            encoded.ids.count > maxLength
        )
    }

    /// A plain text: all of it is learned, and that it ends.
    private func plain(_ text: String, _ rid: [UInt8]) -> ReadRecord {
        var ids = tokenizer.encode(Array(text.utf8), addsSpecialTokens: true)
        if let end = tokenizer.specialTokens.end, ids.last != end { ids.append(end) }
        let wasCut = ids.count > maxLength
        ids = Array(ids.prefix(maxLength))
        return ReadRecord(rid: rid, ids: ids, target: .tokens(ids), wasCut: wasCut)
    }

    private func pair(
        _ fields: JSONValue, chosen: [ChatMessage], _ rid: [UInt8]
    ) throws -> ReadRecord {
        guard let rejected = Self.messages(fields["rejected"], role: "assistant") else {
            throw Self.missing(
                "a chosen answer without a rejected one", rid,
                "preference records hold prompt, chosen and rejected")
        }
        let prompt = Self.messages(fields["prompt"], role: "user") ?? []
        let better = try sequence(prompt + chosen), worse = try sequence(prompt + rejected)
        return ReadRecord(
            rid: rid, ids: better.ids, target: .tokens(better.targets),
            rejected: .init(ids: worse.ids, targets: worse.targets),
            wasCut: better.wasCut || worse.wasCut)
    }
}
