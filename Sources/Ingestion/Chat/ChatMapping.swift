public import Records

/// How a chat or tuning file is read: what was recognised, to be shown before it is used, and to be
/// given back changed.
public struct ChatMapping: Sendable, Hashable {
    /// What a source column can be.
    public static let parts = [
        "messages", "system", "instruction", "input", "output", "history", "prompt", "completion",
        "chosen", "rejected", "conversation", "role", "text", "order",
    ]

    /// The written form.
    public var dialect: ChatDialect
    /// Source column by what it is; see ``parts``.
    public var columns: [String: String]
    /// The member of a message that names its role (of a pair: `0`).
    public var roleKey: String
    /// The member of a message that holds its text (of a pair: `1`).
    public var contentKey: String
    /// The record's role (`system`, `user`, `assistant`, `tool`) by the source's, lower case.
    public var roles: [String: String]
    /// Whether the parts of a tuning form are lists of messages, or come with a system prompt or a
    /// history, so that the record has to be a chat.
    public var isConversational = false
    /// The names in ``roles`` that occurred in the rows looked at.
    public var rolesSeen: Set<String> = []
    /// How many rows were looked at.
    public var rowsSeen: Int
    /// How many of them have this form.
    public var rowsFitting: Int

    /// Makes a mapping; roles default to ``ChatRoles/usual``.
    public init(
        dialect: ChatDialect, columns: [String: String], roleKey: String = "role",
        contentKey: String = "content", roles: [String: String] = ChatRoles.usual,
        rowsSeen: Int = 0, rowsFitting: Int = 0
    ) {
        self.dialect = dialect
        self.columns = columns
        self.roleKey = roleKey
        self.contentKey = contentKey
        self.roles = roles
        self.rowsSeen = rowsSeen
        self.rowsFitting = rowsFitting
    }

    /// What the records are for.
    public var kind: RecordKind {
        switch dialect {
        case .openai, .shareGPT, .turns, .turnRows: .chat
        case .alpaca, .promptCompletion, .kto: isConversational ? .chat : .instruction
        case .preference, .openaiPreference, .transcripts: .preference
        }
    }

    /// `{"dialect", "columns": {…}, "role", "content", "roles": {…}, "conversational"}`; counts are
    /// left out.
    public var json: JSONValue {
        [
            "dialect": .string(dialect.rawValue),
            "columns": .object(columns.mapValues { .string($0) }), "role": .string(roleKey),
            "content": .string(contentKey), "roles": .object(roles.mapValues { .string($0) }),
            "conversational": .bool(isConversational),
        ]
    }

