internal import Records

/// Limits on how long a text may be.
public struct LengthRule: Sendable, Hashable {
    /// What length is counted in.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// Unicode scalars.
        case characters
        /// Bytes of UTF-8.
        case bytes
        /// Runs of characters that are not white space.
        case words
        /// Tokens of the counter handed in; without one, a quarter of the bytes, rounded up.
        case tokens
    }

    /// What is done about a text that is too long.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// The record is dropped, as `too-long`.
        case drop
        /// The text is cut (not in tokens: then the record is dropped).
        case truncate
    }

    /// The fields looked at, all together; nil: the standard fields of the kind.
    public let fields: [String]?
    /// What length is counted in.
    public let unit: Unit
    /// Less is dropped, as `too-short`.
    public let minimum: Int
    /// More is dropped or cut.
    public let maximum: Int?
    /// What is done about more.
    public let action: Action

    /// Makes a rule.
    public init(
        fields: [String]? = nil, unit: Unit = .characters, minimum: Int = 0, maximum: Int? = nil,
        action: Action = .drop
    ) {
        self.fields = fields
        self.unit = unit
        self.minimum = minimum
        self.maximum = maximum
        self.action = action
    }

    /// Applies the rule. Returns why the record is dropped, or nil.
    func apply(
        _ record: inout Record, tokenCount: ((String) -> Int)?, changed: inout Bool
    ) -> String? {
        let names = fields ?? record.kind.standardFields
        let lengths = names.map { name in
            record.fields[name].map { length(of: $0, tokenCount) } ?? 0
        }
        if lengths.reduce(0, +) < minimum { return "too-short" }
        guard let maximum, lengths.reduce(0, +) > maximum else { return nil }
        guard action == .truncate, unit != .tokens, names.count == 1 || fields != nil else {
            return "too-long"
        }
        for name in names {
            guard case .string(let text) = record.fields[name] else { continue }
            let cut = self.cut(text, to: maximum)
            if cut.utf8.count != text.utf8.count {
                record.fields[name] = .string(cut)
                changed = true
            }
        }
        return changed ? nil : "too-long"
    }

    private func length(of value: JSONValue, _ tokenCount: ((String) -> Int)?) -> Int {
        switch value {
        case .string(let text): length(of: text, tokenCount)
        case .array(let elements): elements.reduce(0) { $0 + length(of: $1, tokenCount) }
        case .object(let members):
            length(of: members["content"] ?? .null, tokenCount)
        case .null, .bool, .number: 0
        }
    }

    private func length(of text: String, _ tokenCount: ((String) -> Int)?) -> Int {
        switch unit {
        case .characters: ScalarBytes.count(text.utf8)
        case .bytes: text.utf8.count
        case .words: Self.words(text)
        case .tokens: tokenCount?(text) ?? (text.utf8.count + 3) / 4
        }
    }

    /// Runs of bytes above the space.
    static func words(_ text: String) -> Int { ScalarBytes.counts(text.utf8).words }

    /// The front of `text`, at most `limit` units long, cut between scalars or words.
    private func cut(_ text: String, to limit: Int) -> String {
        let bytes = Array(text.utf8)
        var end = 0
        var units = 0
        var inWord = false
        while end < bytes.count {
            let (_, length) = ScalarBytes.scalar(bytes, at: end)
            switch unit {
            case .characters: units += 1
            case .bytes: units += length
            case .words, .tokens:
                let isInk = bytes[end] > 0x20
                if isInk && !inWord { units += 1 }
                inWord = isInk
            }
            if units > limit { break }
            end += length
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

extension RecordKind {
    /// All standard fields of this kind, optional ones too.
    var standardFields: [String] {
        self == .instruction ? ["instruction", "input", "output"] : requiredFields
    }
}
