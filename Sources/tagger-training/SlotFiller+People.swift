extension SlotFiller {
    /// The place of a locale in `given`: a third of the time an English one.
    mutating func locale() -> Int {
        if let home, random.chance(75) {
            let rows = given.indices.filter { given[$0].key.hasPrefix(home) }
            if !rows.isEmpty { return random.pick(rows) }
        }
        return anyLocale()
    }

    private mutating func anyLocale() -> Int {
        random.chance(33) ? random.pick(english) : random.below(given.count)
    }

    mutating func givenName() -> String { random.pick(given[locale()].values) }

    mutating func surname(like locale: String? = nil) -> String {
        if locale == nil, let home, random.chance(75) {
            let rows = surnames.indices.filter { surnames[$0].key.hasPrefix(home) }
            if !rows.isEmpty { return random.pick(surnames[random.pick(rows)].values) }
        }
        let same = surnames.firstIndex { $0.key == locale } ?? -1
        let row = same >= 0 && random.chance(85) ? same : random.below(surnames.count)
        return random.pick(surnames[row].values)
    }

    mutating func initial() -> String { String(random.pick(Array("ABCDEFGHIJKLMNOPRSTVWZ"))) }

    /// A full name in one of the forms that people write.
    mutating func fullName() -> String {
        let row = locale()
        let first = random.pick(given[row].values)
        var last = surname(like: given[row].key)
        if given[row].key.hasPrefix("en"), random.chance(25) { last = commonSurname() }
        if let small = particle() { last = "\(small) \(last)" }
        switch random.below(100) {
        case 0..<62: return "\(first) \(last)"
        case 62..<68: return "\(first) \(initial()). \(last)"
        case 68..<73: return "\(first) \(initial()) \(last)"
        case 73..<78: return "\(first) \(random.pick(given[row].values)) \(last)"
        case 78..<81: return "\(first) \(last)-\(surname(like: given[row].key))"
        case 81..<85: return "\(initial()). \(last)"
        case 85..<86: return "\(initial()).\(initial()). \(last)"
        case 86..<90: return "\(first) \(last) \(surname(like: given[row].key))"
        case 90..<92:
            return
                "\(first) \(random.pick(["van", "de", "von", "van der", "da", "del", "di", "bin", "al", "O'", "Mc", "Mac", "St.", "le", "dos"])) \(last)"
        case 92..<94:
            return
                "\(first) \(last) \(random.pick(["Jr.", "Jr", "Sr.", "II", "III", "MD", "M.D.", "DDS", "PhD", "Ph.D.", "DVM", "RN", "Esq.", "CPA"]))"
        case 94..<95: return "\(first)-\(random.pick(given[row].values)) \(last)"
        case 95..<97: return "\(first) \(initial())."
        case 97..<98: return "\(last) \(first)"
        default: return first
        }
    }
}
