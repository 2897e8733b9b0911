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
        guard let number = firstNumber(value, digits: 4...4), (1000...2199).contains(number.value),
            number.value >= oldest ?? 0
        else {
            return nil
        }
        return Array(value[number.range])
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

    /// Whether the three digits may stand in de-identified data. The lowest ZIP code begins with 005.
    static func mayStay(_ prefix: Int) -> Bool {
        (5...999).contains(prefix) && !sparse.contains(prefix)
    }
}
