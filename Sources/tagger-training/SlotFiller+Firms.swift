import FoundationEssentials

extension SlotFiller {
    private mutating func part(_ key: String) -> String {
        random.pick(lists.brands[key] ?? ["Acme"])
    }

    /// An invented brand such as Nova + metrics.
    private mutating func brand() -> String {
        let start = part("starts")
        switch random.below(8) {
        case 0: return start + part("starts")
        case 1: return start + part("ends").capitalized
        case 2: return "\(start) \(part("starts"))"
        case 3: return surname() + part("ends")
        case 4:
            return "\(start)\(part("ends")).\(random.pick(["com", "io", "org", "net", "co", "ai"]))"
        case 5: return "\(start) \(part("tails"))"
        default: return start + part("ends")
        }
    }

    private mutating func form(_ name: String) -> String {
        "\(name)\(random.pick([" ", " ", " ", ", "]))\(part("forms"))"
    }

    /// A firm, hospital, school, office or club.
    mutating func organization() -> String {
        if let own = foreignOrganization() { return own }
        if random.chance(18) { return tradeName() }
        switch random.below(24) {
        case 0..<5: return random.pick(companies)
        case 5..<8: return brand()
        case 8: return form(brand())
        case 9: return form(surname())
        case 10: return "\(surname())\(random.pick([" & ", " and "]))\(surname())"
        case 11: return "\(surname()), \(surname()) and \(surname())"
        case 12: return "\(surname())-\(surname())"
        case 13:
            return form(
                "\(surname()) \(random.pick(["&", "and"])) \(random.pick(["Sons", "Co", "Partners", "Daughters", surname()]))"
            )
        case 14: return "\(part("words")) \(part("tails"))"
        case 15:
            return
                "\(random.chance(30) ? "The " : "")\(part("words")) \(part("words")) \(part("tails"))"
        case 16: return "\(random.chance(30) ? "The " : "")\(surname()) \(part("tails"))"
        case 17: return "\(random.chance(70) ? city() : part("saints")) \(part("health"))"
        case 18:
            return random.chance(50)
                ? "\(random.pick(["University", "Bank", "Museum", "College", "City", "Port", "Archdiocese"])) of \(city())"
                : "\(random.chance(60) ? city() : surname()) \(part("schools"))"
        case 19: return "\(city()) \(part("public"))"
        case 20: return form("\(part("words")) \(part("words"))")
        case 21:
            return
                "\(givenName())'s \(random.pick(["Kitchen", "Bakery", "Garage", "Diner", "Pharmacy", "Books", "Salon", "Pizza"]))"
        case 22: return "\(part("words")) \(part("tails")) of \(random.pick(lists.countries))"
        default:
            let letters = (0..<random.within(2...4)).map { _ in initial() }.joined()
            return random.chance(60) ? letters : "\(letters) \(part("tails"))"
        }
    }
}
