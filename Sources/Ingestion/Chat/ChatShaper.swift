internal import Records

/// Rewrites rows of a chat or tuning form to the standard fields of a record.
final class ChatShaper {
    let mapping: ChatMapping
    private let messages: ChatMessages
    private(set) var tally = ChatTally()

    init(_ mapping: ChatMapping, options: ChatOptions) {
        self.mapping = mapping
        messages = ChatMessages(mapping, options: options)
    }

    /// For people: the mapping, and what was noticed.
    var remarks: [String] {
        var lines = [mapping.lines.joined(separator: ";")]
        if !tally.unknownKeys.isEmpty {
            let keys = tally.unknownKeys.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let list = keys.prefix(10).map { "\($0.key) (\($0.value) records)" }
            lines.append(
                "members of messages that mean nothing here stay: "
                    + list.joined(separator: ", "))
        }
        if !tally.notes.isEmpty {
            let list = tally.notes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append("records marked in chat_notes: " + list.joined(separator: ", "))
        }
        return lines
    }

    /// The fields of the record; columns that no part came from stay as they are.
    func shape(
        _ row: [String: JSONValue]
    ) -> Result<[String: JSONValue], JSONFault> {
        do throws(JSONFault) {
            var rest = row
            for (part, column) in mapping.columns where part != "order" { rest[column] = nil }
            let fields = try standardFields(row)
            if let column = mapping.columns["system"], !usesSystem(row) {
                rest[column] = row[column]
            }
            for name in rest.keys where fields[name] != nil {
                rest["source.\(name)"] = rest.removeValue(forKey: name)
            }
            return .success(rest.merging(fields) { _, new in new })
        } catch {
            return .failure(error)
        }
    }

    private func standardFields(
        _ row: [String: JSONValue]
    ) throws(JSONFault) -> [String: JSONValue] {
        switch mapping.dialect {
        case .openai, .shareGPT, .turns, .turnRows:
            guard let elements = TurnList.elements(part("messages", row)) else {
                throw JSONFault(.badMessages, "the messages are not a list")
            }
            return try chat(
                (usesSystem(row) ? system(row) : []) + elements.map(Self.numbersAsText))
        case .alpaca: return try alpaca(row)
        case .promptCompletion, .kto: return try promptCompletion(row)
        case .preference, .openaiPreference, .transcripts: return try pair(row)
        }
    }

    /// A chat of messages that are in the source's form.
    func chat(_ elements: [JSONValue]) throws(JSONFault) -> [String: JSONValue] {
        let (turns, notes) = try messages.normalised(elements, tally: &tally)
        var fields: [String: JSONValue] = ["messages": .array(turns)]
        if !notes.isEmpty { fields["chat_notes"] = .array(notes.map { .string($0.rawValue) }) }
        return fields
    }

    private func part(_ name: String, _ row: [String: JSONValue]) -> JSONValue? {
        mapping.columns[name].flatMap { row[$0] }
    }

    private func text(
        _ name: String, _ row: [String: JSONValue]
    ) throws(JSONFault) -> String {
        switch part(name, row) {
        case .string(let text): return text
        case nil, .null: throw JSONFault(.missingField, "the \(name) is absent")
        default: throw JSONFault(.chatForm, "the \(name) is not text")
        }
    }

    /// The system's message, if a column has one.
    private func system(_ row: [String: JSONValue]) -> [JSONValue] {
        guard let text = part("system", row)?.stringValue,
            !text.utf8.allSatisfy(ByteSearch.isSpace)
        else { return [] }
        return [["role": "system", "content": .string(text)]]
    }

    /// Whether the column with the system's message is needed: not if the messages bring their own.
    private func usesSystem(_ row: [String: JSONValue]) -> Bool {
        let list = TurnList.elements(part("messages", row) ?? part("prompt", row))
        let opener = list?.first?[mapping.roleKey]?.stringValue.flatMap { mapping.roles[$0] }
        return opener != "system"
    }

    private func alpaca(_ row: [String: JSONValue]) throws(JSONFault) -> [String: JSONValue] {
        let instruction = try text("instruction", row)
        let output = try text("output", row)
        let input: String
        switch part("input", row) {
        case .string(let text): input = text
        case nil, .null: input = ""
        default: throw JSONFault(.chatForm, "the input is not text")
        }
        guard mapping.isConversational else {
            var fields: [String: JSONValue] = [
                "instruction": .string(instruction), "output": .string(output),
            ]
            if mapping.columns["input"] != nil { fields["input"] = .string(input) }
            return fields
        }
        var turns = system(row)
        for exchange in part("history", row)?.arrayValue ?? [] {
            guard let pair = exchange.stringArray, pair.count == 2 else {
                throw JSONFault(.chatForm, "the history is not a list of pairs")
            }
            turns.append(["role": "user", "content": .string(pair[0])])
            turns.append(["role": "assistant", "content": .string(pair[1])])
        }
        let question = input.isEmpty ? instruction : instruction + "\n\n" + input
        turns.append(["role": "user", "content": .string(question)])
        turns.append(["role": "assistant", "content": .string(output)])
        return try chat(turns)
    }

