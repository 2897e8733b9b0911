internal import Records

/// One function for each form: which columns it needs, and how many rows have them right.
extension ChatRecognizer {
    /// A list of messages under the keys of OpenAI or of ShareGPT.
    func messages(_ dialect: ChatDialect, _ isRight: (TurnList) -> Bool) -> ChatMapping? {
        guard let list = turnLists.first(where: isRight) else { return nil }
        var columns = ["messages": list.column]
        if let system = column("system", "systemprompt"), isText(system) {
            columns["system"] = system
        }
        var mapping = ChatMapping(
            dialect: dialect, columns: columns, roleKey: list.roleKey, contentKey: list.textKey,
            roles: roles(for: list), rowsFitting: list.count)
        mapping.rolesSeen = Set(list.speakers.keys).intersection(mapping.roles.keys)
        return mapping
    }

    /// A list of turns under other keys, or of pairs; the speakers have to be known.
    func turns() -> ChatMapping? {
        for list in turnLists {
            let roles = roles(for: list)
            let known = list.speakers.reduce(0) { $0 + (roles[$1.key] == nil ? 0 : $1.value) }
            let all = list.speakers.values.reduce(0, +)
            guard known * 10 >= all * 9 else { continue }
            var mapping = ChatMapping(
                dialect: .turns, columns: ["messages": list.column], roleKey: list.roleKey,
                contentKey: list.textKey, roles: roles, rowsFitting: list.count)
            mapping.rolesSeen = Set(list.speakers.keys).intersection(roles.keys)
            return mapping
        }
        return nil
    }

    /// In some sets the assistant is called the system: then nobody else answers the user.
    private func roles(for list: TurnList) -> [String: String] {
        var roles = roles
        let answers = list.speakers.keys.contains { roles[$0] == "assistant" }
        if list.systemTalks && !answers { roles["system"] = "assistant" }
        return roles
    }

    private func isText(_ column: String) -> Bool {
        rows.contains { $0[column]?.stringValue.map { !$0.isEmpty } ?? false }
    }

    /// `instruction`, `input`, `output`; also with `context` and `response`.
    func alpaca() -> ChatMapping? {
        guard let instruction = column("instruction"), let output = column("output", "response")
        else { return nil }
        var mapping = ChatMapping(
            dialect: .alpaca, columns: ["instruction": instruction, "output": output])
        if let input = column("input", "context") { mapping.columns["input"] = input }
        if let history = column("history"),
            rows.contains(where: { $0[history]?.arrayValue?.isEmpty == false })
        {
            mapping.columns["history"] = history
            mapping.isConversational = true
        }
        if let system = column("system", "systemprompt"), isText(system) {
            mapping.columns["system"] = system
            mapping.isConversational = true
        }
        mapping.rowsFitting = count {
            $0[instruction]?.stringValue != nil && $0[output]?.stringValue != nil
        }
        return mapping
    }

    /// Two columns, the second of which answers the first.
    func promptCompletion() -> ChatMapping? {
        let pairs = [
            ("prompt", "completion"), ("prompt", "response"), ("query", "response"),
            ("question", "answer"), ("input", "output"),
        ]
        for (first, second) in pairs {
            guard let prompt = column(first), let completion = column(second) else { continue }
            var mapping = ChatMapping(
                dialect: .promptCompletion, columns: ["prompt": prompt, "completion": completion])
            if let system = column("system", "systemprompt"), isText(system) {
                mapping.columns["system"] = system
                mapping.isConversational = true
            }
            if rows.contains(where: {
                Self.isMessages($0[prompt]) || Self.isMessages($0[completion])
            }
            ) {
                mapping.isConversational = true
            }
            mapping.rowsFitting = count {
                Self.isTextOrMessages($0[prompt]) && Self.isTextOrMessages($0[completion])
            }
            if mapping.rowsFitting > 0 { return mapping }
        }
        return nil
    }

    func kto() -> ChatMapping? {
        guard let prompt = column("prompt"), let completion = column("completion"),
            let label = column("label")
        else { return nil }
        let fitting = count { row in
            let value = row[label]
            let flag = value?.boolValue != nil || value == "true" || value == "false"
            return flag && Self.isTextOrMessages(row[prompt])
                && Self.isTextOrMessages(row[completion])
        }
        return ChatMapping(
            dialect: .kto, columns: ["prompt": prompt, "completion": completion],
            rowsFitting: fitting)
    }

    func preference() -> ChatMapping? {
        guard let chosen = column("chosen"), let rejected = column("rejected") else { return nil }
        var mapping = ChatMapping(
            dialect: .preference, columns: ["chosen": chosen, "rejected": rejected])
        if let prompt = column("prompt", "question", "instruction", "input") {
            mapping.columns["prompt"] = prompt
        }
        if let system = column("system", "systemprompt"), isText(system) {
            mapping.columns["system"] = system
        }
        let prompt = mapping.columns["prompt"]
        mapping.rowsFitting = count { row in
            if let prompt, Self.isTextOrMessages(row[prompt]) {
                return Self.isTextOrMessages(row[chosen]) && Self.isTextOrMessages(row[rejected])
            }
            return Self.isMessages(row[chosen]) && Self.isMessages(row[rejected])
        }
        return mapping
    }

