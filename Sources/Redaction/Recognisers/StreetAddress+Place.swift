/// What follows a street: unit, town, state, postal code, country.
extension Scan {
    /// Claims a street and what belongs to it.
    mutating func claimAddress(_ start: Int, _ end: Int, _ score: Float) {
        let unit = unitEnd(end)
        let first = unitBefore(numberBefore(start))
        claim(.streetAddress, first, placeEnd(unit, hadUnit: unit > end), score)
    }

    /// "Flat 23, 75 Pudding Lane": a unit before the house number.
    private func unitBefore(_ start: Int) -> Int {
        guard at(start).isDigit else { return start }
        let gap = skipBack(start, limit: 3) { $0 == 0x20 || $0 == 0x2C || $0.isNewline }
        let code = skipBack(gap, limit: 5) { $0.isAlnum }
        guard gap < start, code < gap, bytes[code..<gap].contains(where: \.isDigit),
            at(code - 1) == 0x20
        else { return start }
        let word = cues(ofWordBefore: code - 1)
        return word.cues.contains(.unit) && word.start >= consumed ? word.start : start
    }

    /// "2 12 Baker Street": a bare number before the house number is a flat or a box.
    private func numberBefore(_ start: Int) -> Int {
        guard at(start - 1) == 0x20, at(start).isDigit else { return start }
        let digits = skipBack(start - 1, limit: 6) { $0.isDigit }
        guard digits < start - 1, start - 1 - digits <= 5, digits >= consumed, opens(digits),
            at(digits - 1) != 0x24, at(digits - 1) != 0x2E, at(digits - 1) != 0x2C
        else { return start }
        return digits
    }

    /// The trigger is "Apt." or "Suite" with a code: the street stands before it, whatever its form
    /// ("6750 Koskikatu 25 Apt. 864").
    mutating func streetFromUnit(_ p: Int, _ wordEnd: Int) -> Bool {
        guard opens(p) else { return false }
        let code = skip(wordEnd, limit: 3) { $0 == 0x20 || $0 == 0x2E || $0 == 0x23 }
        let codeEnd = skip(code, limit: 6) { $0.isAlnum }
        guard code > wordEnd, codeEnd > code, at(code).isDigit, closes(codeEnd) else {
            return false
        }
        var start = p
        var edge = p
        var hasNumber = false
        var hasName = false
        for _ in 0..<8 {
            let gap = skipBack(edge, limit: 3) { $0.isSpace || $0 == 0x2E || $0 == 0x2C }
            guard gap < edge, gap > consumed else { break }
            let isFirst = edge == p
            if !isFirst, bytes[gap..<edge].contains(where: { $0 == 0x2C || $0.isNewline }) { break }
            let word = wordStart(gap)
            guard word < gap, word >= consumed else { break }
            if bytes[word..<gap].allSatisfy(\.isDigit) || at(word).isDigit && gap - word <= 5 {
                guard gap - word <= 6 else { break }
                hasNumber = true
                start = word
            } else if bytes[word].isUpper || bytes[word] >= 0x80 {
                guard !startsSentence(word, gap) else { break }
                hasName = true
                start = word
            } else if at(gap) == 0x2E && gap - word <= 3 || isJoiner(word, gap) {
                // "u.", "de", "of": belongs when something before it does.
            } else {
                break
            }
            edge = word
        }
        guard hasNumber, hasName else { return false }
        claim(.streetAddress, start, placeEnd(unitEnd(codeEnd), hadUnit: true), 0.85)
        return true
    }

    /// "Apt. 864", ", Suite 5", "#12", "Flat 3b" after `i`, up to two of them; or `i`.
    private func unitEnd(_ i: Int) -> Int {
        var end = i
        for _ in 0..<2 {
            var j = skip(end, limit: 4) { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E || $0.isNewline }
            if at(j) == 0x23 {
                let code = skip(j + 1, limit: 8) { $0.isAlnum || $0 == 0x2D }
                guard code > j + 1 else { return end }
                end = code
                continue
            }
            let word = cues(ofWordAt: j)
            guard word.cues.contains(.unit), j > end else { return end }
            j = skip(word.end, limit: 3) { $0 == 0x20 || $0 == 0x2E || $0 == 0x23 }
            let code = skip(j, limit: 8) { $0.isAlnum || $0 == 0x2D }
            guard code > j, bytes[j].isDigit || code - j <= 2 else { return end }
            end = code
        }
        return end
    }

    /// The end of towns, state, postal code and country after a street, or `i` when nothing fits.
    ///
    /// Groups of capitalised words and postal codes are read, at most six. A group counts after a
    /// comma, after a line break when it fills its line, after a unit or a postal code, or when a
    /// code follows it.
    private func placeEnd(_ i: Int, hadUnit: Bool) -> Int {
        var end = i
        var hasTown = false
        var hasPostal = false
        for _ in 0..<6 {
            let gap = skip(end, limit: 4) { $0.isSpace || $0 == 0x2C }
            guard gap > end, gap < count else { break }
            let comma = bytes[end..<gap].contains(0x2C)
            let newline = bytes[end..<gap].contains(where: \.isNewline)
            // A blank line ends the block.
            if newline, bytes[end..<gap].count(where: { $0 == 0x0A }) > 1 { break }
            if let postal = isPostal(gap) {
                guard !hasPostal, comma || newline || hasTown || hadUnit || postal - gap >= 5 else {
                    break
                }
                hasPostal = true
                end = postal
                continue
            }
            guard let group = townEnd(gap) else { break }
            if !comma, !newline {
                guard
                    hasPostal && !hasTown || !hasPostal && (hadUnit || hasTown) || leadsToCode(gap)
                else { break }
            } else if !comma, !closesLine(group), !leadsToCode(gap) {
                break
            }
            hasTown = true
            end = group
        }
        return end
    }

