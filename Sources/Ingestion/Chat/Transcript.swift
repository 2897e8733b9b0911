internal import Records

/// A chat in one text, as `\n\nHuman: …\n\nAssistant: …`.
enum Transcript {
    private static let marks = [("Human:", "user"), ("Assistant:", "assistant")]

    /// The turns; nil unless the text begins with a human's and has an assistant's.
    static func turns(_ text: String?) -> [JSONValue]? {
        guard let text else { return nil }
        var turns: [JSONValue] = []
        var role: String?
        var lines: [Substring] = []
        var afterBlank = true
        func close() {
            guard let role else { return }
            let content = ResolvedMapping.trimmed(lines.joined(separator: "\n"))
            turns.append(["role": .string(role), "content": .string(content)])
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // A mark counts where a paragraph begins: people write "Human:" inside of texts too.
            if afterBlank, let mark = marks.first(where: { line.hasPrefix($0.0) }) {
                close()
                role = mark.1
                lines = [line.dropFirst(mark.0.count)]
            } else {
                if role == nil, !line.utf8.allSatisfy(ByteSearch.isSpace) { return nil }
                lines.append(line)
            }
            afterBlank = line.utf8.allSatisfy(ByteSearch.isSpace)
        }
        close()
        guard turns.first?["role"] == "user", turns.contains(where: { $0["role"] == "assistant" })
        else { return nil }
        return turns
    }

    /// Messages as text: the content alone of a single one, else with marks as above.
    static func text(of messages: [JSONValue]) -> String {
        if messages.count == 1 { return messages[0]["content"]?.stringValue ?? "" }
        let names = ["user": "Human", "assistant": "Assistant", "system": "System", "tool": "Tool"]
        return messages.map { message in
            let role = message["role"]?.stringValue ?? ""
            return "\(names[role] ?? role): \(message["content"]?.stringValue ?? "")"
        }.joined(separator: "\n\n")
    }
}
