/// Learned findings whose writing, or the words right beside them, say that they are no personal
/// data: a number or code that is all there is in a field, a section of a statute, a drug with its
/// dose, a model number behind an article.
///
/// Scanners, policies and fields' names are not asked: what they find stays found.
enum PlainForms {
    private static let names: Set<EntityType> = [
        .person, .organization, .location, .streetAddress, .nrp,
    ]

    /// Words in a field's name, with which a lone number or code is believed to be what the tagger
    /// takes it for: `patient_age`, `home_state`.
    private static let tellingWords: Set<String> = [
        "age", "ages", "alter", "edad", "leeftijd", "wiek", "idade", "eta", "years", "yrs",
        "name", "names", "initial", "initials", "state", "country", "region", "city", "company",
        "employer", "author", "person", "user", "nationality", "org", "organisation",
        "organization",
    ]

    private static func tells(_ context: FieldContext) -> Bool {
        guard let name = context.column ?? context.field else { return false }
        return name.lowercased().split { !$0.isLetter }.contains {
            tellingWords.contains(String($0))
        }
    }

    /// Whether a finding of the tagger is to be dropped.
    static func isPlain(
        _ finding: Finding, in text: [UInt8], _ context: FieldContext = FieldContext()
    ) -> Bool {
        guard finding.validation == .none, finding.range.count <= 80, !finding.range.isEmpty else {
            return false
        }
        let value = text[finding.range]
        if isWhole(finding.range, text), !tells(context) {
            if value.allSatisfy({ $0.isDigit || $0 == 0x2E || $0 == 0x2C }) {
                return finding.type != .dateTime
            }
            return names.contains(finding.type) && isCode(value)
        }
        switch finding.type {
        case .streetAddress:
            return isCitation(value) || isDose(finding.range, text)
        case .person, .organization, .location:
            return isDose(finding.range, text) || isModel(finding.range, text)
        case .dateTime: return isVersion(finding.range, text)
        default: return false
        }
    }

    private static let versionWords: Set<[UInt8]> = Set(
        """
        version versions v ver release build clause clauses section sections paragraph rule \
        article chapter firmware kernel
        """.split(separator: " ").map { Array($0.utf8) })

    /// Numbers with dots behind a word such as "version" or "clause", or with letters at their end:
    /// `clause 14.2.1`, `2.7.18-rc1`.
    private static func isVersion(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
        let value = text[range]
        guard value.first?.isDigit == true, value.contains(0x2E),
            value.allSatisfy({ $0.isDigit || $0.isLetter || $0 == 0x2E || $0 == 0x2D })
        else { return false }
        let tail = value.drop { $0.isDigit || $0 == 0x2E }
        if tail.first == 0x2D { return tail.dropFirst().first?.isLetter ?? false }
        guard tail.isEmpty, range.lowerBound > 1, text[range.lowerBound - 1] == 0x20 else {
            return false
        }
        var start = range.lowerBound - 1
        while start > 0, Words.isWord(text, start - 1) { start -= 1 }
        return versionWords.contains(text[start..<(range.lowerBound - 1)].map(\.lowered))
    }

    /// Whether nothing but spaces and quotes stands beside the range.
    private static func isWhole(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard text.count - range.count <= 16 else { return false }
        func isNothing(_ byte: UInt8) -> Bool { byte.isSpace || byte == 0x22 || byte == 0x27 }
        return text[..<range.lowerBound].allSatisfy(isNothing)
            && text[range.upperBound...].allSatisfy(isNothing)
    }

    /// One or two capitals and digits, or three without a vowel: `M`, `PH`, `B2`, `TBD`; not `AMY`.
    private static func isCode(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count <= 3, value.allSatisfy({ $0.isUpper || $0.isDigit }) else { return false }
        return value.count < 3 || !value.contains(where: { "AEIOUY".utf8.contains($0) })
    }

    private static let citations: Set<[UInt8]> = Set(
        "usc cfr stat loinc icd snomed cpt hcpcs bgb stgb rfc iso ieee".split(separator: " ").map {
            Array($0.utf8)
        })

    /// A title and section, or a coding system and code: `28 U.S.C. 1331`, `LOINC 4548-4`.
    private static func isCitation(_ value: ArraySlice<UInt8>) -> Bool {
        let folded = value.filter { $0 != 0x2E }.map(\.lowered)
        return NameIndex.words(of: folded[...]).contains(where: citations.contains)
    }

    private static let drugEndings = [
        "olol", "pril", "artan", "statin", "mycin", "cillin", "azole", "prazol", "tidine", "xaban",
        "gliptin", "gliflozin", "glutide", "mab", "tinib", "zepam", "zolam", "oxacin", "cycline",
        "profen", "profeno", "sone", "setron", "triptan", "caine", "barbital", "formin", "amol",
        "dipine", "dipin", "parin", "asone", "olone", "vir", "oxetine", "pramine",
    ].map { Array($0.utf8) }
    private static let doses: Set<[UInt8]> = Set(
        ["mg", "mcg", "µg", "ug", "ml", "g", "iu", "ie"].map { Array($0.utf8) })

    /// A word that ends like a drug, and its dose: `Lisinopril 10 mg`, inside or behind the range.
    private static func isDose(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
        let words = NameIndex.words(of: text[range])
        guard let first = words.first, words.count <= 2 else { return false }
        let folded = first.map(\.lowered)
        guard folded.count > 5, drugEndings.contains(where: folded.hasEnding) else { return false }
        let tail = text[range.lowerBound..<min(text.count, range.upperBound + 16)]
        let behind = NameIndex.words(of: tail).dropFirst().prefix(2).map { $0.map(\.lowered) }
        guard let number = behind.first, number.first?.isDigit == true else { return false }
        if number.allSatisfy(\.isDigit) { return behind.count > 1 && doses.contains(behind[1]) }
        return doses.contains(Array(number.drop { $0.isDigit }))
    }

    /// An article before and a model number behind: `the Bosch WSD663`. Lines of people have none.
    private static func isModel(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
        var from = range.lowerBound
        guard from > 3, text[from - 1] == 0x20 else { return false }
        from -= 1
        var start = from
        while start > 0, Words.isWord(text, start - 1) { start -= 1 }
        let article = text[start..<from].map(\.lowered)
        guard article == Array("the".utf8), range.upperBound + 2 < text.count,
            text[range.upperBound] == 0x20,
            let (first, end) = Words.next(in: text, from: range.upperBound)
        else { return false }
        let model = text[first..<end]
        return first == range.upperBound + 1 && model.contains(where: \.isDigit)
            && model.contains(where: \.isUpper) && model.allSatisfy { $0.isDigit || $0.isUpper }
    }
}

extension [UInt8] {
    fileprivate func hasEnding(_ ending: [UInt8]) -> Bool {
        suffix(ending.count).elementsEqual(ending)
    }
}
