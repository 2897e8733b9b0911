/// The words of the address grammar.
extension Scan {
    /// The end of the word at `i`: letters, digits, `'`, `-` inside.
    func wordEnd(_ i: Int) -> Int {
        var j = i
        while j < count, j - i < 32 {
            let byte = bytes[j]
            if byte.isAlnum || (byte >= 0x80 && separatorLength(j) == 0) {
                j += 1
            } else if byte == 0x27 || byte == 0x2D, j > i, at(j + 1).isWord {
                j += 1
            } else if byte == 0xE2, j > i, at(j + 1) == 0x80, at(j + 2) == 0x99, at(j + 3).isWord {
                j += 3
            } else {
                break
            }
        }
        return j
    }

    /// The start of the word that ends at `i`.
    func wordStart(_ i: Int) -> Int {
        var start = skipBack(i, limit: 32) { $0.isWord || $0 == 0x2D || $0 == 0x27 }
        while start < i, !bytes[start].isWord { start += 1 }
        return start
    }

    /// The end of a street's name after its type: small words and up to four capitalised ones.
    func nameEnd(after i: Int, min least: Int) -> Int? {
        let small = Scan.streetAddressWordsWords1
        var j = i
        if at(j) == 0x2E { j += 1 }
        var end: Int?
        var words = 0
        while words < 4 {
            let gap = skip(j, limit: 1) { $0 == 0x20 || $0 == 0x27 }
            guard gap > j || words == 0 && at(j) == 0x2F else { break }
            if let word = small.first(where: {
                matches($0, at: gap)
                    && (closes(gap + $0.utf8CodeUnitCount)
                        || at(gap + $0.utf8CodeUnitCount - 1) == 0x27)
            }) {
                j = gap + word.utf8CodeUnitCount
                if at(j - 1) == 0x27 { j -= 1 }
                continue
            }
            let stop = wordEnd(gap)
            guard stop > gap, bytes[gap].isUpper || bytes[gap] >= 0x80,
                words == 0 || !cues(ofWordAt: gap).cues.contains(.unit)
            else { break }
            words += 1
            end = stop
            j = stop
        }
        return words >= least ? end : nil
    }

    /// Street types that stand in lower case too: "12 rue …", "12 via …".
    func isForeignPrefix(_ i: Int, _ end: Int) -> Bool {
        let words = Scan.streetAddressWordsWords2
        return words.contains { matches($0, at: i) && end - i == $0.utf8CodeUnitCount }
    }

    /// Words that end in a Germanic word for street: Hauptstraße, Lindenweg, Dorpsstraat.
    func isGermanicStreet(_ i: Int, _ end: Int) -> Bool {
        guard end - i >= 6, bytes[i].isUpper || bytes[i] >= 0x80 else { return false }
        let endings = Scan.streetAddressWordsWords3
        for ending in endings where matches(ending, at: end - ending.utf8CodeUnitCount) {
            // "Ring", "Spring" and "during" are words.
            if ending.utf8CodeUnitCount <= 4, end - i < ending.utf8CodeUnitCount + 4 { continue }
            return true
        }
        return false
    }

    func isOrdinal(_ i: Int, _ end: Int) -> Bool {
        let digits = skip(i, limit: 4) { $0.isDigit }
        guard digits > i, end - digits == 2 else { return false }
        return matches("st", at: digits) || matches("nd", at: digits) || matches("rd", at: digits)
            || matches("th", at: digits)
    }

    func isDirection(_ i: Int, _ end: Int) -> Bool {
        let words = Scan.streetAddressWordsWords4
        return bytes[i].isUpper
            && words.contains { $0.utf8CodeUnitCount == end - i && matches($0, at: i) }
    }

    /// Suffixes that make a street without a number.
    func isStrongSuffix(_ i: Int, _ end: Int) -> Bool {
        let words = Scan.streetAddressWordsWords5
        return words.contains { $0.utf8CodeUnitCount == end - i && matches($0, at: i) }
    }

    /// "The Street", "This Drive": a sentence, not a name.
    func isSentenceWord(_ start: Int, _ end: Int) -> Bool {
        let words = Scan.streetAddressWordsWords6
        return words.contains { matches($0, at: start) && start + $0.utf8CodeUnitCount >= end - 1 }
            || matches("the ", at: start)
    }

    // Words, kept out of the functions so that no call builds a list.
    private static let streetAddressWordsWords1: [StaticString] = [
        "de la", "de las", "de los", "des", "de", "du", "del", "della", "delle", "dei", "dello",
        "d'", "l'", "la", "le", "les", "van", "der", "den", "di", "da", "dos", "the", "y",
    ]
    private static let streetAddressWordsWords2: [StaticString] = [
        "rue", "avenue", "boulevard", "impasse", "allée", "chemin", "calle", "via", "viale",
        "piazza", "place", "quai", "avenida", "c/",
    ]
    private static let streetAddressWordsWords3: [StaticString] = [
        "straße", "strasse", "str", "weg", "platz", "gasse", "allee", "damm", "ufer", "ring",
        "straat", "gracht", "laan", "plein", "kade", "singel", "dijk", "gade", "vej", "gatan",
        "vägen", "gata", "veien", "katu", "tie", "kuja", "steig", "markt", "graben",
    ]
    private static let streetAddressWordsWords4: [StaticString] = [
        "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west",
        "northeast", "northwest", "southeast", "southwest",
    ]
    private static let streetAddressWordsWords5: [StaticString] = [
        "street", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive",
        "court", "st", "terrace", "parkway", "highway", "hwy", "crescent", "square",
    ]
    private static let streetAddressWordsWords6: [StaticString] = [
        "the ", "this ", "that ", "a ", "our ", "my ", "your ", "no ", "high-", "wall ", "hard ",
        "flash ", "usb ", "in ", "on ", "at ", "supreme ", "district ", "federal ",
    ]
}
