/// Dates in the usual forms: ISO 8601, day-month-year and month-day-year with `/ . -`, with the
/// month's name in six languages, with weekday, time and zone.
extension Scan {
    /// A date that begins with the digits `[p, end)`; the current run starts at `p`.
    mutating func date(_ p: Int, _ end: Int) -> Bool {
        guard opens(p) || at(p - 1) == 0x54, at(p - 1) != 0x24, at(p - 1) != 0x2B else {
            return false
        }
        if let stop = numericDate(p) ?? dayThenMonth(p, end) {
            claimDate(p, stop, 0.85)
            return true
        }
        if compactDate(p, end) { return true }
        return shortDate(p, end)
    }

    /// Widens a date over its weekday, time and zone and names it.
    mutating func claimDate(_ p: Int, _ end: Int, _ score: Float) {
        let start = weekdayBefore(p)
        var stop = end
        // "2026-11-22T10:00:00Z", "…, 10:30 pm", "… at 10:30".
        var next = stop
        if at(next) == 0x54, at(next + 1).isDigit {
            next += 1
        } else {
            next = skip(next, limit: 2) { $0 == 0x20 || $0 == 0x2C }
            for word in Scan.datesWords1 where matches(word, at: next) {
                next += word.utf8CodeUnitCount
            }
        }
        if next > stop, let time = timeEnd(next) { stop = time }
        let born = near(.birth, start, stop, before: 24, after: 12)
        claim(
            born ? .dateOfBirth : .dateTime, start, stop, born ? 0.95 : score,
            born ? .context : .none)
    }

    private func weekdayBefore(_ p: Int) -> Int {
        let gap = skipBack(p, limit: 3) { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E }
        guard gap < p else { return p }
        let word = cues(ofWordBefore: gap)
        if word.cues.contains(.weekday), word.start >= consumed, gap - word.start >= 3 {
            return word.start
        }
        // "the 5th" keeps its article outside.
        return p
    }

    /// y-m-d, d-m-y, m-d-y with one kind of separator; d-m or m-d only in context.
    private func numericDate(_ p: Int) -> Int? {
        guard run.groups.count >= 3, run.separators[0] == run.separators[1],
            [0x2D, 0x2E, 0x2F].contains(run.separators[0])
        else { return spacedDate() }
        let mark = run.separators[0]
        // Separators must stand tight, but for ". " in German dates.
        for k in 0..<2 {
            let gap = run.groups[k + 1].start - run.groups[k].end
            guard gap == 1 || gap == 2 && mark == 0x2E else { return nil }
        }
        let end = run.groups[2].end
        guard closes(end) || at(end) == 0x54 else { return nil }
        if run.groups.count > 3, run.separators[2] == mark,
            run.groups[3].start - run.groups[2].end == 1
        {
            return nil
        }
        let counts = (run.groups[0].count, run.groups[1].count, run.groups[2].count)
        let (a, b, c) = (run.value(0), run.value(1), run.value(2))
        switch counts {
        case (4, 1...2, 1...2):
            return isYear(a) && isDay(b, c) ? end : nil
        case (1...2, 1...2, 4):
            return isYear(c) && (isDay(a, b) || isDay(b, a)) ? end : nil
        case (1...2, 1...2, 2):
            // 1.2.03 may be a version: two digits at least where dots stand.
            guard isDay(a, b) || isDay(b, a) || mark == 0x2D && isDay(b, c) else { return nil }
            if mark == 0x2E, counts.0 == 1, counts.1 == 1,
                !near([.birth, .date], p, end, before: 8, after: 0)
            {
                return nil
            }
            return end
        default: return nil
        }
    }

    private func spacedDate() -> Int? {
        guard run.groups.count >= 3, run.separators[0] == 0x20, run.separators[1] == 0x20,
            run.groups[0].count == 4, run.groups[1].count == 2, run.groups[2].count == 2,
            isYear(run.value(0)), isDay(run.value(1), run.value(2)), closes(run.groups[2].end)
        else { return nil }
        return run.groups[2].end
    }

    private func isYear(_ y: Int) -> Bool { (1000...2199).contains(y) }
    private func isDay(_ m: Int, _ d: Int) -> Bool { (1...12).contains(m) && (1...31).contains(d) }

