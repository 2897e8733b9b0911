internal import Records

/// Finds out which chat or tuning form rows have, by all rows of the first batch.
///
/// Each form says how many rows fit; the one with the most wins, and has to fit at least half of
/// them. Rows that do not fit it go to quarantine later.
struct ChatRecognizer {
    let rows: [[String: JSONValue]]
    /// Column by its name in lower case without `_`, `-` and spaces.
    let names: [String: String]
    let turnLists: [TurnList]
    let roles: [String: String]

    init(_ rows: [[String: JSONValue]], roles: [String: String] = ChatRoles.usual) {
        self.rows = rows
        self.roles = roles
        var names: [String: String] = [:]
        for column in Set(rows.flatMap(\.keys)).sorted(by: >) { names[Self.plain(column)] = column }
        self.names = names
        turnLists = TurnList.find(in: rows, columns: names.values.sorted())
    }

    /// The mapping of `rows`; nil if they are no chat. Throws for KTO feedback, for a dialect that
    /// was asked for and is not there, and never otherwise.
    static func recognise(
        _ rows: [[String: JSONValue]], options: ChatOptions
    ) throws(IngestionError) -> ChatMapping? {
        if let mapping = options.mapping { return mapping }
        guard options.dialect != nil || options.recognises, !rows.isEmpty else { return nil }
        let recognizer = ChatRecognizer(rows)
        if let dialect = options.dialect {
            guard let mapping = recognizer.fit(dialect), mapping.rowsFitting > 0 else {
                throw IngestionError(
                    .noMapping,
                    "none of the first \(rows.count) rows has the form "
                        + "'chat:\(dialect.rawValue)'",
                    hint: "columns: " + recognizer.names.values.sorted().joined(separator: ", "))
            }
            return mapping
        }
        // On equal terms the more special form goes first.
        let order: [ChatDialect] = [
            .openaiPreference, .preference, .transcripts, .kto, .openai, .shareGPT, .turnRows,
            .alpaca, .promptCompletion, .turns,
        ]
        var best: ChatMapping?
        for dialect in order {
            guard let found = recognizer.fit(dialect), found.rowsFitting * 2 >= rows.count,
                found.rowsFitting > 0, found.rowsFitting > best?.rowsFitting ?? 0
            else { continue }
            best = found
        }
        if best?.dialect == .kto {
            throw IngestionError(
                .noMapping,
                "the rows are KTO feedback (prompt, completion, a yes or no), which is no kind of "
                    + "record here",
                hint: "say --format chat:prompt-completion to read prompts and completions (the "
                    + "label stays a column), or make pairs of prompt, chosen and rejected")
        }
        return best
    }

    static func plain(_ name: String) -> String {
        String(name.lowercased().filter { !"_- ".contains($0) })
    }

    /// The first column that has one of `candidates` as its name.
    func column(_ candidates: String...) -> String? {
        for candidate in candidates { if let name = names[candidate] { return name } }
        return nil
    }

    /// How many rows hold `test` for the values of these columns.
    func count(where test: ([String: JSONValue]) -> Bool) -> Int {
        rows.reduce(0) { $0 + (test($1) ? 1 : 0) }
    }

    /// Whether most rows have a text of their own, so that weak signs of a chat do not count.
    private var hasText: Bool {
        guard let text = names["text"] else { return false }
        return count { $0[text]?.stringValue != nil } * 2 > rows.count
    }

    /// How `dialect` would read the rows; nil if a column that it needs is not there.
    func fit(_ dialect: ChatDialect) -> ChatMapping? {
        var mapping: ChatMapping?
        switch dialect {
        case .openai:
            mapping = messages(.openai) { $0.roleKey == "role" && $0.textKey == "content" }
        case .shareGPT:
            mapping = messages(.shareGPT) { $0.roleKey == "from" && $0.textKey == "value" }
        case .turns:
            guard !hasText else { return nil }
            mapping = turns()
        case .turnRows: mapping = turnRows()
        case .alpaca: mapping = alpaca()
        case .promptCompletion: mapping = hasText ? nil : promptCompletion()
        case .kto: mapping = kto()
        case .preference: mapping = preference()
        case .openaiPreference: mapping = openaiPreference()
        case .transcripts: mapping = transcripts()
        }
        mapping?.rowsSeen = rows.count
        return mapping
    }
}

