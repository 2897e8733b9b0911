import Records

/// What redaction took out of a record: found by holding the raw text against the redacted one,
/// word by word, so that it does not depend on a policy or its keys.
enum RemovedValues {
    /// How far ahead the two texts are searched for where they agree again, in words.
    private static let window = 48

    /// The values that stand in a raw text and not at the same place of the redacted one.
    ///
    /// Redaction replaces short spans, so the texts agree again a few words after each: complexity
    /// O(n) for n words and a constant for each value.
    static func values(raw: String, redacted: String) -> [String] {
        if raw == redacted { return [] }
        let before = raw.split(whereSeparator: \.isWhitespace)
        let after = redacted.split(whereSeparator: \.isWhitespace)
        var values: [String] = []
        var (i, j) = (0, 0)
        while i < before.count {
            if j < after.count, before[i] == after[j] {
                i += 1
                j += 1
                continue
            }
            let step = agreement(before[i...], after[j...])
            if step.raw > 0 {
                values += parts(
                    of: raw[before[i].startIndex..<before[i + step.raw - 1].endIndex])
            }
            i += step.raw
            j += step.redacted
        }
        return values
    }

    /// The fewest words of both to pass over so that they agree again: two words in a row, or to
    /// both ends. A single word, which may be a part of a value as well, is taken where two would
    /// be much further away.
    private static func agreement(
        _ raw: ArraySlice<Substring>, _ redacted: ArraySlice<Substring>
    ) -> (raw: Int, redacted: Int) {
        func agrees(_ a: Int, _ b: Int, words: Int) -> Bool {
            let (left, right) = (raw.dropFirst(a), redacted.dropFirst(b))
            guard a <= raw.count, b <= redacted.count else { return false }
            if left.isEmpty || right.isEmpty { return left.isEmpty && right.isEmpty }
            return left.prefix(words).elementsEqual(right.prefix(words))
        }
        var single: (raw: Int, redacted: Int)?
        for total in 1...(2 * window) {
            if let single, total > single.raw + single.redacted + 3 { return single }
            for a in max(0, total - window)...min(window, total) {
                if agrees(a, total - a, words: 2) { return (a, total - a) }
                if single == nil, agrees(a, total - a, words: 1) { single = (a, total - a) }
            }
        }
        return single ?? (min(window, raw.count), min(window, redacted.count))
    }

    /// Two values may stand side by side: parts between commas count by themselves as well.
    private static func parts(of text: Substring) -> [String] {
        let whole = trimmed(text)
        let parts = text.split(whereSeparator: { ",;\n".contains($0) }).map(trimmed)
        return ([whole] + (parts.count > 1 ? parts : [])).filter { !$0.isEmpty }
    }

    /// Without the punctuation around it.
    private static func trimmed(_ text: Substring) -> String {
        func isPart(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || "@+".contains(character)
        }
        guard let first = text.firstIndex(where: isPart),
            let last = text.lastIndex(where: isPart)
        else { return "" }
        return String(text[first...last])
    }

    /// The values of all strings of a record, by path.
    static func values(raw: Record, redacted: Record) -> [String] {
        raw.fields.keys.sorted().flatMap { name in
            values(raw.fields[name], redacted.fields[name])
        }
    }

    private static func values(_ raw: JSONValue?, _ redacted: JSONValue?) -> [String] {
        switch (raw, redacted) {
        case (.string(let one)?, .string(let other)?): values(raw: one, redacted: other)
        case (.string(let one)?, nil), (.string(let one)?, .null?): [one]
        case (.array(let one)?, .array(let other)?):
            zip(one, other).flatMap { values($0, $1) }
        case (.object(let one)?, .object(let other)?):
            one.keys.sorted().flatMap { values(one[$0], other[$0]) }
        default: []
        }
    }
}
