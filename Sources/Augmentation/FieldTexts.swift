internal import Records

/// The strings inside a record's fields, each with its path such as `text` or `messages[0].content`.
enum FieldTexts {
    /// All strings, fields in order of their names.
    static func all(in fields: [String: JSONValue]) -> [(path: String, text: String)] {
        var texts: [(path: String, text: String)] = []
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            append(value, name, &texts)
        }
        return texts
    }

    private static func append(
        _ value: JSONValue, _ path: String, _ texts: inout [(path: String, text: String)]
    ) {
        switch value {
        case .string(let text): texts.append((path, text))
        case .array(let values):
            for (index, value) in values.enumerated() { append(value, "\(path)[\(index)]", &texts) }
        case .object(let members):
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                append(value, "\(path).\(name)", &texts)
            }
        default: break
        }
    }

    /// The fields with every string replaced by what `change` makes of it, in the same order.
    static func map(
        _ fields: [String: JSONValue], _ change: (_ path: String, _ text: String) -> String
    ) -> [String: JSONValue] {
        var result = fields
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            result[name] = map(value, name, change)
        }
        return result
    }

    private static func map(
        _ value: JSONValue, _ path: String, _ change: (String, String) -> String
    ) -> JSONValue {
        switch value {
        case .string(let text): return .string(change(path, text))
        case .array(let values):
            return .array(values.enumerated().map { map($1, "\(path)[\($0)]", change) })
        case .object(let members):
            var result = members
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                result[name] = map(value, "\(path).\(name)", change)
            }
            return .object(result)
        default: return value
        }
    }
}

/// Which texts of a record are a model's input, and so may be edited: never what it shall answer.
enum EditableText {
    /// The paths of the texts that may be edited.
    static func paths(in record: Record) -> Set<String> {
        switch record.kind {
        case .text, .labelled: return ["text"]
        case .instruction: return ["instruction", "input"]
        case .preference: return ["prompt"]
        case .chat:
            let messages = record.fields["messages"]?.arrayValue ?? []
            return Set(
                messages.indices.filter { messages[$0]["role"]?.stringValue == "user" }.map {
                    "messages[\($0)].content"
                })
        }
    }

    /// Whether there is any text to work on.
    static func exists(in record: Record) -> Bool {
        let paths = paths(in: record)
        return FieldTexts.all(in: record.fields).contains {
            paths.contains($0.path) && !$0.text.isEmpty
        }
    }
}
