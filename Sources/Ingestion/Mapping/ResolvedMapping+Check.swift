internal import Records

extension ResolvedMapping {
    /// The fields as the record will have them, or why they cannot become one.
    func check(
        _ fields: [String: JSONValue], key: String?
    ) -> Result<[String: JSONValue], JSONFault> {
        if key == "" { return .failure(JSONFault(.missingKey, "the key column is blank")) }
        var result = fields
        for name in kind.requiredFields {
            if name == "messages" {
                switch Messages.normalised(fields[name]) {
                case .success(let messages): result[name] = messages
                case .failure(let fault): return .failure(fault)
                }
                continue
            }
            switch fields[name] {
            case .string(let text):
                if Self.isBlank(text) { return .failure(Self.missing(name)) }
            case .bool(let flag) where name == "label":
                result[name] = .string(flag ? "true" : "false")
            case nil, .null: return .failure(Self.missing(name))
            default:
                return .failure(JSONFault(.badValue, "the field '\(name)' is not text"))
            }
        }
        if kind == .instruction, let input = fields["input"] {
            if input.isNull {
                result["input"] = ""
            } else if input.stringValue == nil {
                return .failure(JSONFault(.badValue, "the field 'input' is not text"))
            }
        }
        return .success(result)
    }

    private static func missing(_ name: String) -> JSONFault {
        let reason: RejectReason =
            switch name {
            case "text": .missingText
            case "label": .missingLabel
            default: .missingField
            }
        return JSONFault(reason, "the field '\(name)' is absent or blank")
    }

    private static func isBlank(_ text: String) -> Bool {
        text.utf8.allSatisfy(ByteSearch.isSpace)
    }
}

/// The `messages` of a chat.
enum Messages {
    /// Messages as `[{role, content, …}]`. Also takes the array as JSON text (a CSV cell), and the
    /// `{from, value}` form with its roles `human` and `gpt`.
    static func normalised(_ value: JSONValue?) -> Result<JSONValue, JSONFault> {
        switch value {
        case nil, .null: return .failure(JSONFault(.missingField, "no messages"))
        case .string(let text):
            guard let parsed = try? JSONParser.parse(Array(text.utf8)) else {
                return .failure(JSONFault(.badMessages, "the messages are not JSON"))
            }
            return normalised(elements: withNumbersAsText(parsed).arrayValue)
        default: return normalised(elements: value?.arrayValue)
        }
    }

    private static func normalised(elements: [JSONValue]?) -> Result<JSONValue, JSONFault> {
        guard let elements, !elements.isEmpty else {
            return .failure(JSONFault(.badMessages, "the messages are not a list"))
        }
        var messages: [JSONValue] = []
        messages.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard var members = element.objectValue else {
                return .failure(JSONFault(.badMessages, "message \(index + 1) is not an object"))
            }
            if members["role"] == nil, let from = members["from"]?.stringValue {
                let roles = ["human": "user", "gpt": "assistant", "bot": "assistant"]
                members["from"] = nil
                members["role"] = .string(roles[from] ?? from)
                members["content"] = members.removeValue(forKey: "value")
            }
            guard let role = members["role"]?.stringValue, !role.isEmpty,
                members["content"]?.stringValue != nil
            else {
                return .failure(
                    JSONFault(.badMessages, "message \(index + 1) lacks a role or a content"))
            }
            messages.append(.object(members))
        }
        return .success(.array(messages))
    }

    private static func withNumbersAsText(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let literal): .string(literal)
        case .array(let elements): .array(elements.map(withNumbersAsText))
        case .object(let members): .object(members.mapValues(withNumbersAsText))
        default: value
        }
    }
}