    private func promptCompletion(
        _ row: [String: JSONValue]
    ) throws(JSONFault) -> [String: JSONValue] {
        guard mapping.isConversational else {
            return [
                "instruction": .string(try text("prompt", row)),
                "output": .string(try text("completion", row)),
            ]
        }
        let prompt = try raw("prompt", row, role: "user")
        let completion = try raw("completion", row, role: "assistant")
        return try chat((usesSystem(row) ? system(row) : []) + prompt + completion)
    }

    /// A part as messages; a text is one message of `role`.
    private func raw(
        _ name: String, _ row: [String: JSONValue], role: String
    ) throws(JSONFault) -> [JSONValue] {
        let value = part(name, row)
        let inner = mapping.dialect == .openaiPreference ? value?["messages"] ?? value : value
        if ChatRecognizer.isMessages(inner), let elements = TurnList.elements(inner) {
            return elements.map(Self.numbersAsText)
        }
        guard let text = inner?.stringValue else {
            throw JSONFault(.missingField, "the \(name) is neither text nor messages")
        }
        return [["role": .string(role), "content": .string(text)]]
    }

    // MARK: Preference pairs

    private func pair(_ row: [String: JSONValue]) throws(JSONFault) -> [String: JSONValue] {
        if mapping.dialect == .preference, let texts = plainPair(row) { return texts }
        var prompt: [JSONValue] = usesSystem(row) ? system(row) : []
        var chosen: [JSONValue]
        var rejected: [JSONValue]
        if mapping.dialect == .transcripts {
            guard let better = Transcript.turns(part("chosen", row)?.stringValue),
                let worse = Transcript.turns(part("rejected", row)?.stringValue)
            else {
                throw JSONFault(.chatForm, "no transcript that begins with 'Human:'")
            }
            (chosen, rejected) = (better, worse)
        } else {
            let name = mapping.dialect == .openaiPreference ? "input" : "prompt"
            if mapping.columns[name] != nil, part(name, row)?.isNull == false {
                prompt += try raw(name, row, role: "user")
            }
            chosen = try raw("chosen", row, role: "assistant")
            rejected = try raw("rejected", row, role: "assistant")
        }
        prompt = try normalised(prompt)
        chosen = try normalised(chosen)
        rejected = try normalised(rejected)
        // Whole conversations on both sides: what they share is the prompt.
        var shared = 0
        while shared < min(chosen.count, rejected.count) - 1, chosen[shared] == rejected[shared] {
            shared += 1
        }
        if shared > 0 {
            let start = Array(chosen[..<shared])
            let (body, known) = (Self.talk(start), Self.talk(prompt))
            if known.isEmpty || body.starts(with: known) { prompt = Self.joined(prompt, start) }
            chosen.removeFirst(shared)
            rejected.removeFirst(shared)
        }
        guard prompt.contains(where: { $0["role"] != "system" }) else {
            throw JSONFault(.chatNoPrompt, "no prompt that both answers share")
        }
        for side in [chosen, rejected] where !side.allSatisfy({ $0["role"] != "user" }) {
            throw JSONFault(.chatRoleOrder, "an answer of the pair holds a user's turn")
        }
        var fields: [String: JSONValue] = [
            "prompt": .string(Transcript.text(of: prompt)),
            "chosen": .string(Transcript.text(of: chosen)),
            "rejected": .string(Transcript.text(of: rejected)),
        ]
        if prompt.count > 1 { fields["prompt_messages"] = .array(prompt) }
        if let tools = part("input", row)?["tools"] { fields["tools"] = tools }
        return fields
    }

    /// The three parts where all of them are plain text, as they are.
    private func plainPair(_ row: [String: JSONValue]) -> [String: JSONValue]? {
        guard mapping.columns["system"] == nil else { return nil }
        var fields: [String: JSONValue] = [:]
        for name in ["prompt", "chosen", "rejected"] {
            guard let text = part(name, row)?.stringValue,
                !ChatRecognizer.isMessages(part(name, row))
            else { return nil }
            fields[name] = .string(text)
        }
        return fields
    }

    /// Messages with their roles set right, not yet judged as a chat.
    private func normalised(_ elements: [JSONValue]) throws(JSONFault) -> [JSONValue] {
        guard !elements.isEmpty else { return [] }
        var notes = ChatTally()
        let turns = try messages.normalised(elements, tally: &notes).messages
        tally.unknownKeys.merge(notes.unknownKeys, uniquingKeysWith: +)
        return turns
    }

    private static func talk(_ messages: [JSONValue]) -> [JSONValue] {
        messages.filter { $0["role"] != "system" }
    }

    private static func joined(_ prompt: [JSONValue], _ start: [JSONValue]) -> [JSONValue] {
        let opensItself = start.first?["role"] == "system"
        return (opensItself ? [] : prompt.filter { $0["role"] == "system" }) + start
    }

    static func numbersAsText(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let literal): .string(literal)
        case .array(let elements): .array(elements.map(numbersAsText))
        case .object(let members): .object(members.mapValues(numbersAsText))
        default: value
        }
    }
}
