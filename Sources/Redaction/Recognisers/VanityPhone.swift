/// North American toll-free numbers whose digits are spelt: 1-800-FLOWERS, (888) GO-PIZZA.
extension Scan {
    /// A spelt number that begins with the digits at `p`.
    mutating func vanityPhone(_ p: Int) -> Bool {
        var i = p
        if at(i) == 0x31, Self.isVanityMark(at(i + 1)) { i += 2 }
        var start = p
        if at(i) == 0x28 { i += 1 } else if at(p - 1) == 0x28 { start = p - 1 }
        // The toll-free area codes: 800, 833, 844, 855, 866, 877, 888.
        guard opens(start), at(i) == 0x38, at(i + 1).isDigit, at(i + 2).isDigit,
            at(i + 1) == at(i + 2), [0, 3, 4, 5, 6, 7, 8].contains(at(i + 1) &- 48)
        else { return false }
        i += 3
        if at(i) == 0x29 { i += 1 }
        guard Self.isVanityMark(at(i)) else { return false }
        // "1 800 REASONS": between blanks it takes a word such as "call".
        let isLoose = at(i) == 0x20 && at(i - 1) != 0x29
        i += 1
        // Seven places and some more that the exchange ignores, one hyphen between them.
        var places = 0
        var letters = 0
        var end = i
        var hasHyphen = false
        while places < 12 {
            let byte = at(i)
            if byte.isUpper || byte.isDigit {
                places += 1
                letters += byte.isUpper ? 1 : 0
                i += 1
                end = i
            } else if byte == 0x2D, !hasHyphen, places > 0 {
                hasHyphen = true
                i += 1
            } else {
                break
            }
        }
        guard places >= 7, letters >= 3, closes(end), !isLoose || near(.phone, start, end) else {
            return false
        }
        claim(.phoneNumber, start, end, 0.85, .none)
        return true
    }

    private static func isVanityMark(_ byte: UInt8) -> Bool {
        byte == 0x2D || byte == 0x20 || byte == 0x2E
    }
}
