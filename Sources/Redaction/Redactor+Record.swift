public import Records

extension Redactor {
    /// Redacts every text of a record, however deep it is nested.
    ///
    /// A name found in one field is replaced in all, and so is every distinctive value that a
    /// field's name or a recogniser calls personal data, however it is spaced and hyphenated there;
    /// placeholders are numbered over the whole record, fields in the order of their names.
    ///
    /// - Throws: when any text cannot be processed; then the record must be held back.
    public func redact(_ record: Record) throws(RedactionError) -> RedactedRecord {
        var texts = TextWalk()
        for name in record.fields.keys.sorted() where !policy.keepFields.contains(name) {
            if let value = record.fields[name] {
                try texts.collect(value, path: name, FieldContext(field: name), depth: 0)
            }
        }
        var candidateLists: [[Finding]] = []
        var document = DocumentPass()
        for leaf in texts.leaves {
            let found = try candidates(in: leaf.text, leaf.context)
            candidateLists.append(found)
            if policy.documentPass {
                collect(found, resolve(found, in: leaf.text), leaf.text, into: &document)
            }
        }
        var findings: [[Finding]] = []
        var people: [ArraySlice<UInt8>] = []
        for (leaf, found) in zip(texts.leaves, candidateLists) {
            let again = document.findings(in: leaf.text)
            let list = resolve(again.isEmpty ? found : found + again, in: leaf.text)
            people += list.filter { $0.type == .person }.map { leaf.text[$0.range] }
            findings.append(list)
        }
        var rewriter = Rewriter(policy: policy, key: keys.pseudonymKey)
        rewriter.know(people: people)
        var result = RedactedRecord(record: record)
        var replaced: [String: [UInt8]] = [:]
        for (leaf, list) in zip(texts.leaves, findings) where !list.isEmpty {
            let rewritten = try rewriter.rewrite(leaf.text, list)
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
            // A chat message: its role tells who speaks and is no text itself.
            let isMessage = members["role"]?.stringValue != nil && members["content"] != nil
            if isMessage { inner.role = members["role"]?.stringValue }
            for name in members.keys.sorted() {
                try Self.checkName(name)
                guard let member = members[name], !(isMessage && name == "role") else { continue }
                if !(isMessage && name == "content") { inner.column = name }
                try collect(member, path: "\(path).\(name)", inner, depth: depth + 1)
            }
        case .null, .bool: break
        }
    }

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
