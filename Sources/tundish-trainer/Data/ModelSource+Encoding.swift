import EngineProtocol
import ModelFiles
import Training

extension ModelSource {
    /// How records become examples of a task.
    func encoding(
        _ request: EngineRequest, maxLength: Int, needsTargets: Bool, completionOnly: Bool = true,
        template name: String? = nil
    ) throws -> any RecordEncoding {
        let limit = min(maxLength, config.maxLength)
        switch request.task {
        case .sequenceClassification:
            return TextEncoding(
                tokenizer: tokenizer, maxLength: limit, textField: request.textField,
                labelField: request.labelField, needsLabel: needsTargets)
        case .tokenClassification:
            return WordEncoding(
                tokenizer: tokenizer, maxLength: limit, textField: request.textField,
                labelField: request.labelField, needsTags: needsTargets)
        case .causalLM, .preference:
            return ChatEncoding(
                tokenizer: tokenizer, template: try chatTemplate(name), maxLength: limit,
                textField: request.textField, completionOnly: completionOnly)
        }
    }

    /// The template that was asked for, or the model's own, or one of plain text.
    func chatTemplate(_ name: String?) throws -> ChatTemplate {
        guard let name else {
            return template ?? ChatTemplate(style: .alpaca, defaultSystem: nil)
        }
        guard let style = ChatTemplate.Style(rawValue: name) else {
            let known = ChatTemplate.Style.allCases.map(\.rawValue).joined(separator: ", ")
            throw EngineFailure(
                "configuration", "there is no chat template '\(name)'", hint: "known are: \(known)")
        }
        if let template, template.style == style { return template }
        return ChatTemplate(style: style, defaultSystem: nil)
    }

    /// A sample chat with the learned part marked, and the first record's form without its words:
    /// who trains need not be allowed to read.
    func preview(_ first: ReadRecord?, template: ChatTemplate) throws -> String {
        let sample = try template.encode(
            [
                ChatMessage(role: "user", content: "Where is my order?"),
                ChatMessage(role: "assistant", content: "It left our warehouse this morning."),
            ], with: tokenizer, addsGenerationPrompt: false)
        let stops = template.stopTokens(tokenizer).compactMap { tokenizer.token($0) }
            .map { String(decoding: $0, as: UTF8.self) }
        var lines = [
            "a chat in the template \(template.style.rawValue), the learned part marked:",
            template.preview(sample, with: tokenizer),
            "an answer ends with \(stops.joined(separator: " or "))",
        ]
        if let first, case .tokens(let targets) = first.target {
            lines.append("the first record: \(outline(first.ids, targets))")
        }
        return lines.joined(separator: "\n")
    }

    /// Special tokens by name, other tokens by number, what is learned in brackets.
    private func outline(_ ids: [Int32], _ targets: [Int32]) -> String {
        var parts: [(text: String?, count: Int, isLearned: Bool)] = []
        for (id, target) in zip(ids, targets) {
            let isLearned = target != EncodedExample.ignored
            if tokenizer.isSpecial(id), let name = tokenizer.token(id) {
                parts.append((String(decoding: name, as: UTF8.self), 1, isLearned))
            } else if let last = parts.last, last.text == nil, last.isLearned == isLearned {
                parts[parts.count - 1].count += 1
            } else {
                parts.append((nil, 1, isLearned))
            }
        }
        return parts.map { part in
            let text = part.text ?? "\(part.count) token\(part.count == 1 ? "" : "s")"
            return part.isLearned ? "[\(text)]" : text
        }.joined(separator: " ")
    }
}
