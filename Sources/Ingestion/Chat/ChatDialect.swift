internal import Records

/// The written forms of chat and tuning data that are recognised.
public enum ChatDialect: String, CaseIterable, Sendable, Hashable {
    /// `messages`: `[{"role", "content", …}]`, with tools as the OpenAI chat API has them.
    case openai
    /// `conversations`: `[{"from", "value"}]`.
    case shareGPT = "sharegpt"
    /// `instruction`, `input`, `output`, perhaps `system` and `history`.
    case alpaca
    /// `prompt`, `completion`: texts, or lists of messages.
    case promptCompletion = "prompt-completion"
    /// `prompt`, `chosen`, `rejected`: texts, or lists of messages; the prompt may be the beginning
    /// that both lists share.
    case preference
    /// `input.messages`, `preferred_output`, `non_preferred_output`.
    case openaiPreference = "openai-preference"
    /// `chosen`, `rejected`: transcripts with `Human:` and `Assistant:`.
    case transcripts
    /// A column with a list of `[speaker, text]` or of objects with a speaker and a text.
    case turns
    /// One turn a row; a column says which conversation it belongs to.
    case turnRows = "turn-rows"
    /// `prompt`, `completion` and a boolean `label`: recognised in order to be refused by name.
    case kto

    /// The dialect called `option`, with or without `chat:` before it.
    public init(option: String) throws(IngestionError) {
        let lower = option.lowercased()
        let name = lower.hasPrefix("chat:") ? String(lower.dropFirst(5)) : lower
        guard let dialect = ChatDialect(rawValue: name) else {
            throw IngestionError(
                .badOption, "there is no chat dialect '\(name)'",
                hint: Suggestion.hint(
                    for: name, in: Self.allCases.map(\.rawValue), called: "dialects"))
        }
        self = dialect
    }
}

/// What is done about turns that do not alternate.
public enum SameRolePolicy: String, CaseIterable, Sendable, Hashable {
    /// They become one turn, joined by a line feed.
    case merge
    /// They stay, and the record says so.
    case annotate
    /// The record goes to quarantine.
    case reject
}

/// What is done about turns without text.
public enum EmptyTurnPolicy: String, CaseIterable, Sendable, Hashable {
    /// They are left out, and the record says so.
    case drop
    /// The record goes to quarantine.
    case reject
}

/// How chats are read. Everything has a default.
public struct ChatOptions: Sendable, Hashable {
    /// Whether dialects are looked for where neither one nor a field mapping is given.
    public var recognises = true
    /// The dialect; nil: found out from the first batch of rows.
    public var dialect: ChatDialect?
    /// The whole mapping, as it was shown before; goes before ``dialect``.
    public var mapping: ChatMapping?
    /// Turns of one role after another; nil: merged where people wrote lines, else annotated.
    public var sameRole: SameRolePolicy?
    /// Turns without text; nil: dropped where people wrote lines, else refused.
    public var emptyTurns: EmptyTurnPolicy?

    /// The defaults.
    public init() {}
}

extension IngestOptions {
    /// Sets what `--format` says: a format, or `chat:` with the name of a dialect.
    public mutating func setFormat(option: String) throws(IngestionError) {
        if option.lowercased().hasPrefix("chat:") {
            chat.dialect = try ChatDialect(option: option)
        } else {
            format = try InputFormat(option: option)
        }
    }
}