    /// "5 March 2026", "5th of March", "5-Mar-26", "5. März 2026", "1er mai".
    private func dayThenMonth(_ p: Int, _ end: Int) -> Int? {
        guard end - p <= 2, (1...31).contains(run.value(0)) else { return nil }
        var i = end
        for suffix in Scan.datesWords2
        where matches(suffix, at: i) && closes(i + suffix.utf8CodeUnitCount) {
            i += suffix.utf8CodeUnitCount
            break
        }
        i = skip(i, limit: 3) { $0 == 0x20 || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F }
        guard i > end else { return nil }
        for word in Scan.datesWords3 where matches(word, at: i) {
            i += word.utf8CodeUnitCount
            break
        }
        let word = cues(ofWordAt: i)
        guard word.cues.contains(.month), monthNumber(i, word.end) != nil else { return nil }
        // "may", "mar", "ago", "dic" in lower case after a number need a year.
        let year = yearEnd(after: word.end)
        if year == nil, bytes[i].isLower, word.end - i <= 4, !followsArticle(p) { return nil }
        return year ?? word.end
    }

    /// "el 4 mayo", "den 4 maj": an article makes a short lower-case word a month.
    private func followsArticle(_ p: Int) -> Bool {
        let gap = skipBack(p, limit: 1) { $0 == 0x20 }
        let word = skipBack(gap, limit: 6) { $0.isLetter }
        return gap < p
            && Scan.datesWords7.contains {
                $0.utf8CodeUnitCount == gap - word && matches($0, at: word)
            }
    }

    private func monthNumber(_ start: Int, _ end: Int) -> Int? {
        MonthNames.numbers[bytes[start..<end].map(\.lowered)]
    }

    /// A year after a date's day and month: ", 2026", " 2026", "-26", " '26".
    private func yearEnd(after i: Int) -> Int? {
        var j = i
        if at(j) == 0x2E { j += 1 }
        j = skip(j, limit: 3) { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D || $0 == 0x2F }
        for word in Scan.datesWords4 where matches(word, at: j) {
            j += word.utf8CodeUnitCount
            break
        }
        if at(j) == 0x27 { j += 1 }
        let end = skip(j, limit: 5) { $0.isDigit }
        guard j > i, closes(end) else { return nil }
        if end - j == 4 {
            let year = bytes[j..<end].reduce(0) { $0 * 10 + $1.digitValue }
            return isYear(year) ? end : nil
        }
        let tight = at(i) == 0x2D || at(i) == 0x2F || at(j - 1) == 0x27
        return end - j == 2 && tight && at(end) != 0x3A ? end : nil
    }

    /// "March 5th, 2026", "March 2026", "Sept. 5": the trigger is the month.
    mutating func dateFromMonth(_ p: Int, _ wordEnd: Int) -> Bool {
        guard opens(p), monthNumber(p, wordEnd) != nil else { return false }
        let capital = bytes[p].isUpper || bytes[p] >= 0x80
        var i = wordEnd
        if at(i) == 0x2E { i += 1 }
        i = skip(i, limit: 3) { $0 == 0x20 || $0 == 0x2D || $0 == 0x2C || $0 == 0x2F }
        if matches("the ", at: i) { i += 4 }
        let digitsEnd = skip(i, limit: 5) { $0.isDigit }
        guard i > wordEnd, digitsEnd > i else {
            if capital, matches("of ", at: i), let year = yearEnd(after: i + 2) {
                claimDate(p, year, 0.75)
                return true
            }
            return false
        }
        let value = bytes[i..<digitsEnd].reduce(0) { $0 * 10 + $1.digitValue }
        if digitsEnd - i == 4, isYear(value), closes(digitsEnd) {
            guard capital || wordEnd - p > 4 else { return false }
            claimDate(p, digitsEnd, 0.75)
            return true
        }
        guard digitsEnd - i <= 2, (1...31).contains(value) else { return false }
        var end = digitsEnd
        for suffix in Scan.datesWords5 where matches(suffix, at: end) {
            end += 2
            break
        }
        guard closes(end), at(end) != 0x3A else { return false }
        let year = yearEnd(after: end)
        // "may 5" in lower case is as likely a verb.
        guard capital || year != nil || wordEnd - p > 4 else { return false }
        if at(end) == 0x25 || at(end) == 0x2E && at(end + 1).isDigit { return false }
        claimDate(p, year ?? end, year != nil ? 0.9 : 0.75)
        return true
    }

