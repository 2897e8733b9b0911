import FoundationEssentials

/// Values of the language that a text is written in.
extension SlotFiller {
    /// A country's name in the language of the text.
    mutating func country() -> String {
        if let own = facts("co"), random.chance(70) { return random.pick(own) }
        return random.pick(lists.countries)
    }

    /// A word for a nationality, religion or party in the language of the text.
    mutating func group() -> String {
        if let own = facts("nrp"), random.chance(85) { return random.pick(own) }
        return random.pick(lists.groups).one
    }

    /// A firm or office of the language's own kind; nil for English and by chance.
    mutating func foreignOrganization() -> String? {
        guard let own = facts("o"), random.chance(75) else { return nil }
        let pattern = random.pick(own)
        return pattern.split(separator: " ").map { word -> String in
            switch word {
            case "N": random.chance(75) ? surname() : titleWord()
            case "C": city()
            default: String(word)
            }
        }.joined(separator: " ")
    }

    /// A small word before a surname: "van den", "du".
    mutating func particle() -> String? {
        guard let own = facts("p"), !own.isEmpty, random.chance(14) else { return nil }
        return random.pick(own)
    }

    /// A street by the first words that are usual in the language: "An der Mühle".
    mutating func foreignStreet() -> String? {
        guard let own = facts("s"), random.chance(35) else { return nil }
        let start = random.pick(own)
        let name =
            switch random.below(4) {
            case 0: surname()
            case 1: city()
            case 2: fullName()
            default: titleWord()
            }
        return "\(start) \(name)"
    }

    /// A common English surname, many of them words: "Young", "King".
    mutating func commonSurname() -> String {
        random.pick(lists.facts["en.names"] ?? ["Smith"])
    }

    /// "Kestrel Robotics", "Larkspur Hotels": any word and a trade.
    mutating func tradeName() -> String {
        let trade = random.pick(lists.facts["en.trades"] ?? ["Group"])
        let head =
            switch random.below(5) {
            case 0: surname()
            case 1: city()
            case 2: "\(titleWord()) \(titleWord())"
            default: titleWord()
            }
        return "\(head) \(trade)"
    }

    private func facts(_ kind: String) -> [String]? {
        guard let home else { return nil }
        return lists.facts["\(home).\(kind)"]
    }

    private mutating func titleWord() -> String {
        if let home, let row = lists.foreign.last(where: { $0.key.hasPrefix(home) }) {
            return random.pick(row.values).capitalized
        }
        return word().capitalized
    }
}
