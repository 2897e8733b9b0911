/// Street addresses by a small grammar, not a pattern:
///
///     address  = street [unit] [place]
///     street   = number name+ suffix [direction] | number prefix name+ | prefix name+ number
///              | name-with-Germanic-ending number | box number
///     unit     = [","] ("Apt" | "Suite" | "#" …) code
///     place    = ["," | newline] town* [","] state code | code town
///
/// Every loop is bounded by a handful of words, so a trigger costs constant time.
extension Scan {
    private static let maxNameWords = 4

    /// The trigger is the house number: "6750 Oak Hill Road", "12 rue de la Paix", "221B Baker St".
    mutating func streetFromNumber(_ p: Int, _ end: Int) -> Bool {
        guard opens(p), at(p - 1) != 0x24, at(p - 1) != 0x2E, at(p - 1) != 0x23 else {
            return false
        }
        guard skip(p, limit: 7, while: \.isDigit) - p <= 6, end - p <= 7 else { return false }
        var i = end
        // "12-14", "12/3", "12 1/2"
        if at(i) == 0x2D || at(i) == 0x2F, at(i + 1).isAlnum {
            i = skip(i + 1, limit: 5) { $0.isAlnum }
        }
        if at(i) == 0x2C { i += 1 }
        let gap = skip(i, limit: 2) { $0 == 0x20 }
        guard gap > i else { return false }
        i = gap
        let first = cues(ofWordAt: i)
        if first.cues.contains(.streetPrefix), bytes[i].isUpper || isForeignPrefix(i, first.end),
            let stop = nameEnd(after: first.end, min: 1)
        {
            claimAddress(p, stop, 0.85)
            return true
        }
        var words = 0
        var suffixEnd: Int?
        while words < Scan.maxNameWords + 1 {
            let word = wordEnd(i)
            guard word > i else { break }
            let ordinal = bytes[i].isDigit
            guard
                bytes[i].isUpper || bytes[i] >= 0x80 || ordinal && isOrdinal(i, word)
                    || words > 0 && cues(ofWordAt: i).cues.contains(.streetSuffix)
            else { break }
            let meaning = cues(ofWordAt: i).cues
            if words > 0, meaning.contains(.streetSuffix) {
                suffixEnd = at(word) == 0x2E && word - i <= 4 ? word + 1 : word
            } else if words == 0, isGermanicStreet(i, word) {
                suffixEnd = word
            } else if suffixEnd != nil, !isDirection(i, word) {
                break
            }
            words += 1
            if suffixEnd != nil, isDirection(i, word) { suffixEnd = word }
            var next = word
            if at(next) == 0x2E, word - i <= 3 { next += 1 }
            let space = skip(next, limit: 1) { $0 == 0x20 }
            guard space > next else { break }
            i = space
        }
        guard let suffixEnd else { return broadway(p, end) || greenPlace(p, end) }
        claimAddress(p, suffixEnd, 0.85)
        return true
    }

    /// "1 Broadway", "4 The Grove": a name that is a street by itself.
    private mutating func broadway(_ p: Int, _ end: Int) -> Bool {
        let i = skip(end, limit: 1) { $0 == 0x20 }
        guard i > end, matches("broadway", at: i), at(i).isUpper, closes(i + 8) else {
            return false
        }
        claimAddress(p, i + 8, 0.75)
        return true
    }

    /// "80 The Shambles", "4 The Green": a street that an article begins.
    private mutating func greenPlace(_ p: Int, _ end: Int) -> Bool {
        let i = skip(end, limit: 1) { $0 == 0x20 }
        guard i > end, matches("the ", at: i), at(i).isUpper, at(i + 4).isUpper else {
            return false
        }
        let word = wordEnd(i + 4)
        for name in Scan.streetAddressWords4
        where name.utf8CodeUnitCount == word - i - 4 && matches(name, at: i + 4) {
            claimAddress(p, word, 0.75)
            return true
        }
        return false
    }

    /// The trigger is the number after the name: "Hauptstraße 12a", "Calle Mayor, 5", "Via Roma 3".
    mutating func streetBeforeNumber(_ p: Int, _ end: Int) -> Bool {
        guard opens(p), end - p <= 6, at(p).isDigit else { return boxNumber(p, end) }
        if boxNumber(p, end) { return true }
        var gap = skipBack(p, limit: 2) { $0 == 0x20 }
        if at(gap - 1) == 0x2C || at(gap - 1) == 0x2E { gap -= 1 }
        guard gap < p else { return false }
        let start = wordStart(gap)
        guard start < gap, start >= consumed else { return false }
        if isGermanicStreet(start, gap) || at(gap) == 0x2E && matches("str", at: gap - 3) {
            var first = start
            // "Alte Dorfstraße": capitalised words before it belong to the name; so do "Am", "An der".
            for _ in 0..<2 {
                let before = wordStart(first - 1)
                guard at(first - 1) == 0x20, before < first - 1, bytes[before].isUpper,
                    before > 0, before >= consumed, cues(ofWordAt: before).cues.isEmpty
                else { break }
                first = before
            }
            claimAddress(first, houseEnd(end), 0.85)
            return true
        }
        return false
    }