    /// Reads ``json``; what is left out of the roles has its usual meaning.
    public init(json: JSONValue) throws(IngestionError) {
        guard let members = json.objectValue,
            let dialect = try members["dialect"]?.stringValue.map({
                name throws(IngestionError) in try ChatDialect(option: name)
            })
        else { throw Self.bad("it names no dialect") }
        self.init(dialect: dialect, columns: [:])
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "dialect": break
            case "role": roleKey = try Self.text(value, name)
            case "content": contentKey = try Self.text(value, name)
            case "conversational": isConversational = value.boolValue ?? false
            case "columns":
                for (part, column) in try Self.texts(value, name) {
                    guard Self.parts.contains(part) else {
                        throw Self.bad(
                            "'\(part)' is no part of a chat",
                            Suggestion.hint(for: part, in: Self.parts, called: "parts"))
                    }
                    columns[part] = column
                }
            case "roles":
                for (source, role) in try Self.texts(value, name) {
                    guard ChatRoles.all.contains(role) else {
                        throw Self.bad(
                            "'\(role)' is no role",
                            Suggestion.hint(for: role, in: ChatRoles.all, called: "roles"))
                    }
                    roles[source.lowercased()] = role
                }
            default:
                throw Self.bad(
                    "it has no member '\(name)'",
                    Suggestion.hint(
                        for: name,
                        in: ["dialect", "columns", "role", "content", "roles", "conversational"],
                        called: "members"))
            }
        }
    }

    /// For people: one line on the form, one for each column, one for the roles that occur.
    public var lines: [String] {
        var lines = [
            "chat:\(dialect.rawValue), records of kind \(kind.rawValue)"
                + (rowsSeen > 0 ? ", \(rowsFitting) of \(rowsSeen) rows looked at have it" : "")
        ]
        for (part, column) in columns.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(part) from \(column)")
        }
        if kind == .chat, dialect != .alpaca {
            if dialect != .turnRows { lines.append("  a turn is {\(roleKey), \(contentKey)}") }
            for role in ChatRoles.all {
                let sources = roles.filter {
                    $0.value == role && (rolesSeen.isEmpty || rolesSeen.contains($0.key))
                }.keys.sorted()
                if !sources.isEmpty {
                    lines.append("  role \(role) from \(sources.joined(separator: ", "))")
                }
            }
        }
        return lines
    }

    private static func text(_ value: JSONValue, _ name: String) throws(IngestionError) -> String {
        guard let text = value.stringValue, !text.isEmpty else { throw bad("'\(name)' is no text") }
        return text
    }

    private static func texts(
        _ value: JSONValue, _ name: String
    ) throws(IngestionError) -> [(key: String, value: String)] {
        guard let members = value.objectValue else { throw bad("'\(name)' is not an object") }
        var result: [(key: String, value: String)] = []
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            result.append((key, try text(value, key)))
        }
        return result
    }

    private static func bad(
        _ what: String, _ hint: String = "see schemas/chat-mapping.schema.json"
    ) -> IngestionError {
        IngestionError(.badMapping, "the chat mapping is not well-formed: \(what)", hint: hint)
    }
}

/// The names that speakers have.
public enum ChatRoles {
    /// The roles of a record's messages.
    public static let all = ["system", "user", "assistant", "tool"]

    /// The usual meaning of the names that occur, lower case.
    public static let usual: [String: String] = {
        var roles: [String: String] = [:]
        for (role, names) in [
            ("system", ["system", "developer", "system_prompt", "context"]),
            (
                "user",
                [
                    "user", "human", "customer", "client", "caller", "visitor", "prompter",
                    "patient", "guest", "consumer", "student",
                ]
            ),
            (
                "assistant",
                [
                    "assistant", "gpt", "chatgpt", "bot", "chatbot", "model", "ai", "agent",
                    "representative", "operator", "advisor", "support", "bing", "bard", "claude",
                    "doctor", "tutor", "function_call", "tool_call",
                ]
            ),
            (
                "tool",
                [
                    "tool", "function", "observation", "function_response", "tool_response",
                    "ipython", "action",
                ]
            ),
        ] {
            for name in names { roles[name] = role }
        }
        return roles
    }()
}

/// What was noticed while chats were read.
public struct ChatTally: Sendable, Hashable {
    /// Members of messages that are not known here (they are kept), and how many messages have one.
    public internal(set) var unknownKeys: [String: UInt64] = [:]
    /// ``ChatNote`` by how many records have it.
    public internal(set) var notes: [String: UInt64] = [:]

    /// `{"unknownKeys": {…}, "notes": {…}}`
    public var json: JSONValue {
        [
            "unknownKeys": .object(unknownKeys.mapValues { .integer(Int($0)) }),
            "notes": .object(notes.mapValues { .integer(Int($0)) }),
        ]
    }
}

/// What a chat that is accepted has out of the ordinary; stands in the record's `chat_notes`.
public enum ChatNote: String, CaseIterable, Sendable, Hashable {
    /// Two turns of one role after another.
    case sameRole = "same-role"
    /// Turns of one role after another became one.
    case merged = "merged-turns"
    /// Turns without text were left out.
    case emptyDropped = "empty-turns-dropped"
    /// The assistant speaks first.
    case assistantFirst = "assistant-first"
    /// The last turn is not the assistant's.
    case lastNotAssistant = "last-not-assistant"
    /// The assistant never speaks.
    case noAssistant = "no-assistant"
    /// A tool speaks without having been called.
    case toolUncalled = "tool-uncalled"
    /// The last turn calls a tool whose answer is not there.
    case callOpen = "call-open"
}
