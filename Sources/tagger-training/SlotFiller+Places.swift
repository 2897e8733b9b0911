import Redaction

extension SlotFiller {
    /// The countries in which a language is at home.
    private static let countries: [String: [String]] = [
        "de": ["DE", "AT", "CH"], "fr": ["FR", "BE", "CH"], "es": ["ES", "MX", "AR", "CO"],
        "it": ["IT"], "nl": ["NL", "BE"], "pt": ["PT", "BR"], "pl": ["PL"],
        "sv": ["SE", "DK", "NO"],
    ]

    mutating func city() -> String {
        if let home, let codes = Self.countries[home], random.chance(75) {
            let code = random.pick(codes)
            if let row = cities.first(where: { $0.key == code }) { return random.pick(row.values) }
        }
        return anyCity()
    }

    private mutating func anyCity() -> String {
        if random.chance(20) {
            return random.pick(cities.first { $0.key == "US" }?.values ?? ["Boston"])
        }
        return random.pick(cities[random.below(cities.count)].values)
    }

    mutating func state() -> String {
        random.chance(60)
            ? random.pick(lists.states[0].values) : random.pick(lists.places[1].values)
    }

    /// Any place, as one to three pieces.
    mutating func place() -> [Piece] {
        switch random.below(10) {
        case 0..<4: [Piece(city(), .location)]
        case 4..<6: [Piece(random.pick(lists.countries), .location)]
        case 6: [Piece(state(), .location)]
        case 7:
            [Piece(city(), .location), Piece(", "), Piece(random.pick(lists.countries), .location)]
        case 8:
            [
                Piece(city(), .location), Piece(", "),
                Piece(random.chance(50) ? state() : random.pick(lists.states[1].values), .location),
            ]
        default: [Piece(random.pick(lists.places[2].values), .location)]
        }
    }

    /// A street's name, and whether its number stands before it.
    mutating func streetName() -> (name: String, numberFirst: Bool) {
        if let own = foreignStreet() { return (own, home == "fr") }
        if let home, random.chance(70) {
            let rows = streets.filter { $0.key.hasPrefix(home) }
            if !rows.isEmpty {
                return (random.pick(random.pick(rows).values), home == "fr")
            }
        }
        return anyStreetName()
    }

    private mutating func anyStreetName() -> (name: String, numberFirst: Bool) {
        switch random.below(10) {
        case 0..<4:
            let row = streets[random.below(streets.count)]
            let first =
                row.key.hasPrefix("en") || row.key.hasPrefix("fr") || row.key.hasPrefix("fil")
            return (random.pick(row.values), random.chance(92) ? first : !first)
        case 4..<8:
            let types = [
                "Street", "St", "St.", "Road", "Rd", "Rd.", "Avenue", "Ave", "Ave.", "Lane", "Ln",
                "Drive", "Dr",
                "Court", "Ct", "Boulevard", "Blvd", "Way", "Place", "Pl", "Square", "Sq", "Terrace",
                "Crescent",
                "Close", "Parkway", "Trail", "Row", "Walk", "Mews", "Grove", "Gardens", "Hill",
                "Park", "Heights", "Circle", "Green", "Rise",
            ]
            let trees = [
                "Oak", "Maple", "Elm", "Cedar", "Pine", "Willow", "Park", "Church", "High", "Main",
                "Station", "Mill", "School", "River", "Lake",
                "Hill", "Sunset", "Washington", "Lincoln", "Victoria", "King", "Queen", "London",
                "North", "South", "West", "East", "2nd", "3rd", "5th", "42nd", "Old Mill", "Green",
                "Spring",
            ]
            let name: String =
                switch random.below(4) {
                case 0: random.pick(trees)
                case 1: city()
                case 2: givenName()
                default: surname()
                }
            let direction =
                random.chance(10) ? random.pick(["North ", "N ", "W. ", "East ", "SW "]) : ""
            return (direction + name + " " + random.pick(types), true)
        case 8:
            let ends = [
                "gatan", "vägen", "vej", "gade", "veien", "gata", "straat", "laan", "weg", "straße",
                "strasse", "gasse", "allee", "platz", "katu", "tie", "polku", "gränd", "stræde",
                "plein", "singel", "kade", "ring", "ufer", "damm", "torg", "bakken", "stien",
                "kuja",
            ]
            let stem =
                random.chance(50)
                ? surname()
                : random.pick([
                    "Berg", "Skov", "Kirke", "Stor", "Ny", "Strand", "Park", "Linden", "Bahnhof",
                    "Haupt", "Schul", "Garten", "Kirchen", "Dorp", "Molen", "Wilhelmina", "Kungs",
                    "Drottning", "Väst", "Öst", "Norr", "Syd", "Åker", "Björk", "Ek", "Koivu",
                    "Kauppa", "Mänty", "Järven", "Mozart", "Goethe", "Beethoven", "Rosen",
                ])
            return (stem + random.pick(ends), false)
        default:
            let starts = [
                "Rue de", "Rue du", "Avenue de", "Boulevard", "Calle", "Calle de", "Avenida", "Av.",
                "Plaza", "Paseo de", "Via", "Viale", "Piazza", "Corso", "Rua", "Rua da", "Travessa",
                "Praça", "ul.", "ulica", "al.", "os.", "Strada", "Str.", "Jalan", "Jl.", "C/",
                "Ctra.", "Carrer de", "Place", "Chemin de", "Quai", "Alameda", "R", "R.",
            ]
            let name = random.chance(50) ? fullName() : (random.chance(50) ? surname() : city())
            return ("\(random.pick(starts)) \(name)", random.chance(25))
        }
    }

