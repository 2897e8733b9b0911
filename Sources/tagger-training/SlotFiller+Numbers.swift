import FoundationEssentials

extension SlotFiller {
    private mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in String(random.below(10)) }.joined()
    }

    private mutating func grouped(_ groups: [Int], _ separator: String) -> String {
        groups.map { digits($0) }.joined(separator: separator)
    }

    /// An ordinary word; the most common ones most often.
    mutating func word() -> String {
        random.pick(lists.words[random.pick([0, 0, 1, 2, 2, 3, 4])].values)
    }

    /// A few words of one other language, as a sentence would begin or go on.
    mutating func foreignWords() -> String {
        var words = random.pick(lists.foreign).values
        if let home, let row = lists.foreign.last(where: { $0.key.hasPrefix(home) }) {
            words = row.values
        }
        let text = (0..<random.within(2...8)).map { _ in random.pick(words) }.joined(separator: " ")
        return random.chance(60) ? text.prefix(1).uppercased() + text.dropFirst() : text
    }

    /// A capitalised product name of ordinary words, which is no entity.
    mutating func productTitle() -> String {
        (0..<random.within(1...4)).map { _ in random.pick(allWords).capitalized }.joined(
            separator: " ")
    }

    private static let months: [String: [String]] = [
        "de": ["Januar", "März", "Mai", "Juli", "Oktober", "Dezember"],
        "fr": ["janvier", "février", "mars", "mai", "août", "décembre"],
        "es": ["enero", "marzo", "mayo", "junio", "septiembre", "octubre"],
        "it": ["gennaio", "marzo", "maggio", "luglio", "settembre", "dicembre"],
        "nl": ["januari", "maart", "mei", "juli", "augustus", "oktober"],
        "pt": ["janeiro", "março", "maio", "julho", "setembro", "dezembro"],
        "pl": ["stycznia", "marca", "maja", "lipca", "września", "grudnia"],
        "sv": ["januari", "mars", "maj", "juli", "augusti", "oktober"],
    ]

    /// A date as another language writes it.
    private mutating func date(in language: String) -> String {
        let name = random.pick(Self.months[language] ?? ["May"])
        let (day, month, year) = (
            random.within(1...28), random.within(1...12), random.within(1940...2030)
        )
        let mark = random.pick([".", "/", "-"])
        let padded = "\(day < 10 ? "0" : "")\(day)\(mark)\(month < 10 ? "0" : "")\(month)\(mark)"
        let link = ["es", "pt"].contains(language) ? " de " : (language == "de" ? ". " : " ")
        switch random.below(6) {
        case 0, 1: return "\(padded)\(year)"
        case 2: return "\(day)\(mark)\(month)\(mark)\(year % 100)"
        case 3: return "\(day)\(link)\(name)"
        case 4: return "\(name) \(year)"
        default:
            return "\(day)\(link)\(name)\(["es", "pt"].contains(language) ? " de" : "") \(year)"
        }
    }

    /// A model, part or article number such as `WH-1000XM4`, `X200` or `7L6Z-1007`.
    mutating func model() -> String {
        let letters = (0..<random.within(1...3)).map { _ in initial() }.joined()
        switch random.below(7) {
        case 0: return "\(letters)\(digits(random.within(1...4)))"
        case 1:
            return "\(letters)-\(digits(random.within(2...4)))\(initial())\(initial())\(digits(1))"
        case 2: return "\(digits(1))\(letters)\(digits(1))-\(digits(4))-\(initial())\(initial())"
        case 3: return "\(word().capitalized) \(digits(random.within(1...4)))"
        case 4:
            return "\(digits(random.within(2...4)))-\(letters)-\(random.pick(["XL", "RED", "S"]))"
        case 5: return "\(word().capitalized) \(letters)\(digits(2))"
        default: return "\(digits(random.within(2...4)))\(initial())"
        }
    }

    mutating func date() -> String {
        if let home, random.chance(80) { return date(in: home) }
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
        let (day, month, year) = (
            random.within(1...28), random.within(1...12), random.within(1940...2030)
        )
        let name = random.chance(70) ? months[month - 1] : String(months[month - 1].prefix(3))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        switch random.below(9) {
        case 0: return "\(year)-\(two(month))-\(two(day))"
        case 1: return "\(two(month))/\(two(day))/\(year)"
        case 2: return "\(two(day)).\(two(month)).\(year)"
        case 3: return "\(name) \(day), \(year)"
        case 4: return "\(day) \(name) \(year)"
        case 5: return "\(name) \(day)"
        case 6: return "\(month)/\(day)/\(two(year % 100))"
        case 7:
            return "\(day)\(day == 1 ? "st" : day == 2 ? "nd" : day == 3 ? "rd" : "th") of \(name)"
        default: return "\(name) \(year)"
        }
    }

    /// The slots that scanners, not the tagger, are to find.
    mutating func number(_ slot: String) -> String {
        switch slot {
        case "i": return initial() + "."
        case "ph":
            return random.pick([
                grouped([3, 3, 4], "-"), "(\(digits(3))) \(grouped([3, 4], "-"))",
                "+\(random.within(1...99)) \(grouped([3, 3, 4], " "))",
                grouped([2, 2, 2, 2, 2], "."), "0\(grouped([3, 7], " "))", grouped([3, 3, 3], " "),
                digits(10), grouped([4, 4], " "),
                "\(grouped([3, 3, 4], "."))x\(digits(3))", "+1-\(grouped([3, 3, 4], "-"))",
            ])
        case "em":
            return
                "\(givenName()).\(surname())@\(random.pick(["example.com", "mail.net", "post.org"]))"
                .lowercased().replacing(" ", with: "")
        case "num":
            return random.chance(70) ? "\(random.within(1...99))" : digits(random.within(3...8))
        case "card":
            return random.pick([
                digits(16), grouped([4, 4, 4, 4], " "), grouped([4, 4, 4, 4], "-"), digits(14),
                digits(12), digits(19),
            ])
        case "iban":
            return random.pick(["DE", "GB", "FR", "NL", "ES"]) + digits(2)
                + random.pick([
                    digits(18), "ABCD" + digits(14), " " + grouped([4, 4, 4, 4, 2], " "),
                ])
        case "money":
            if random.chance(30) {
                return
                    "\(random.within(1...999))\(random.pick(["", ",\(digits(2))", ".\(digits(2))"]))"
                    + random.pick([" EUR", " €", "€", " USD", " zł", " kr", " CHF", " euros"])
            }
            return random.pick(["$", "€", "£", "USD ", "EUR "])
                + random.pick([
                    "\(random.within(1...999))", "\(random.within(1...99)).\(digits(2))",
                    "\(random.within(1...9)),\(digits(3))",
                    "\(random.within(1...9)),\(digits(3)).\(digits(2))",
                    "\(random.within(1...9)).\(digits(3)),\(digits(2))",
                ])
        case "url":
            return
                "https://\(random.pick(["www.", "", "shop."]))\(random.pick(allWords))\(random.pick([".com", ".org/", ".net/\(random.pick(allWords))"]))"
        case "ip": return (0..<4).map { _ in String(random.below(256)) }.joined(separator: ".")
        case "ord":
            return random.pick([
                "#\(digits(6))", digits(8), "ORD-\(digits(5))",
                "\(initial())\(initial())\(digits(6))", "\(digits(3))-\(digits(7))",
            ])
        case "time":
            return random.pick([
                "\(random.within(1...12)):\(random.within(10...59))", "\(random.within(1...12)) pm",
                "\(random.within(1...12))am", "noon",
                "\(random.within(13...23)):\(random.within(10...59))",
            ])
        case "wd":
            return random.pick([
                "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
            ])
        case "mon":
            return random.pick([
                "January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December",
            ])
        case "user": return random.pick(allWords) + digits(random.within(0...3))
        default: return "\(initial())\(initial())-\(digits(3)) \(initial())\(initial())"
        }
    }
}
