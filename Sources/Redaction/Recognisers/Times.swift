/// Times of day and ages.
extension Scan {
    /// "10:30", "10:30:15 pm", "5pm", "5 o'clock", "10h30", "10.30 Uhr".
    mutating func time(_ p: Int, _ end: Int) -> Bool {
        guard opens(p), end - p <= 2, at(p - 1) != 0x3A, at(p - 1) != 0x2E, at(p - 1) != 0x24,
            let stop = timeEnd(p)
        else { return false }
        claim(.dateTime, p, stop, 0.6)
        return true
    }

    /// The end of a time of day that starts at `p`, with seconds, am/pm and zone.
    func timeEnd(_ p: Int) -> Int? {
        let hourEnd = skip(p, limit: 3) { $0.isDigit }
        guard hourEnd > p, hourEnd - p <= 2 else { return nil }
        let hour = bytes[p..<hourEnd].reduce(0) { $0 * 10 + $1.digitValue }
        guard hour <= 24 else { return nil }
        var i = hourEnd
        var isClock = false
        let mark = at(i)
        if mark == 0x3A || mark == 0x2E || mark == 0x68 || mark == 0x48, at(i + 1).isDigit,
            at(i + 2).isDigit, !at(i + 3).isDigit
        {
            guard at(i + 1) <= 0x35 else { return nil }
            i += 3
            isClock = mark != 0x2E
            if mark == 0x3A, at(i) == 0x3A, at(i + 1).isDigit, at(i + 2).isDigit {
                i += 3
                if at(i) == 0x2E || at(i) == 0x2C, at(i + 1).isDigit {
                    // A comma begins a fraction only before three digits or six: in "10:30:15,42"
                    // it ends a column.
                    let end = skip(i + 1, limit: 9) { $0.isDigit }
                    let isFraction = at(i) == 0x2E || end - i == 4 || end - i == 7
                    if isFraction, at(end) != 0x2E { i = end }
                }
            }
        } else if mark == 0x3A {
            return nil
        }
        let after = skip(i, limit: 1) { $0 == 0x20 }
        for suffix in Scan.timesWords1
        where matches(suffix, at: after) && closes(after + suffix.utf8CodeUnitCount) {
            return zoneEnd(after + suffix.utf8CodeUnitCount)
        }
        return isClock && (closes(i) || at(i) == 0x5A) ? zoneEnd(i) : nil
    }

    /// "Z", "+02:00", " UTC", " EST".
    private func zoneEnd(_ i: Int) -> Int {
        if at(i) == 0x5A, closes(i + 1) { return i + 1 }
        if at(i) == 0x2B || at(i) == 0x2D, at(i + 1).isDigit, at(i + 2).isDigit {
            let minutes = at(i + 3) == 0x3A ? i + 4 : i + 3
            if at(minutes).isDigit, at(minutes + 1).isDigit, closes(minutes + 2) {
                return minutes + 2
            }
        }
        if at(i) == 0x20 {
            for zone in Scan.timesWords2
            where matches(zone, at: i + 1) && closes(i + 1 + zone.utf8CodeUnitCount)
                && at(i + 1).isUpper
            {
                return i + 1 + zone.utf8CodeUnitCount
            }
        }
        return i
    }

    /// "34 years old", "34-year-old", "34 yo", "aged 34", "age: 34", "I am 34".
    ///
    /// "34 years" alone is a duration and no personal data.
    mutating func age(_ p: Int, _ end: Int) -> Bool {
        guard end - p <= 3, opens(p), at(p - 1) != 0x24, at(p - 1) != 0x2E else { return false }
        let value = bytes[p..<end].reduce(0) { $0 * 10 + $1.digitValue }
        guard value <= 125 else { return false }
        // The number alone is the age: "years old" tells nobody's.
        if ageEnd(end) != nil || foreignAge(p, end, value) {
            claim(.age, p, end, 0.9, .context)
            return true
        }
        guard closes(end), at(end) != 0x25, !(at(end) == 0x2E && at(end + 1).isDigit),
            at(end) != 0x2F, at(end) != 0x3A, at(end) != 0x2D
        else { return false }
        let context = wordsBefore(p)
        if context.isAge {
            claim(.age, p, end, 0.85, .context)
            return true
        }
        if context.isBeing, (10...115).contains(value), endsClause(end) {
            claim(.age, p, end, 0.5, .context)
            return true
        }
        return false
    }

