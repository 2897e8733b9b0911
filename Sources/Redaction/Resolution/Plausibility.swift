/// What the writing of a learned finding says against it.
///
/// Taggers are as sure of "memorex" and "zennx" in a text without capitals as of a customer's name,
/// and of the number before "gb" as of an age. The score of such findings is lowered by a fixed
/// factor, so that a policy for such texts can set a threshold between the two; packs with lower
/// thresholds lose nothing.
enum Plausibility {
    /// The factor of a name without a capital: on product reviews it puts nineteen of twenty such
    /// names, most of them brands and misspelt words, below every name that has one.
    static let uncapitalised: Float = 0.85
    /// The factor of an age that is a bare number, with no word such as "years" in or beside it.
    static let bareNumber: Float = 0.5

    private static let names: Set<EntityType> = [
        .person, .organization, .location, .streetAddress,
    ]

    /// The finding with its score lowered where nothing but a model's opinion stands behind it.
    static func weighed(_ finding: Finding, in text: [UInt8]) -> Finding {
        guard finding.validation == .none else { return finding }
        let value = text[finding.range]
        var weighed = finding
        if names.contains(finding.type) {
            if !NameIndex.words(of: value).contains(where: NameIndex.isCapitalised) {
                weighed.score *= uncapitalised
            }
        } else if finding.type == .age, !value.contains(where: \.isSpace) {
            weighed.score *= bareNumber
        }
        return weighed
    }
}