    func openaiPreference() -> ChatMapping? {
        guard let input = column("input"), let chosen = column("preferredoutput"),
            let rejected = column("nonpreferredoutput")
        else { return nil }
        return ChatMapping(
            dialect: .openaiPreference,
            columns: ["input": input, "chosen": chosen, "rejected": rejected],
            rowsFitting: count {
                Self.isMessages($0[input]?["messages"]) && Self.isMessages($0[chosen])
                    && Self.isMessages($0[rejected])
            })
    }

    func transcripts() -> ChatMapping? {
        guard let chosen = column("chosen"), let rejected = column("rejected"),
            column("prompt") == nil
        else { return nil }
        return ChatMapping(
            dialect: .transcripts, columns: ["chosen": chosen, "rejected": rejected],
            rowsFitting: count {
                Transcript.turns($0[chosen]?.stringValue) != nil
                    && Transcript.turns($0[rejected]?.stringValue) != nil
            })
    }

    /// A conversation's id, a known speaker and a text in each row.
    func turnRows() -> ChatMapping? {
        guard
            let conversation = column(
                "conversationid", "convid", "convoid", "dialogid", "dialogueid", "chatid",
                "threadid", "sessionid", "conversation", "callid", "ticketid"),
            let role = column(
                "role", "speaker", "speakerrole", "authorrole", "sender", "sendertype", "from",
                "author", "participant"),
            let text = column("text", "content", "message", "utterance", "body", "value"),
            column("label", "messages") == nil
        else { return nil }
        var mapping = ChatMapping(
            dialect: .turnRows, columns: ["conversation": conversation, "role": role, "text": text])
        if let order = column(
            "order", "turn", "turnid", "turnnumber", "turnindex", "index", "position", "seq",
            "sequence", "timestamp", "time", "createdat", "date")
        {
            mapping.columns["order"] = order
        }
        var seen: Set<String> = []
        var hasSeveral = false
        var speakers: Set<String> = []
        mapping.rowsFitting = count { row in
            guard let id = row[conversation]?.stringValue, row[text]?.stringValue != nil,
                let speaker = row[role]?.stringValue,
                roles[ResolvedMapping.trimmed(speaker).lowercased()] != nil
            else { return false }
            if !seen.insert(id).inserted { hasSeveral = true }
            speakers.insert(ResolvedMapping.trimmed(speaker).lowercased())
            return true
        }
        mapping.rolesSeen = speakers
        // An id in each row that never comes again is no conversation's.
        return hasSeveral || rows.count == 1 ? mapping : nil
    }

    /// The mapping of a delimited file by the names of its columns alone. Forms whose names are
    /// the standard fields need none.
    static func named(
        columns: [String], options: ChatOptions
    ) throws(IngestionError) -> ChatMapping? {
        if let mapping = options.mapping { return mapping }
        guard options.dialect != nil || options.recognises else { return nil }
        let row = Dictionary(columns.map { ($0, JSONValue.string("user")) }) { first, _ in first }
        let recognizer = ChatRecognizer([row])
        let has = { (names: [String]) in names.allSatisfy { recognizer.names[$0] != nil } }
        let order: [ChatDialect] =
            options.dialect.map { [$0] } ?? [.turnRows, .alpaca, .promptCompletion]
        for dialect in order {
            guard var mapping = recognizer.fit(dialect), mapping.rowsFitting > 0 else { continue }
            if options.dialect == nil {
                if dialect == .alpaca, has(["instruction", "output"]) { continue }
                // Names that say too little without their values.
                if dialect == .promptCompletion, has(["input", "output"]) { continue }
                if dialect == .promptCompletion, has(["label"]) || has(["chosen"]) { continue }
            }
            mapping.columns["system"] = nil
            mapping.isConversational = false
            (mapping.rowsSeen, mapping.rowsFitting, mapping.rolesSeen) = (0, 0, [])
            return mapping
        }
        guard let dialect = options.dialect else { return nil }
        throw IngestionError(
            .noMapping, "the columns are not those of 'chat:\(dialect.rawValue)'",
            hint: "columns: " + columns.joined(separator: ", "))
    }

    static func isMessages(_ value: JSONValue?) -> Bool {
        guard let elements = TurnList.elements(value), let first = elements.first else {
            return false
        }
        return first["role"]?.stringValue != nil || first["from"]?.stringValue != nil
    }

    static func isTextOrMessages(_ value: JSONValue?) -> Bool {
        isMessages(value) || value?.stringValue != nil
    }
}