    /// The end of "years old", "-year-old", "yo", "y/o", "Jahre alt", "ans" after a number, or nil.
    private func ageEnd(_ i: Int) -> Int? {
        let j = skip(i, limit: 2) { $0 == 0x20 || $0 == 0x2D }
        for short in Scan.timesWords3
        where matches(short, at: j) && closes(j + short.utf8CodeUnitCount) {
            return j + short.utf8CodeUnitCount
        }
        let units = Scan.timesWords7
        guard
            let unit = units.first(where: { matches($0, at: j) && closes(j + $0.utf8CodeUnitCount) }
            )
        else { return nil }
        let k = j + unit.utf8CodeUnitCount
        let l = skip(k, limit: 2) { $0 == 0x20 || $0 == 0x2D }
        for word in Scan.timesWords4
        where matches(word, at: l) && closes(l + word.utf8CodeUnitCount) {
            return l + word.utf8CodeUnitCount
        }
        return nil
    }

    /// "34-jährige", "34 ans", "de 34 anos", "34 år": a unit that durations have too counts after a
    /// comma or a word such as "ist", "tiene".
    private func foreignAge(_ p: Int, _ end: Int, _ value: Int) -> Bool {
        let j = skip(end, limit: 1) { $0 == 0x20 || $0 == 0x2D }
        guard (1...115).contains(value), j > end else { return false }
        for stem in Scan.timesWords8 where matches(stem, at: j) { return true }
        guard
            let unit = Scan.timesWords9.first(where: {
                matches($0, at: j) && closes(j + $0.utf8CodeUnitCount)
            })
        else { return false }
        let after = at(j + unit.utf8CodeUnitCount)
        let gap = skipBack(p, limit: 1) { $0 == 0x20 || $0 == 0x28 }
        guard gap < p else { return false }
        if at(gap - 1) == 0x2C || at(p - 1) == 0x28 {
            return value >= 3 && (after == 0x2C || after == 0x29 || after == 0x2E || value >= 14)
        }
        let word = skipBack(gap, limit: 8) { $0.isLetter || $0 >= 0x80 }
        for being in Scan.timesWords10
        where gap - word == being.utf8CodeUnitCount && matches(being, at: word) {
            return value >= 14 || after == 0x2C || after == 0x2E
        }
        return false
    }

    private func wordsBefore(_ p: Int) -> (isAge: Bool, isBeing: Bool) {
        let gap = skipBack(p, limit: 4) { $0 == 0x20 || $0 == 0x3A || $0 == 0x3D || $0 == 0x28 }
        guard gap < p else { return (false, false) }
        let word = cues(ofWordBefore: gap)
        if word.cues.contains(.age) { return (true, false) }
        if word.cues.contains(.filler) {
            let more = skipBack(word.start, limit: 2) { $0 == 0x20 }
            if cues(ofWordBefore: more).cues.contains(.age) { return (true, false) }
        }
        if fieldCues.contains(.age) { return (true, false) }
        for phrase in Scan.timesWords5 {
            let start = gap - phrase.utf8CodeUnitCount
            if matches(phrase, at: start), opens(start) { return (false, true) }
        }
        return (false, false)
    }

    private func endsClause(_ i: Int) -> Bool {
        let byte = at(i)
        if i >= count || byte == 0x2C || byte == 0x2E || byte == 0x21 || byte == 0x3B
            || byte == 0x29 || byte.isNewline
        {
            return true
        }
        for word in Scan.timesWords6 where matches(word, at: i) { return true }
        return false
    }

    // Words, kept out of the functions so that no call builds a list.
    private static let timesWords1: [StaticString] = [
        "a.m.", "p.m.", "a.m", "p.m", "am", "pm", "uhr", "o'clock", "hrs",
    ]
    private static let timesWords2: [StaticString] = [
        "utc", "gmt", "est", "edt", "cst", "cdt", "pst", "pdt", "cet", "cest", "bst",
    ]
    private static let timesWords3: [StaticString] = [
        "y/o", "y.o.", "yo", "yrs old", "yr old", "yr-old",
    ]
    private static let timesWords4: [StaticString] = [
        "old", "of age", "alt", "oud", "d'âge", "de edad", "young", "de idade", "gammal", "d’âge",
    ]
    private static let timesWords5: [StaticString] = [
        "i'm", "i am", "she is", "he is", "she's", "he's", "am", "was only", "turn", "turns",
        "turned", "shes", "hes", "im",
    ]
    private static let timesWords6: [StaticString] = [" and ", " now", " but ", " from "]
    private static let timesWords7: [StaticString] = [
        "years", "year", "yrs", "months", "month", "weeks", "week", "jahre", "ans", "años", "anni",
        "jaar", "anos", "lat", "år",
    ]
    private static let timesWords8: [StaticString] = [
        "jährig", "jaehrig", "jarige", "årig", "letni",
    ]
    private static let timesWords9: [StaticString] = [
        "ans", "años", "anni", "anos", "lat", "år", "jahre", "jaar", "let", "yrs",
    ]
    private static let timesWords10: [StaticString] = [
        "de", "a", "ha", "tiene", "tem", "har", "ma", "ist", "is", "är", "er", "con", "di",
        "fyller",
        "cumple", "faz", "compie", "wird", "wordt", "kończy", "skończył", "skończyła",
    ]
}
