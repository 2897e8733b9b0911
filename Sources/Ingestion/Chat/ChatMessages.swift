internal import Records

/// Turns the messages of one record into `[{role, content, …}]`, and judges them.
struct ChatMessages {
    let roleKey: String
    let contentKey: String
    let roles: [String: String]
    let sameRole: SameRolePolicy
    let emptyTurns: EmptyTurnPolicy
    /// Whether a tool may only answer a call that was made (the OpenAI form).
    let strictTools: Bool

    init(_ mapping: ChatMapping, options: ChatOptions) {
        roleKey = mapping.roleKey
        contentKey = mapping.contentKey
        roles = mapping.roles
        let isTalk = mapping.dialect == .turns || mapping.dialect == .turnRows
        sameRole = options.sameRole ?? (isTalk ? .merge : .annotate)
        emptyTurns = options.emptyTurns ?? (isTalk ? .drop : .reject)
        strictTools = !isTalk
    }

    /// The members of a message that have a meaning here.
    static let knownKeys: Set<String> = [
        "role", "content", "name", "tool_calls", "tool_call_id", "function_call", "weight",
        "refusal", "reasoning_content", "thinking", "from", "value",
    ]

    /// The turns of `elements`, checked; `tally` counts what is out of the ordinary.
    func normalised(
        _ elements: [JSONValue], tally: inout ChatTally
    ) throws(JSONFault) -> (messages: [JSONValue], notes: [ChatNote]) {
        guard !elements.isEmpty else { throw JSONFault(.badMessages, "the list has no messages") }
        var turns: [[String: JSONValue]] = []
        turns.reserveCapacity(elements.count)
        var notes: Set<ChatNote> = []
        var unknown: Set<String> = []
        for (index, element) in elements.enumerated() {
            var turn = try turn(element, number: index + 1)
            for key in turn.keys where !Self.knownKeys.contains(key) { unknown.insert(key) }
            if Self.isBlank(turn) {
                guard emptyTurns == .drop else {
                    throw JSONFault(.chatEmptyTurn, "message \(index + 1) has no text")
                }
                notes.insert(.emptyDropped)
                continue
            }
            if sameRole == .merge, let last = turns.last, Self.canMerge(last, turn) {
                let before = last["content"]?.stringValue ?? ""
                turn["content"] = .string(before + "\n" + (turn["content"]?.stringValue ?? ""))
                turns[turns.count - 1] = turn
                notes.insert(.merged)
                continue
            }
            turns.append(turn)
        }
        guard !turns.isEmpty else { throw JSONFault(.chatEmptyTurn, "no message has a text") }
        try ChatOrder.check(
            turns, sameRole: sameRole, strictTools: strictTools, notes: &notes)
        for key in unknown { tally.unknownKeys[key, default: 0] += 1 }
        let sorted = ChatNote.allCases.filter(notes.contains)
        for note in sorted { tally.notes[note.rawValue, default: 0] += 1 }
        return (turns.map { .object($0) }, sorted)
    }

    /// One message with a role of ``ChatRoles/all`` and a text.
    private func turn(
        _ element: JSONValue, number: Int
    ) throws(JSONFault) -> [String: JSONValue] {
        if let pair = element.arrayValue {
            guard pair.count == 2, let speaker = pair[0].stringValue,
                let text = pair[1].stringValue
            else {
                throw JSONFault(.badMessages, "turn \(number) is not [speaker, text]")
            }
            return ["role": .string(try role(speaker, number)), "content": .string(text)]
        }
        guard var members = element.objectValue else {
            throw JSONFault(.badMessages, "message \(number) is not an object")
        }
        // Files mix the two forms; the one that the mapping names goes first.
        let forms = [(roleKey, contentKey), ("role", "content"), ("from", "value")]
        guard let form = forms.first(where: { members[$0.0]?.stringValue != nil }),
            let source = members.removeValue(forKey: form.0)?.stringValue, !source.isEmpty
        else { throw JSONFault(.badMessages, "message \(number) has no role") }
        let content = members.removeValue(forKey: form.1)
        members["role"] = .string(try role(source, number))
        if ["function_call", "tool_call"].contains(source.lowercased()),
            let text = content?.stringValue
        {
            // ShareGPT writes a call as the text of a turn of its own.
            guard let calls = ChatTools.calls(inText: text) else {
                throw JSONFault(.chatToolCall, "message \(number) is a call that is not JSON")
            }
            members["tool_calls"] = calls
            members["content"] = ""
            return members
        }
        if let call = members["function_call"], !call.isNull {
            members["tool_calls"] = [["type": "function", "function": call]]
        }
        members["function_call"] = nil
        if members["tool_calls"]?.isNull == true || members["tool_calls"] == [] {
            members["tool_calls"] = nil
        }
        if let calls = members["tool_calls"] { try ChatTools.check(calls, number) }
        let isCall = members["tool_calls"] != nil
        let refusal = members["refusal"]?.stringValue
        members["content"] = .string(
            try ChatContent.text(content, mayBeNull: isCall || refusal != nil, number)
                ?? refusal ?? "")
        return members
    }

    private func role(_ source: String, _ number: Int) throws(JSONFault) -> String {
        let name = ResolvedMapping.trimmed(source).lowercased()
        guard let role = roles[name] else {
            throw JSONFault(.chatUnknownRole, "message \(number) has a role that is not known")
        }
        return role
    }

    static func isBlank(_ turn: [String: JSONValue]) -> Bool {
        guard turn["tool_calls"] == nil else { return false }
        // A tool may have nothing to say.
        if turn["role"] == "tool", turn["tool_call_id"] != nil { return false }
        return turn["content"]?.stringValue?.utf8.allSatisfy(ByteSearch.isSpace) ?? true
    }

    private static func canMerge(
        _ first: [String: JSONValue], _ second: [String: JSONValue]
    ) -> Bool {
        let plain: Set<String> = ["role", "content"]
        return first["role"] == second["role"]
            && Set(first.keys).subtracting(["content"]) == Set(second.keys).subtracting(["content"])
            && first.filter { !plain.contains($0.key) } == second.filter { !plain.contains($0.key) }
    }
}

/// The text of a message's content.
enum ChatContent {
    /// A string as it is; a list of text parts joined by line feeds; nil where there is none and
    /// there may be none. A part that is an image, a sound or a file has no text: refused.
    static func text(
        _ content: JSONValue?, mayBeNull: Bool, _ number: Int
    ) throws(JSONFault) -> String? {
        switch content {
        case .string(let text): return text
        case .number(let literal): return literal
        case nil, .null:
            if mayBeNull { return nil }
            throw JSONFault(.badMessages, "message \(number) has no content")
        case .array(let parts):
            var texts: [String] = []
            for part in parts {
                if let text = part.stringValue {
                    texts.append(text)
                } else if let text = part["text"]?.stringValue ?? part["refusal"]?.stringValue {
                    texts.append(text)
                } else {
                    throw JSONFault(
                        .chatContent, "message \(number) has a part that is not text")
                }
            }
            return texts.joined(separator: "\n")
        default: throw JSONFault(.chatContent, "the content of message \(number) is not text")
        }
    }
}