    private func houseEnd(_ end: Int) -> Int {
        if at(end) == 0x20, at(end + 1).isLower, closes(end + 2),
            [0x61, 0x62, 0x63, 0x64].contains(at(end + 1))
        {
            return end + 2
        }
        if at(end) == 0x2D || at(end) == 0x2F, at(end + 1).isDigit {
            return skip(end + 1, limit: 4) { $0.isAlnum }
        }
        return end
    }

    /// The trigger is a word such as "rue", "Calle", "Via": name and number follow.
    mutating func streetFromPrefix(_ p: Int, _ wordEnd: Int) -> Bool {
        guard opens(p), bytes[p].isUpper || isForeignPrefix(p, wordEnd) else { return false }
        guard let stop = nameEnd(after: wordEnd, min: 1) else { return false }
        var i = stop
        if at(i) == 0x2C { i += 1 }
        i = skip(i, limit: 2) { $0 == 0x20 }
        for word in Scan.streetAddressWords1 where matches(word, at: i) {
            i = skip(i + word.utf8CodeUnitCount, limit: 1) { $0 == 0x20 }
        }
        let number = skip(i, limit: 5) { $0.isDigit }
        guard number > i, number - i <= 4 else { return false }
        let end = skip(number, limit: 2) { $0.isLetter }
        guard closes(end) else { return false }
        claimAddress(p, end, 0.85)
        return true
    }

    /// The trigger is "Street" without a number before it: "Baker Street", "on Elm St".
    mutating func streetFromSuffix(_ p: Int, _ wordEnd: Int) -> Bool {
        guard bytes[p].isUpper, opens(p), wordEnd - p >= 2, isStrongSuffix(p, wordEnd) else {
            return false
        }
        var start = p
        for _ in 0..<3 {
            let gap = skipBack(start, limit: 1) { $0 == 0x20 }
            let word = wordStart(gap)
            guard gap < start, word < gap, word >= consumed,
                bytes[word].isUpper || isOrdinal(word, gap)
            else { break }
            if start == p || cues(ofWordAt: word).cues.isEmpty { start = word } else { break }
        }
        guard start < p, !isSentenceWord(start, p) else { return false }
        let end = at(wordEnd) == 0x2E && wordEnd - p <= 4 ? wordEnd : wordEnd
        add(.streetAddress, start, end, 0.5)
        return true
    }

    /// "PO Box 123", "P.O. Box 9", "Postfach 12 34 56".
    private mutating func boxNumber(_ p: Int, _ end: Int) -> Bool {
        let gap = skipBack(p, limit: 2) { $0 == 0x20 || $0 == 0x23 }
        let word = cues(ofWordBefore: gap)
        guard gap < p, word.cues.contains(.box), word.start >= consumed else { return false }
        var start = word.start
        if matches("box", at: start) {
            let before = skipBack(start, limit: 2) { $0 == 0x20 }
            for head in Scan.streetAddressWords2 {
                let from = before - head.utf8CodeUnitCount
                if matches(head, at: from), opens(from) { start = from; break }
            }
            if let unit = militaryUnit(before: start) { start = unit }
            guard start < word.start else { return false }
        }
        claimAddress(start, end, 0.85)
        return true
    }

    /// "PSC 1234, Box 5678", "Unit 8400 Box 12" (DoD 4525.6-M): where the unit starts.
    private func militaryUnit(before i: Int) -> Int? {
        let gap = skipBack(i, limit: 2) { $0 == 0x20 || $0 == 0x2C }
        let digits = skipBack(gap, limit: 6) { $0.isDigit }
        guard gap < i, digits < gap, at(digits - 1) == 0x20 else { return nil }
        for word in Scan.streetAddressWords3 {
            let start = digits - 1 - word.utf8CodeUnitCount
            if matches(word, at: start), opens(start), start >= consumed { return start }
        }
        return nil
    }

    // Words, kept out of the functions so that no call builds a list.
    private static let streetAddressWords1: [StaticString] = ["n.", "nº", "n°", "no.", "nr."]
    private static let streetAddressWords2: [StaticString] = [
        "p.o.", "p. o.", "po", "post office", "p.o", "apo", "fpo", "psc",
    ]
    private static let streetAddressWords4: [StaticString] = [
        "avenue", "street", "grove", "green", "close", "crescent", "lane", "mews", "drive",
        "square",
        "parade", "paddock", "paddocks", "croft", "shambles", "willows", "cottages", "oaks",
        "beeches", "limes", "orchard", "terrace", "strand", "mall", "ridge", "hollow", "mount",
        "meadows", "pastures", "spinney", "glebe", "quadrant", "broadway", "causeway", "maltings",
    ]
    private static let streetAddressWords3: [StaticString] = ["psc", "cmr", "unit"]
}