    /// "20260105", "20260105T1030": with a word for dates or a time behind it.
    private mutating func compactDate(_ p: Int, _ end: Int) -> Bool {
        guard end - p == 8 else { return false }
        let value = bytes[p..<end].reduce(0) { $0 * 10 + $1.digitValue }
        let stamped = at(end) == 0x54
        func ok(_ y: Int, _ m: Int, _ d: Int) -> Bool { (1900...2099).contains(y) && isDay(m, d) }
        let ymd = ok(value / 10000, value / 100 % 100, value % 100)
        let dmy = ok(value % 10000, value / 10000 % 100, value / 1_000_000)
        let mdy = ok(value % 10000, value / 1_000_000, value / 10000 % 100)
        guard ymd || dmy || mdy, closes(end) || stamped else { return false }
        guard near([.birth, .date], p, end, before: 16, after: 0) || stamped && ymd else {
            return false
        }
        claimDate(p, end, 0.7)
        return true
    }

    /// "12/25" and "03/2026" where a word says date: expiry, birthday, "on".
    private mutating func shortDate(_ p: Int, _ end: Int) -> Bool {
        guard run.groups.count >= 2, run.separators[0] == 0x2F,
            run.groups.count == 2 || run.separators[1] == 0x20
        else { return false }
        let stop = run.groups[1].end
        let (a, b) = (run.value(0), run.value(1))
        let counts = (run.groups[0].count, run.groups[1].count)
        guard closes(stop), run.groups[1].start - run.groups[0].end == 1 else { return false }
        if counts.0 <= 2, counts.1 == 4, (1...12).contains(a), (1900...2099).contains(b) {
            claimDate(p, stop, 0.7)
            return true
        }
        guard counts.0 <= 2, counts.1 <= 2, isDay(a, b) || isDay(b, a) || counts.1 == 2 && a <= 12,
            near([.birth, .date, .weekday], p, stop, before: 12, after: 0)
        else { return false }
        claimDate(p, stop, 0.6)
        return true
    }

    /// A year alone beside a word for birth or a date: "born in 1985", "since 2004".
    mutating func yearAlone(_ p: Int, _ end: Int, _ context: Cue) -> Bool {
        guard end - p == 4, opens(p), closes(end) else { return false }
        let year = bytes[p..<end].reduce(0) { $0 * 10 + $1.digitValue }
        guard (1880...2059).contains(year) else { return false }
        if near(.birth, p, end, before: 16, after: 0) {
            claim(.dateOfBirth, p, end, 0.7, .context)
            return true
        }
        let gap = skipBack(p, limit: 2) { $0 == 0x20 }
        guard gap < p else { return false }
        let word = skipBack(gap, limit: 12) { $0.isLetter }
        let words = Scan.datesWords6
        guard words.contains(where: { matches($0, at: word) && gap - word == $0.utf8CodeUnitCount })
        else { return false }
        claim(.dateTime, p, end, 0.4)
        return true
    }

    // Words, kept out of the functions so that no call builds a list.
    private static let datesWords1: [StaticString] = ["at ", "um ", "à ", "a las "]
    private static let datesWords2: [StaticString] = ["st", "nd", "rd", "th", "er", "º", "ª", "°"]
    private static let datesWords3: [StaticString] = ["of ", "de ", "day of ", "di "]
    private static let datesWords4: [StaticString] = ["de ", "del ", "of ", "in "]
    private static let datesWords5: [StaticString] = ["st", "nd", "rd", "th"]
    private static let datesWords6: [StaticString] = [
        "in", "since", "until", "during", "year", "by", "before", "after", "from", "of", "late",
        "early", "seit", "depuis", "desde", "dal", "sinds", "em", "en", "nel", "od", "sedan", "år",
        "im", "w",
    ]
    private static let datesWords7: [StaticString] = [
        "el", "le", "il", "al", "du", "au", "den", "am", "op", "del", "dal", "dia", "dnia", "do",
    ]
}
