internal import Cryptography
public import Records

/// What makes two records exact duplicates: equal kind and equal fields, after NFC and with white
/// space collapsed.
public struct DuplicateRule: Sendable, Hashable {
    /// The fields compared; nil: the standard fields of the kind.
    public let fields: [String]?
    /// Whether upper and lower case are the same.
    public let foldCase: Bool

    /// Makes a rule.
    public init(fields: [String]? = nil, foldCase: Bool = false) {
        self.fields = fields
        self.foldCase = foldCase
    }

    /// The digest of what is compared. Complexity: O(n) in the bytes of the fields.
    public func digest(of record: Record) -> ContentDigest {
        var bytes = Array(record.kind.rawValue.utf8)
        for name in (fields ?? record.kind.standardFields).sorted() {
            let content = record.fields[name].map(normalised) ?? [0]
            bytes.append(contentsOf: BigEndian.bytes(UInt64(name.utf8.count)))
            bytes.append(contentsOf: name.utf8)
            bytes.append(contentsOf: BigEndian.bytes(UInt64(content.count)))
            bytes.append(contentsOf: content)
        }
        return ContentDigest(prefixOf: SHA256.hash(bytes))
    }

    private func normalised(_ value: JSONValue) -> [UInt8] {
        if case .string(let text) = value { return normalised(text) }
        return CanonicalJSON.encode(
            value.mapStrings { String(decoding: normalised($0), as: UTF8.self) })
    }

    private func normalised(_ text: String) -> [UInt8] {
        let folded = foldCase ? text.lowercased() : text
        return WhiteSpace.collapsed(
            UnicodeNFC.normalise(Array(folded.utf8)), keepsLines: false)
    }
}

extension JSONValue {
    /// The value with every string in it changed.
    func mapStrings(_ change: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): .string(change(text))
        case .array(let elements): .array(elements.map { $0.mapStrings(change) })
        case .object(let members): .object(members.mapValues { $0.mapStrings(change) })
        case .null, .bool, .number: self
        }
    }
}