    /// The end of up to four capitalised words, joiners and a bracket between them.
    private func townEnd(_ i: Int) -> Int? {
        var j = i
        var end: Int?
        for _ in 0..<6 {
            let open = at(j) == 0x28 ? j + 1 : j
            let word = wordEnd(open)
            guard word > open else { break }
            if bytes[open].isUpper || bytes[open] >= 0x80 {
                if end == nil, startsSentence(open, word) { return nil }
                end = open > j ? (at(word) == 0x29 ? word + 1 : end) : word
            } else if end == nil || !isJoiner(open, word) {
                break
            }
            let next = max(word, end ?? word)
            guard at(next) == 0x20, at(next + 1) != 0x20 else { break }
            j = next + 1
            if isPostal(j) != nil { break }
        }
        return end
    }

    private func closesLine(_ i: Int) -> Bool {
        let byte = at(i)
        return i >= count || byte.isNewline || byte == 0x2C || byte == 0x2E || byte == 0x3F
            || byte == 0x20 && (at(i + 1).isNewline || isPostal(i + 1) != nil)
    }

    /// Small words inside names of places and streets.
    func isJoiner(_ i: Int, _ end: Int) -> Bool {
        Scan.joiners.contains { $0.utf8CodeUnitCount == end - i && matches($0, at: i) }
    }

    private static let joiners: [StaticString] = [
        "de", "la", "of", "upon", "the", "am", "an", "der", "sur", "en", "del", "di", "do", "da",
        "el",
        "le", "les", "van", "u", "and", "bei", "im", "ob", "v", "nad", "pod",
    ]

    /// A capitalised word that begins a sentence rather than names a town.
    func startsSentence(_ i: Int, _ end: Int) -> Bool {
        Scan.sentenceWords.contains { $0.utf8CodeUnitCount == end - i && matches($0, at: i) }
    }

    private static let sentenceWords: [StaticString] = [
        "i", "the", "please", "my", "we", "he", "she", "it", "they", "and", "but", "thanks",
        "thank",
        "is", "phone", "tel", "email", "fax", "call", "this", "that", "you", "if", "when", "there",
        "in", "on", "at", "for", "hi", "hello", "dear", "can", "what", "how", "where", "order",
        "mobile", "regards", "best", "so", "a", "our", "your", "not", "no", "yes", "date", "dob",
        "ssn", "name", "contact", "account", "invoice", "website", "www", "desk", "office",
        "address",
    ]

    /// Whether a state or a postal code stands within four capitalised words.
    private func leadsToCode(_ i: Int) -> Bool {
        var j = i
        for _ in 0..<4 {
            let word = wordEnd(j)
            guard word > j else { return false }
            if isPostal(j) != nil { return true }
            guard bytes[j].isUpper else { return false }
            if word - j == 2, USStates.set.contains(Array(bytes[j..<word])) { return true }
            let gap = skip(word, limit: 3) { $0.isSpace || $0 == 0x2C }
            guard gap > word else { return false }
            j = gap
        }
        return false
    }

    /// The end of a postal code at `i`: 4–6 digits (ZIP+4, "1234 AB", "1234-567"), "123 45", UK and
    /// Canadian forms.
    func isPostal(_ i: Int) -> Int? {
        let digits = skip(i, limit: 7) { $0.isDigit }
        if digits - i >= 4, digits - i <= 6, closes(digits) {
            if at(digits) == 0x2D {
                let plus = skip(digits + 1, limit: 5) { $0.isDigit }
                if plus - digits == (digits - i == 5 ? 5 : 4), closes(plus) { return plus }
            }
            if digits - i == 4, at(digits) == 0x20, at(digits + 1).isUpper, at(digits + 2).isUpper,
                closes(digits + 3)
            {
                return digits + 3
            }
            return digits
        }
        if digits - i == 3, at(digits) == 0x20 {
            let rest = skip(digits + 1, limit: 3) { $0.isDigit }
            if rest - digits == 3 || rest - digits == 4, closes(rest) { return rest }
        }
        guard at(i).isUpper else { return nil }
        let word = skip(i, limit: 8) { $0.isUpper || $0.isDigit }
        guard bytes[i..<word].contains(where: \.isDigit) else { return nil }
        if word - i <= 4, at(word) == 0x20, at(word + 1).isDigit {
            let inward = skip(word + 1, limit: 4) { $0.isUpper || $0.isDigit }
            if inward - word == 4, closes(inward) { return inward }
        }
        return (word - i == 6 || word - i == 7) && closes(word) ? word : nil
    }
}
