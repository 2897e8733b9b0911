public import Records

extension Redactor {
    /// Redacts every text of a record, however deep it is nested.
    ///
    /// A name found in one field is replaced in all, and so is every distinctive value that a
    /// field's name or a recogniser calls personal data, however it is spaced and hyphenated there;
    /// placeholders are numbered over the whole record, fields in the order of their names.
    ///
    /// - Parameter known: what is known of the record's people out of their other records
    ///   (``names(in:)``), for policies whose document pass reaches over a subject.
    /// - Throws: when any text cannot be processed; then the record must be held back.
    public func redact(
        _ record: Record, knowing known: Set<KnownName> = []
    ) throws(RedactionError) -> RedactedRecord {
        let texts = try walk(record)
        var candidateLists: [[Finding]] = []
        var document = DocumentPass()
        for leaf in texts.leaves {
            let found = try candidates(in: leaf.text, leaf.context)
            candidateLists.append(found)
            if policy.documentPass != .off {
                collect(found, resolve(found, in: leaf.text), leaf.text, into: &document)
            }
        }
        for name in known.sorted(by: KnownName.precedes) { document.add(name) }
        var findings: [[Finding]] = []
        var people: [ArraySlice<UInt8>] = []
        for (leaf, found) in zip(texts.leaves, candidateLists) {
            let again = document.findings(in: leaf.text)
            let list = resolve(again.isEmpty ? found : found + again, in: leaf.text)
            people += list.filter { $0.type == .person }.map { leaf.text[$0.range] }
            findings.append(list)
        }
        var rewriter = Rewriter(policy: policy, keys: keys, owner: RecordOwner(record))
        rewriter.know(people: people)
        var result = RedactedRecord(record: record)
        var replaced: [String: [UInt8]] = [:]
        for (leaf, list) in zip(texts.leaves, findings) where !list.isEmpty {
            let rewritten = try rewriter.rewrite(leaf.text, list, path: leaf.path)
            replaced[leaf.path] = rewritten.text
            result.findings[leaf.path] = list
            for (finding, used) in zip(list, rewritten.operators) {
                result.counts.byType[finding.type, default: 0] += 1
                result.counts.byOperator[used, default: 0] += 1
            }
        }
        guard !replaced.isEmpty else { return result }
        for name in record.fields.keys where !policy.keepFields.contains(name) {
            if let value = record.fields[name] {
                result.record.fields[name] = TextWalk.replacing(value, path: name, replaced)
            }
        }
        return result
    }
}

extension RecordOwner {
    init(_ record: Record) {
        let subjects = record.subjects.flatMap(\.bytes)
        self.init(
            record: record.rid.bytes, person: subjects.isEmpty ? record.rid.bytes : subjects)
    }
}

extension Redactor {
    /// What one record teaches about the people it is about: the names and values that the document
    /// pass would look for again, to be looked for in their other records too.
    public func names(in record: Record) throws(RedactionError) -> Set<KnownName> {
        var names: Set<KnownName> = []
        for leaf in try walk(record).leaves {
            let found = try candidates(in: leaf.text, leaf.context)
            let fields = found.filter { $0.detector == Redactor.fieldDetector }
            for finding in fields + resolve(found, in: leaf.text)
            where policy.rule(for: finding.type).operator != .keep {
                names.insert(KnownName(finding, in: leaf.text))
            }
        }
        return names
    }

    private func walk(_ record: Record) throws(RedactionError) -> TextWalk {
        var texts = TextWalk()
        let form = ClinicalForm(record)
        for name in record.fields.keys.sorted() { try TextWalk.checkName(name) }
        for name in record.fields.keys.sorted() where !policy.keepFields.contains(name) {
            if let value = record.fields[name] {
                var context = FieldContext(field: name)
                context.form = form
                context.path = [name]
                try texts.collect(value, path: name, context, depth: 0)
            }
        }
        return texts
    }
}

/// The texts of a record with their paths: `text`, `messages[0].content`.
struct TextWalk {
    struct Leaf {
        let path: String
        let text: [UInt8]
        let context: FieldContext
    }

    /// Nesting that is refused: no record needs it, and a hostile one must not overflow the stack.
    static let maxDepth = 64

    private(set) var leaves: [Leaf] = []

    mutating func collect(
        _ value: JSONValue, path: String, _ context: FieldContext, depth: Int
    ) throws(RedactionError) {
        guard depth <= TextWalk.maxDepth else {
            throw RedactionError(
                .tooLarge, "a field is nested deeper than \(TextWalk.maxDepth) levels",
                hint: "flatten it before ingestion")
        }
        switch value {
        case .string(let text), .number(let text):
            leaves.append(Leaf(path: path, text: Array(text.utf8), context: context))
        case .array(let elements):
            for (k, element) in elements.enumerated() {
                try collect(element, path: "\(path)[\(k)]", context, depth: depth + 1)
            }
        case .object(let members):
            var inner = context
            // A chat message: its role tells who speaks and is no text itself, unless it is none
            // of a chat's roles, such as a name.
            let role = members["role"]?.stringValue
            let isMessage = role.map(Self.roles.contains) == true && members["content"] != nil
            if isMessage { inner.role = role }
            for name in members.keys.sorted() {
                try Self.checkName(name)
                guard let member = members[name], !(isMessage && name == "role") else { continue }
                if !(isMessage && name == "content") { inner.column = name }
                inner.path = context.path + [name]
                try collect(member, path: "\(path).\(name)", inner, depth: depth + 1)
            }
        case .null, .bool: break
        }
    }

    /// What chats of the known forms call those who speak.
    private static let roles: Set<String> = [
        "system", "developer", "user", "human", "assistant", "gpt", "bot", "chatbot", "model",
        "tool", "function", "observation", "ipython",
    ]

    /// No operator renames a member, so a record whose member names are data is held back.
    static func checkName(_ name: String) throws(RedactionError) {
        guard IdentifierNames.isPersonal(name) else { return }
        throw RedactionError(
            .personalName, "the name of a field or member holds personal data",
            hint: "make it a value before ingestion, or name the columns")
    }

    /// The value with the texts at the given paths replaced. A number that was personal data
    /// becomes a string.
    static func replacing(_ value: JSONValue, path: String, _ texts: [String: [UInt8]]) -> JSONValue
    {
        switch value {
        case .string, .number:
            return texts[path].map { .string(String(decoding: $0, as: UTF8.self)) } ?? value
        case .array(let elements):
            return .array(
                elements.enumerated().map { replacing($1, path: "\(path)[\($0)]", texts) })
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map {
                        ($0.key, replacing($0.value, path: "\(path).\($0.key)", texts))
                    }))
        case .null, .bool: return value
        }
    }
}
