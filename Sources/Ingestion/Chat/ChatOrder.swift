internal import Records

/// Whether turns follow each other as a chat's do.
enum ChatOrder {
    /// Throws for what makes a chat unusable, and notes the rest.
    static func check(
        _ turns: [[String: JSONValue]], sameRole: SameRolePolicy, strictTools: Bool,
        notes: inout Set<ChatNote>
    ) throws(JSONFault) {
        let roles = turns.map { $0["role"]?.stringValue ?? "" }
        let start = roles.firstIndex { $0 != "system" } ?? roles.count
        if let late = roles[start...].firstIndex(of: "system") {
            throw JSONFault(
                .chatRoleOrder, "message \(late + 1) is the system's, behind those of others")
        }
        for index in roles.indices.dropFirst()
        where roles[index] == roles[index - 1] && roles[index] != "tool" {
            // A call and the answer that follows it may both be the assistant's.
            if sameRole == .reject {
                throw JSONFault(
                    .chatRoleOrder, "messages \(index) and \(index + 1) have the same role")
            }
            notes.insert(.sameRole)
        }
        try checkTools(turns, roles, isStrict: strictTools, notes: &notes)
        guard roles.contains("assistant") else {
            notes.insert(.noAssistant)
            return
        }
        if start < roles.count, roles[start] == "assistant" { notes.insert(.assistantFirst) }
        if roles.last != "assistant" { notes.insert(.lastNotAssistant) }
    }

    /// Each call is answered before the talk goes on, and nothing else is.
    private static func checkTools(
        _ turns: [[String: JSONValue]], _ roles: [String], isStrict: Bool,
        notes: inout Set<ChatNote>
    ) throws(JSONFault) {
        var open: [String?] = []
        for (index, turn) in turns.enumerated() {
            if roles[index] == "tool" {
                let id = turn["tool_call_id"]?.stringValue
                if let place = id == nil ? open.indices.first : open.firstIndex(of: id) {
                    open.remove(at: place)
                } else if id != nil && isStrict {
                    throw JSONFault(
                        .chatToolCall, "message \(index + 1) answers a call that was not made")
                } else {
                    notes.insert(.toolUncalled)
                }
                continue
            }
            guard open.isEmpty else {
                throw JSONFault(
                    .chatToolCall, "a call is not answered before message \(index + 1)")
            }
            if let calls = turn["tool_calls"]?.arrayValue {
                guard roles[index] == "assistant" else {
                    throw JSONFault(
                        .chatToolCall, "message \(index + 1) calls a tool and is no assistant's")
                }
                open = calls.map { $0["id"]?.stringValue }
            }
        }
        if !open.isEmpty { notes.insert(.callOpen) }
    }
}

/// The calls of tools in messages.
enum ChatTools {
    /// Throws unless each call names a function and has arguments that are a JSON object, or its
    /// text.
    static func check(_ calls: JSONValue, _ number: Int) throws(JSONFault) {
        guard let calls = calls.arrayValue else {
            throw JSONFault(.chatToolCall, "the tool calls of message \(number) are not a list")
        }
        for call in calls {
            let function = call["function"] ?? call
            guard let name = function["name"]?.stringValue, !name.isEmpty else {
                throw JSONFault(.chatToolCall, "a tool call of message \(number) names no tool")
            }
            switch function["arguments"] {
            case nil, .null, .object: break
            case .string(let text):
                if text.utf8.allSatisfy(ByteSearch.isSpace) { break }
                let parsed = try? JSONParser.parse(Array(text.utf8))
                guard parsed?.objectValue != nil else {
                    throw JSONFault(
                        .chatToolCall,
                        "the arguments of a tool call of message \(number) are no JSON object")
                }
            default:
                throw JSONFault(
                    .chatToolCall, "the arguments of a tool call of message \(number) are no text")
            }
        }
    }

    /// The calls that a text holds as JSON: one object or a list; nil if it is neither.
    static func calls(inText text: String) -> JSONValue? {
        guard let value = try? JSONParser.parse(Array(text.utf8)) else { return nil }
        var calls: [JSONValue] = []
        for call in value.arrayValue ?? [value] {
            guard let name = call["name"]?.stringValue, !name.isEmpty else { return nil }
            let arguments = call["arguments"] ?? call["parameters"] ?? .object([:])
            let asText =
                arguments.stringValue
                ?? String(decoding: CanonicalJSON.encode(arguments), as: UTF8.self)
            calls.append([
                "type": "function",
                "function": ["name": .string(name), "arguments": .string(asText)],
            ])
        }
        return calls.isEmpty ? nil : .array(calls)
    }
}
