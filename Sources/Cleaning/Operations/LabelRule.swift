internal import Records

/// One spelling for each label, and none but the declared ones.
public struct LabelRule: Sendable, Hashable {
    /// The field that holds the label.
    public let field: String
    /// Whether labels become lower case.
    public let lowercases: Bool
    /// New names by old ones, after trimming and lower-casing.
    public let map: [String: String]
    /// The labels there may be, after mapping; another is dropped as `label-not-allowed`. Nil: any.
    public let allowed: Set<String>?

    /// Makes a rule.
    public init(
        field: String = "label", lowercases: Bool = false, map: [String: String] = [:],
        allowed: Set<String>? = nil
    ) {
        self.field = field
        self.lowercases = lowercases
        self.map = map
        self.allowed = allowed
    }

    /// Applies the rule. Returns why the record is dropped, or nil.
    func apply(_ record: inout Record, changed: inout Bool) -> String? {
        guard case .string(let old) = record.fields[field] else { return nil }
        let trimmed = WhiteSpace.collapsed(
            UnicodeNFC.normalise(Array(old.utf8)), keepsLines: false)
        var label = String(decoding: trimmed, as: UTF8.self)
        if lowercases { label = label.lowercased() }
        label = map[label] ?? label
        if let allowed, !allowed.contains(label) { return "label-not-allowed" }
        if !label.utf8.elementsEqual(old.utf8) {
            record.fields[field] = .string(label)
            changed = true
        }
        return nil
    }
}
