/// Numbers and addresses as they are dictated: "five five five oh one four two", "jane dot roe at
/// gmail dot com".
extension Scan {
    /// Seven and more digits in words, one after the other, digits written as such among them.
    mutating func spokenDigits(_ p: Int) -> Bool {
        guard opens(p) else { return false }
        var end = p
        var i = p
        var digits = 0
        var words = 0
        while words < 40 {
            if at(i).isDigit {
                let stop = skip(i, limit: 8) { $0.isDigit }
                guard closes(stop) else { break }
                digits += stop - i
                end = stop
            } else {
                let word = cues(ofWordAt: i)
                guard word.end > i else { break }
                if word.cues.contains(.digitWord) {
                    digits += 1
                    end = word.end
                } else if !Scan.repeaters.contains(where: {
                    matches($0, at: i) && word.end - i == $0.utf8CodeUnitCount
                }) {
                    break
                } else {
                    digits += 1
                }
                i = word.end
            }
            i = skip(max(i, end), limit: 3) { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D || $0 == 0x2E }
            words += 1
        }
        guard digits >= 7, words >= 5 else { return false }
        let context = cueBefore(p)
        let type: EntityType =
            context.cues.contains(.ssn)
            ? .ssn
            : context.cues.contains(.card)
                ? .creditCard : context.cues.contains(.account) ? .account : .phoneNumber
        claim(type, p, end, 0.75)
        return true
    }

    /// The trigger is "dot": an address is read from each of the words before it.
    mutating func spokenAddress(_ p: Int) -> Bool {
        var start = p
        var best: (start: Int, end: Int)?
        for _ in 0..<7 {
            let gap = skipBack(start, limit: 2) { $0 == 0x20 }
            let word = skipBack(gap, limit: 32) { $0.isAlnum || $0 >= 0x80 || $0 == 0x2D }
            guard gap < start, word < gap, word >= consumed else { break }
            start = word
            if let end = spokenAddressEnd(start), end > p { best = (start, end) }
        }
        guard let best else { return false }
        claim(.emailAddress, best.start, best.end, 0.85)
        return true
    }

    /// The end of `word ((dot|underscore|dash) word)* at word (dot word)+` that begins at `i`.
    private func spokenAddressEnd(_ i: Int) -> Int? {
        var j = i
        var hasAt = false
        var end: Int?
        for _ in 0..<8 {
            let word = skip(j, limit: 32) { $0.isAlnum || $0 >= 0x80 || $0 == 0x2D }
            guard word > j, !isSpokenMark(j, word) else { return end }
            if hasAt, end != nil || Scan.spokenTops.contains(where: { matches($0, at: j) }) {
                end = word
            }
            let mark = skip(word, limit: 1) { $0 == 0x20 }
            guard mark > word else { return end }
            let stop = skip(mark, limit: 10) { $0.isLetter }
            guard isSpokenMark(mark, stop) else { return end }
            if isAt(mark, stop) {
                if hasAt { return end }
                hasAt = true
            } else if hasAt, end != nil {
                // A country after "co": ".co.uk".
            }
            let next = skip(stop, limit: 1) { $0 == 0x20 }
            guard next > stop else { return end }
            j = next
        }
        return end
    }

    private func isAt(_ i: Int, _ end: Int) -> Bool {
        Scan.spokenAt.contains { $0.utf8CodeUnitCount == end - i && matches($0, at: i) }
    }

    private func isSpokenMark(_ i: Int, _ end: Int) -> Bool {
        isAt(i, end)
            || Scan.spokenMarks.contains {
                $0.utf8CodeUnitCount == end - i && matches($0, at: i)
            }
    }

    // Words, kept out of the functions so that no call builds a list.
    private static let repeaters: [StaticString] = ["double", "triple"]
    private static let spokenAt: [StaticString] = ["at", "arroba", "arobase", "chiocciola"]
    private static let spokenMarks: [StaticString] = [
        "dot", "punkt", "punto", "ponto", "underscore", "dash", "hyphen",
    ]
    private static let spokenTops: [StaticString] = [
        "com", "net", "org", "edu", "gov", "co", "io", "de", "fr", "es", "it", "nl", "uk", "pt",
        "pl", "se", "eu",
    ]
}
