extension ChatTemplate {
    /// A stretch of a rendered conversation.
    struct Piece: Equatable {
        enum Kind: Equatable {
            /// A token of its own; a tokenizer without it cannot use the template.
            case control
            /// The token that ends a text, however the tokenizer calls it.
            case end
            /// A role mark: a token if the tokenizer has it, plain text otherwise.
            case mark
            /// Plain text, in which no special token is seen.
            case text
        }

        let kind: Kind
        let text: String
        let isLearned: Bool
    }

    /// The conversation, stretch by stretch; the text of all is what `render` gives.
    func pieces(_ messages: [ChatMessage], addsGenerationPrompt: Bool) -> [Piece] {
        var list = PieceList()
        if let beginToken { list.add(.control, beginToken) }
        for message in withSystem(messages) { add(message, to: &list) }
        if addsGenerationPrompt { addHeader("assistant", to: &list) }
        return list.pieces
    }

    /// The messages with the default system message, or the preamble, in front; trimmed if that is
    /// the template's way.
    private func withSystem(_ messages: [ChatMessage]) -> [ChatMessage] {
        func content(_ text: String) -> String { trimsContent ? text.strippedOfSpace : text }
        var turns = messages.map { ChatMessage(role: $0.role, content: content($0.content)) }
        guard let first = turns.first else { return [] }
        let hasOwn = first.role == "system"
        guard hasOwn || defaultSystem != nil || !systemPreamble.isEmpty else { return turns }
        let text = hasOwn ? turns.removeFirst().content : content(defaultSystem ?? "")
        return [ChatMessage(role: "system", content: systemPreamble + text)] + turns
    }

    private func add(_ message: ChatMessage, to list: inout PieceList) {
        let isLearned = message.role == "assistant"
        switch style {
        case .chatML:
            addHeader(message.role, to: &list)
            list.add(.text, message.content, isLearned)
            list.add(.control, "<|im_end|>", isLearned)
            list.add(.text, "\n", isLearned)
        case .llama3:
            addHeader(message.role, to: &list)
            list.add(.text, message.content, isLearned)
            list.add(.control, "<|eot_id|>", isLearned)
        case .zephyr:
            guard Self.plainRoles.contains(message.role) else { return }
            addHeader(message.role, to: &list)
            list.add(.text, message.content, isLearned)
            list.add(.end, endToken, isLearned)
            list.add(.text, "\n")
        case .alpaca:
            guard Self.plainRoles.contains(message.role) else { return }
            addHeader(message.role, to: &list)
            list.add(.text, message.content, isLearned)
            if isLearned { list.add(.end, endToken, isLearned) }
            list.add(.text, "\n\n")
        }
    }

    /// What stands before a message of that role.
    private func addHeader(_ role: String, to list: inout PieceList) {
        switch style {
        case .chatML:
            list.add(.control, "<|im_start|>")
            list.add(.text, role + "\n")
        case .llama3:
            list.add(.control, "<|start_header_id|>")
            list.add(.text, role)
            list.add(.control, "<|end_header_id|>")
            list.add(.text, "\n\n")
        case .zephyr:
            list.add(.mark, "<|\(role)|>")
            list.add(.text, "\n")
        case .alpaca:
            switch role {
            case "user": list.add(.text, "### Instruction:\n")
            case "assistant": list.add(.text, "### Response:\n")
            default: break
            }
        }
    }

    /// The roles of the styles that know no others.
    static let plainRoles = ["system", "user", "assistant"]
}

private struct PieceList {
    var pieces: [ChatTemplate.Piece] = []

    mutating func add(_ kind: ChatTemplate.Piece.Kind, _ text: String, _ isLearned: Bool = false) {
        if !text.isEmpty {
            pieces.append(ChatTemplate.Piece(kind: kind, text: text, isLearned: isLearned))
        }
    }
}

extension String {
    /// Without the white space around it, as Python's `str.strip` and Jinja's `trim` see it.
    var strippedOfSpace: String {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
