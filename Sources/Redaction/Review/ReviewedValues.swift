/// What people decided when they looked at findings: values that are no personal data, and values
/// that are, though no detector saw them. Decisions about a value hold in the whole dataset.
public struct ReviewedValues: Sendable {
    private var allowed: [EntityType: Set<[UInt8]>] = [:]
    private var words: [EntityType: Set<[UInt8]>] = [:]
    private var recognisers: [UserRecogniser] = []

    /// The detector's name in findings of added values.
    public static let detectorName = "review"

    /// No decisions.
    public init() {}

    /// Decisions as lists: the latest about a value wins, so give each value once.
    ///
    /// - Parameters:
    ///   - allowed: values that are not personal data, with the type they were taken for.
    ///   - added: values that are, with the type they should have had.
    public init(
        allowed: [(type: EntityType, value: [UInt8])], added: [(type: EntityType, value: [UInt8])]
    ) {
        for entry in allowed {
            self.allowed[entry.type, default: []].insert(
                Normal.form(of: entry.value[...], entry.type))
        }
        for entry in added { words[entry.type, default: []].insert(entry.value) }
        recognisers = words.sorted { $0.key < $1.key }.map { type, values in
            UserRecogniser(
                name: Self.detectorName, type: type, score: 1,
                matcher: .words(
                    WordList(
                        values.map { String(decoding: $0, as: UTF8.self) }.sorted(),
                        ignoreCase: false)))
        }
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { allowed.isEmpty && recognisers.isEmpty }

    /// Whether somebody said that a value is not of this type.
    func isAllowed(_ finding: Finding, in text: [UInt8]) -> Bool {
        guard let list = allowed[finding.type], finding.detector != Self.detectorName else {
            return false
        }
        return list.contains(Normal.form(of: text[finding.range], finding.type))
    }

    /// The places of values that somebody added.
    func findings(in text: [UInt8]) throws(RedactionError) -> [Finding] {
        var found: [Finding] = []
        for recogniser in recognisers { found += try recogniser.findings(in: text) }
        return found
    }
}
