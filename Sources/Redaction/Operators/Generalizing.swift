/// The operator `generalize`: a coarser value, or nil where none is known and a placeholder stands.
enum Generalizing {
    /// - Parameter oldestYear: the first year that may stay, nil where all may
    ///   (`Policy.oldestYear`).
    static func generalize(
        _ value: ArraySlice<UInt8>, _ type: EntityType, oldestYear: Int? = nil
    ) -> [UInt8]? {
        switch type {
        case .age: return age(value)
        case .dateTime, .dateOfBirth: return year(value, oldest: oldestYear)
        case .zipCode: return zip(value)
        case .ipAddress: return network(value)
        case .location, .streetAddress: return state(value)
        default: return nil
        }
    }

    /// Ages over 89 become one group (45 CFR 164.514(b)(2)(i)(C)); others stay.
    private static func age(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        guard let number = firstNumber(value, digits: 1...3) else { return nil }
        guard number.value > 89 else { return Array(value) }
        return value[..<number.range.lowerBound] + Array("90+".utf8)
            + value[number.range.upperBound...]
    }

    /// The year of a date, when it is written with four digits; a time has none. A year that shows
    /// an age over 89 goes like the age itself (45 CFR 164.514(b)(2)(i)(C)).
    private static func year(_ value: ArraySlice<UInt8>, oldest: Int?) -> [UInt8]? {
        guard let number = compactYear(value) ?? firstNumber(value, digits: 4...4),
            (1000...2199).contains(number.value),
            number.value >= oldest ?? 0
        else {
            return nil
        }
        return Array(value[number.range])
    }

    /// The year of 20120927 and 201209271300-0500, as HL7 writes dates.
    private static func compactYear(
        _ value: ArraySlice<UInt8>
    ) -> (value: Int, range: Range<Int>)? {
        guard let digits = firstNumber(value, digits: 6...14),
            digits.range.count.isMultiple(of: 2)
        else { return nil }
        let range = digits.range.lowerBound..<(digits.range.lowerBound + 4)
        let year = value[range].reduce(0) { $0 * 10 + $1.digitValue }
        let month = value[range.upperBound..<(range.upperBound + 2)]
            .reduce(0) { $0 * 10 + $1.digitValue }
        return (1800...2199).contains(year) && (1...12).contains(month) ? (year, range) : nil
    }

    /// The first three digits of a US ZIP code, 000 where few people live
    /// (45 CFR 164.514(b)(2)(i)(B)); other countries' codes have no rule.
    private static func zip(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = value.filter(\.isDigit)
        guard digits.count == 5 || digits.count == 9, !value.contains(where: \.isLetter) else {
            return nil
        }
        let prefix = digits.prefix(3).reduce(0) { $0 * 10 + $1.digitValue }
        return Array(
            (ZIP3.mayStay(prefix) ? String(decoding: digits.prefix(3), as: UTF8.self) : "000").utf8)
    }

    /// The state of the United States that a place is, or ends with behind a comma: what
    /// 45 CFR 164.514(b)(2)(i)(B) lets stand of an address.
    private static func state(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        var parts = value.split(separator: 0x2C).map { part in
            DateWord.split(part).filter { $0.kind == .letters }.map { Array($0.text) }
        }
        if let last = parts.last, last.count == 1, ["usa", "us"].contains(folded(last)) {
            parts.removeLast()
        }
        guard let words = parts.last, !words.isEmpty else { return nil }
        let isAlone = parts.count == 1
        let name = folded(words)
        // Two states are cities too.
        let isName =
            USStates.names[name] != nil
            && !(isAlone && ["new york", "washington"].contains(name))
        let isCode = words.count == 1 && USStates.set.contains(words[0])
        return isName || isCode ? Array(words.joined(separator: [0x20])) : nil
    }

    private static func folded(_ words: [[UInt8]]) -> String {
        String(decoding: words.joined(separator: [0x20]).map(\.lowered), as: UTF8.self)
    }

    /// The network of an IPv4 address: the last octet becomes 0.
    private static func network(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = value.split(separator: 0x2E)
        guard parts.count == 4 else { return nil }
        return Array(parts[0] + [0x2E] + parts[1] + [0x2E] + parts[2] + Array(".0".utf8))
    }

    private static func firstNumber(
        _ value: ArraySlice<UInt8>, digits: ClosedRange<Int>
    ) -> (value: Int, range: Range<Int>)? {
        var i = value.startIndex
        while i < value.endIndex {
            guard value[i].isDigit else {
                i += 1
                continue
            }
            var end = i
            while end < value.endIndex, value[end].isDigit { end += 1 }
            if digits.contains(end - i) {
                return (value[i..<end].reduce(0) { $0 * 10 + $1.digitValue }, i..<end)
            }
            i = end
        }
        return nil
    }
}

/// Three-digit ZIP prefixes.
enum ZIP3 {
    /// Prefixes whose area holds 20,000 people or fewer, so that 45 CFR 164.514(b)(2)(i)(B) turns
    /// them into 000: the union of the lists by the ZIP Code Tabulation Areas of the 2000 census
    /// (HHS, "Guidance Regarding Methods for De-identification of Protected Health Information",
    /// section on ZIP codes: 036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893)
    /// and of the 2020 census. The rule asks for current census data: the list grows old.
    static let sparse: Set<Int> = [
        36, 59, 63, 102, 202, 203, 204, 205, 369, 556, 692, 753, 772, 790, 821, 823, 830, 831, 878,
        879, 884, 890, 893,
    ]

    /// Prefixes that the Postal Service has given to no place (gaps in its list of three-digit
    /// prefixes, Domestic Mail Manual, labeling list L002): whatever stands behind one, nobody knows
    /// how many people live there. A gap that was filled since only costs three digits.
    static let unassigned: Set<Int> = Set(0...4).union([
        213, 269, 343, 345, 348, 353, 419, 428, 429, 517, 518, 519, 529, 533, 536, 552, 568, 578,
        579, 589, 621, 632, 642, 643, 659, 663, 682, 694, 695, 696, 697, 698, 699, 702, 709, 715,
        732, 742, 771, 817, 818, 819, 839, 848, 849, 854, 858, 861, 862, 866, 867, 868, 869, 876,
        886, 887, 888, 892, 896, 899, 909, 929, 987,
    ])

    /// Whether the three digits may stand in de-identified data.
    static func mayStay(_ prefix: Int) -> Bool {
        (0...999).contains(prefix) && !sparse.contains(prefix) && !unassigned.contains(prefix)
    }
}
