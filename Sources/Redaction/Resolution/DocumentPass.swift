/// What is known of one record and is looked for again in all its texts: names, and values that
/// are distinctive by their letters and digits.
struct DocumentPass: Sendable {
    private var names = NameIndex()
    private var values = ValueIndex()

    var isEmpty: Bool { names.isEmpty && values.isEmpty }

    /// A learned name with a lower score is looked for again only if it is written like a name.
    static let trustedScore: Float = 0.85

    /// Adds a finding where it is safe to spread: a false alarm must not grow with the record.
    mutating func add(_ finding: Finding, in text: [UInt8]) {
        values.add(finding, in: text)
        let value = text[finding.range]
        guard [.context, .policy].contains(finding.validation) || Self.isTrusted(finding, value)
        else { return }
        names.add(
            value, type: finding.type, score: finding.score,
            isCertain: finding.detector == Redactor.fieldDetector)
    }

    /// All places in `text` where a known name or value stands.
    func findings(in text: [UInt8]) -> [Finding] {
        (names.isEmpty ? [] : names.findings(in: text))
            + (values.isEmpty ? [] : values.findings(in: text))
    }

    /// Whether a finding that no field's name, word near by or list stands behind may be spread.
    private static func isTrusted(_ finding: Finding, _ value: ArraySlice<UInt8>) -> Bool {
        let words = NameIndex.words(of: value)
        if finding.type == .streetAddress {
            // "Apex 1201" and "4 mp" are taken for addresses too: a number and two words at least.
            let named = words.count { $0.count >= 3 && !$0.contains(where: \.isDigit) }
            return finding.score >= trustedScore && named >= 2
                && words.contains { $0.contains(where: \.isDigit) }
        }
        return finding.score >= trustedScore
            || words.count > 1 && words.allSatisfy(NameIndex.isCapitalised)
    }
}
