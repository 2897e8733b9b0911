internal import Records

/// In which language a record is written.
public struct LanguageRule: Sendable, Hashable {
    /// The fields looked at, all together; nil: the standard fields of the kind, without labels.
    public let fields: [String]?
    /// The field that the language goes to. A record that has a value there keeps it.
    public let into: String
    /// The languages that stay; others are dropped as `language-not-kept`. Nil: all.
    public let kept: Set<String>?
    /// How sure the guess has to be, from 0 to 1; else it is `und`.
    public let minimumConfidence: Double

    /// Makes a rule.
    public init(
        fields: [String]? = nil, into: String = "language", kept: Set<String>? = nil,
        minimumConfidence: Double = 0.6
    ) {
        self.fields = fields
        self.into = into
        self.kept = kept
        self.minimumConfidence = minimumConfidence
    }

    /// Applies the rule. Returns why the record is dropped, or nil.
    func apply(_ record: inout Record, changed: inout Bool) -> String? {
        let language: String
        if let known = record.text(into), !MissingRule.isMissing(.string(known)) {
            // `en_GB` and `EN` are English.
            language =
                known.lowercased().split { $0 == "-" || $0 == "_" }.first.map(String.init) ?? ""
        } else {
            let names = fields ?? record.kind.standardFields.filter { $0 != "label" }
            language = LanguageIdentifier.shared.language(
                of: record, fields: names, minimumConfidence: minimumConfidence)
            record.fields[into] = .string(language)
            changed = true
        }
        if let kept, !kept.contains(language) { return "language-not-kept" }
        return nil
    }
}

extension LanguageIdentifier {
    /// The language of some fields of a record together.
    func language(of record: Record, fields: [String], minimumConfidence: Double) -> String {
        var evidence = LanguageEvidence()
        for name in fields { record.fields[name]?.addText(to: &evidence, identifier: self) }
        return guess(evidence, minimumConfidence: minimumConfidence).language
    }
}

extension JSONValue {
    /// Adds the text of a value: a string, strings of an array, `content` of an object.
    fileprivate func addText(to evidence: inout LanguageEvidence, identifier: LanguageIdentifier) {
        guard !evidence.isEnough else { return }
        switch self {
        case .string(let text): identifier.read(text, into: &evidence)
        case .array(let elements):
            for element in elements { element.addText(to: &evidence, identifier: identifier) }
        case .object(let members):
            members["content"]?.addText(to: &evidence, identifier: identifier)
        case .null, .bool, .number: break
        }
    }
}