/// A column that holds lists of turns.
struct TurnList {
    var column: String
    var roleKey: String
    var textKey: String
    /// How many rows have such a list there.
    var count: Int
    /// The speakers that occur, lower case, and how many turns they have.
    var speakers: [String: Int]
    /// Whether a speaker called `system` speaks after the first turn.
    var systemTalks: Bool

    private static let roleKeys = ["role", "from", "speaker", "sender", "author", "who"]
    private static let textKeys = [
        "content", "value", "text", "message", "utterance", "body", "msg",
    ]
    /// Columns by how likely they are the talk itself, where several hold turns.
    private static let likely = [
        "messages", "conversations", "conversation", "dialogue", "dialog", "turns", "chat",
        "transcript", "original", "utterances", "log",
    ]

    /// Columns that hold a part of a talk at best.
    private static let halves: Set<String> = [
        "prompt", "completion", "chosen", "rejected", "preferredoutput", "nonpreferredoutput",
        "history", "response", "answer", "output",
    ]

    /// The lists in `rows`, the likeliest first.
    static func find(in rows: [[String: JSONValue]], columns: [String]) -> [TurnList] {
        var found: [TurnList] = []
        for column in columns where !halves.contains(ChatRecognizer.plain(column)) {
            var list: TurnList?
            for row in rows {
                guard let elements = elements(row[column]), let first = elements.first,
                    let (roleKey, textKey) = shape(first)
                else { continue }
                if list == nil {
                    list = TurnList(
                        column: column, roleKey: roleKey, textKey: textKey, count: 0,
                        speakers: [:], systemTalks: false)
                }
                guard list?.roleKey == roleKey else { continue }
                list?.take(elements)
            }
            if let list, list.count > 0 { found.append(list) }
        }
        func rank(_ list: TurnList) -> Int {
            likely.firstIndex(of: ChatRecognizer.plain(list.column)) ?? likely.count
        }
        return found.sorted {
            ($1.count, rank($0), $0.column) < ($0.count, rank($1), $1.column)
        }
    }

    /// The elements of a list, also of one that is JSON in a text.
    static func elements(_ value: JSONValue?) -> [JSONValue]? {
        if let elements = value?.arrayValue { return elements }
        guard let text = value?.stringValue, text.hasPrefix("[") else { return nil }
        return (try? JSONParser.parse(Array(text.utf8)))?.arrayValue
    }

    private mutating func take(_ elements: [JSONValue]) {
        var here: [String] = []
        for element in elements {
            let speaker =
                element.arrayValue?.first?.stringValue ?? element[roleKey]?.stringValue
            guard let speaker else { return }
            here.append(ResolvedMapping.trimmed(speaker).lowercased())
        }
        count += 1
        for speaker in here { speakers[speaker, default: 0] += 1 }
        if here.dropFirst().contains("system") { systemTalks = true }
    }

    private static func shape(_ element: JSONValue) -> (String, String)? {
        if let pair = element.arrayValue {
            let isPair = pair.count == 2 && pair.allSatisfy { $0.stringValue != nil }
            return isPair ? ("0", "1") : nil
        }
        guard let members = element.objectValue,
            let role = roleKeys.first(where: { members[$0]?.stringValue != nil })
        else { return nil }
        if let text = textKeys.first(where: { members[$0] != nil }) { return (role, text) }
        let calls = members["tool_calls"] != nil || members["function_call"] != nil
        return role == "role" && calls ? ("role", "content") : nil
    }
}
