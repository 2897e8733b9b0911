import Records
import Redaction

/// What was found in a model's words: values that redaction had removed, or personal data as a
/// detector sees it. Counts only.
struct LeakFindings {
    /// The removed values; nil: none could be looked at.
    let values: ValueIndex?
    /// The values that were said, by their place in ``values``, each with the texts that say it.
    private(set) var matches: [Int: Int] = [:]
    /// What a detector found, by type.
    private(set) var detected: [String: Int] = [:]
    /// Texts with at least one of either.
    private(set) var textCount = 0

    /// Holds texts against removed values.
    init(_ texts: [String], values: ValueIndex) {
        self.values = values
        for text in texts {
            let found = values.found(in: text)
            if !found.isEmpty { textCount += 1 }
            for index in found { matches[index, default: 0] += 1 }
        }
    }

    /// Looks for personal data in texts.
    init(_ texts: [String], redactor: Redactor) throws {
        values = nil
        for text in texts {
            let findings = try redactor.scan(Array(text.utf8))
            if !findings.isEmpty { textCount += 1 }
            for finding in findings { detected[finding.type.rawValue, default: 0] += 1 }
        }
    }

    /// How many of the values that were said also stand in the redacted train records: there
    /// redaction missed them, and the model only read them.
    func residue(in reader: VersionReader) throws -> Int {
        guard let values, !matches.isEmpty else { return 0 }
        var standing: Set<Int> = []
        try reader.records { record in
            guard record.split == .train, standing.count < matches.count else { return }
            standing.formUnion(
                values.found(in: RecordText.whole(record)).filter { matches[$0] != nil })
        }
        return standing.count
    }

    /// Said values with a digit or an @: they belong to hardly more than one person.
    var tellingCount: Int {
        guard let values else { return 0 }
        return matches.keys.count { values.isTelling($0) }
    }

    /// The counts.
    var json: JSONValue {
        [
            "mode": values == nil ? "detector" : "raw",
            "removedValues": values.map { .integer($0.count) } ?? .null,
            "valuesSaid": .integer(matches.count),
            "valuesSaidWithDigits": .integer(tellingCount),
            "texts": .integer(textCount),
            "detected": .object(detected.mapValues { .integer($0) }),
        ]
    }

    /// The same in words.
    func lines(residue: Int) -> [String] {
        guard let values else {
            let types = detected.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return [
                "  the raw version was not opened: what looks like personal data is counted, "
                    + "invented or not",
                "  \(detected.values.reduce(0, +)) findings in \(textCount) texts",
            ] + types.map { "  \("\($0.value)".padded(to: 6))  \($0.key)" }
        }
        guard !matches.isEmpty else {
            return ["  none of \(values.count) removed values was said"]
        }
        return [
            "  \(matches.count) of \(values.count) removed values were said, in \(textCount) texts",
            "  \(tellingCount) of them have digits or an @; the others may be common names or words",
            "  \(residue) of them also stand in the redacted version: redaction missed them there",
        ]
    }
}
