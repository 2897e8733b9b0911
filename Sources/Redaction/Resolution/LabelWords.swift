/// Learned findings that are no names but the words beside which codes stand: `SSN`, `Steuer-ID`,
/// "NHS number".
///
/// A tagger takes such capitals for companies, and a pseudonym would put a made-up firm where the
/// text said what the number after it is.
enum LabelWords {
    /// The cues whose words are labels. Street words, months and the like are left out: "Lane",
    /// "May" and "Park" are names of people too.
    private static let labels: Cue = Cue.codes.union([.bic, .birth, .zip, .key])

    /// Labels that are also names of people or companies. In capitals before a code they are labels
    /// ("SWIFT: DEUTDEFF500"); elsewhere the tagger is believed, since a lost name is worse than a
    /// lost label.
    private static let alsoNames: Set<[UInt8]> = Set(
        """
        aba amex bank bic born cap carta case dea dial discover driver ein fein handy key kunde \
        maestro mastercard mobil nata nato national né née ni nie nino nir order pan payer plate \
        po ring swift tag targa tin transit vin visa whatsapp
        """.split(separator: " ").map { Array($0.utf8) })

    private static let types: Set<EntityType> = [
        .person, .organization, .location, .streetAddress, .nrp,
    ]

    /// Whether a finding with nothing but a model's opinion behind it consists of labels only;
    /// fillers such as "number" may stand beside them.
    static func isLabel(_ finding: Finding, in text: [UInt8]) -> Bool {
        guard finding.validation == .none, types.contains(finding.type), finding.range.count <= 80
        else { return false }
        var isLabel = false
        for word in NameIndex.words(of: text[finding.range]) {
            let cues = cues(of: word)
            if cues.isDisjoint(with: labels) {
                guard cues.contains(.filler) else { return false }
                continue
            }
            if alsoNames.contains(word.map(\.lowered)) {
                guard word.allSatisfy(\.isUpper), isBeforeCode(finding.range.upperBound, text)
                else {
                    return false
                }
            }
            isLabel = true
        }
        return isLabel
    }

    private static func cues(of word: [UInt8]) -> Cue {
        var packed: UInt64 = 0
        for (i, byte) in word.prefix(8).enumerated() {
            packed |= UInt64(byte.lowered) << UInt64(8 * i)
        }
        return Cue(rawValue: CueTable.shared.cues(packed: packed, length: word.count))
    }

    /// Whether the next word that is no filler ("number is") holds a digit, with no more than
    /// spaces, colons, dots and `#` on the way.
    private static func isBeforeCode(_ end: Int, _ text: [UInt8]) -> Bool {
        let marks: [UInt8] = [0x20, 0x23, 0x2E, 0x3A]
        var from = end
        for _ in 0..<4 {
            guard let (start, stop) = Words.next(in: text, from: from), start - from <= 4,
                text[from..<start].allSatisfy(marks.contains)
            else { return false }
            let word = Array(text[start..<stop])
            if word.contains(where: \.isDigit) { return true }
            guard cues(of: word).contains(.filler) else { return false }
            from = stop
        }
        return false
    }
}