    mutating func houseNumber() -> String {
        let number = random.chance(75) ? random.within(1...199) : random.within(200...9999)
        switch random.below(20) {
        case 0: return "\(number)\(random.pick(["a", "b", "c", "A", "B", "C", "D"]))"
        case 1: return "\(number)/\(random.within(1...40))"
        case 2: return "\(number)-\(number + 2)"
        case 3: return "\(random.within(1...60)) \(number)"
        default: return "\(number)"
        }
    }

    mutating func streetWithNumber() -> String {
        let street = streetName()
        let number = houseNumber()
        if street.numberFirst { return "\(number) \(street.name)" }
        return street.name + random.pick([" ", " ", " ", ", ", " nº ", " No. "]) + number
    }

    /// Two streets that meet.
    mutating func crossing() -> String {
        let one = random.chance(60) ? streetWithNumber() : streetName().name
        let two = random.chance(35) ? streetWithNumber() : streetName().name
        let start =
            random.chance(70)
            ? random.pick([
                "the corner of ", "the crossing of ", "the intersection of ", "corner of ",
                "The corner of ",
            ]) : ""
        return "\(start)\(one) \(random.pick(["and", "and", "and", "&", "/", "at"])) \(two)"
    }

    mutating func postcode() -> String {
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in String(random.below(10)) }.joined()
        }
        func letters(_ count: Int) -> String { (0..<count).map { _ in initial() }.joined() }
        switch random.below(12) {
        case 0..<5: return digits(5)
        case 5: return "\(digits(5))-\(digits(4))"
        case 6:
            return
                "\(letters(random.within(1...2)))\(random.within(1...19)) \(random.below(10))\(letters(2))"
        case 7: return "\(digits(4)) \(letters(2))"
        case 8: return digits(4)
        case 9: return random.pick(["\(digits(3)) \(digits(2))", "\(digits(2))-\(digits(3))"])
        case 10:
            return random.pick([
                "\(digits(5))-\(digits(3))", "D-\(digits(5))",
                "\(letters(1))\(random.below(10))\(letters(1)) \(random.below(10))\(letters(1))\(random.below(10))",
            ])
        default: return digits(random.chance(40) ? 3 : 6)
        }
    }

    private mutating func unit() -> String {
        "\(random.pick(["Apt", "Apt.", "Apartment", "Suite", "Ste", "Unit", "Flat", "Floor", "#", "Room", "Bldg", "Apartado", "Piso", "lok.", "m.", "dept"])) \(random.within(1...999))"
    }

    /// A postal address; military and box forms among them.
    mutating func address(lines: Bool) -> String {
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in String(random.below(10)) }.joined()
        }
        let indent = lines && random.chance(40) ? " " : ""
        let gap = lines ? "\n\(indent)" : (random.chance(88) ? ", " : " ")
        if random.chance(5) {
            let region = random.pick(["AA", "AE", "AP"])
            let end = "\(random.pick(["APO", "FPO", "DPO"])) \(region) \(digits(5))"
            return random.pick([
                "Unit \(digits(4)) Box \(digits(4))", "PSC \(digits(4)), Box \(digits(4))",
                "\(random.pick(["USS", "USNS", "USCGC", "USNV"])) \(surname())",
                "PSC \(digits(2)) Box \(digits(3))",
            ]) + gap + end
        }
        var town = city()
        if random.chance(lines ? 25 : 8) { town = town.uppercased() }
        var head =
            random.chance(6)
            ? "\(random.pick(["P.O. Box", "PO Box", "Post Office Box", "Postfach", "Apartado"])) \(random.within(1...9999))"
            : streetWithNumber()
        if random.chance(22) { head += random.pick([gap, " ", ", "]) + unit() }
        if random.chance(4) { head = "\(unit()), \(head)" }
        let country = random.pick(lists.countries)
        let code = postcode()
        switch random.below(12) {
        case 0..<2: return head + gap + town
        case 2..<4:
            return head + gap + "\(town), \(random.pick(lists.states[1].values)) \(digits(5))"
        case 4: return head + gap + "\(town) \(code)"
        case 5: return head + gap + "\(code) \(town)"
        case 6: return head + gap + "\(code) \(town)" + gap + country
        case 7: return head + gap + town + gap + country
        case 8:
            return head + gap + town + gap + country + (random.chance(50) ? " \(code)" : gap + code)
        case 9: return head + gap + "\(town), \(state())" + (random.chance(50) ? " \(code)" : "")
        case 10: return head + gap + "\(town), \(state())" + gap + country
        default: return lines ? head + gap + "\(town) \(code)" + gap + country : head
        }
    }
}
