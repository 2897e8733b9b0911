import FoundationEssentials
import Redaction

/// Fills slots with values: names of people, places and firms, numbers.
struct SlotFiller {
    static let slots: Set<String> = [
        "n", "f", "l", "lf", "c", "co", "st", "loc", "a", "am", "s", "sn", "zip", "o", "nrp",
        "nrps",
        "age", "d", "y", "mr", "i", "ph", "em", "num", "card", "iban", "money", "url", "ip", "ord",
        "x", "fw", "w", "W", "title", "brand", "tech", "med", "time", "prod", "job", "wd", "mon",
        "user",
        "plate", "xf", "xl", "xc", "xco", "ny", "model",
        "work", "team", "dish", "eponym", "law", "soft", "drug", "device", "goods", "adjective",
        "object", "heaven", "calendarthing", "sci", "appliance",
    ]

    var random: GeneratorRandom
    let lists: WordLists
    let given: WordLists.Table
    let surnames: WordLists.Table
    let cities: WordLists.Table
    let streets: WordLists.Table
    let companies: [String]
    let english: [Int]
    let allWords: [String]
    /// The language that most values are taken from, such as `de`; nil for all of them.
    var home: String?

    init(_ lists: WordLists, _ part: WordLists.Part, seed: UInt64) {
        random = GeneratorRandom(seed: seed)
        self.lists = lists
        given = WordLists.part(lists.givenNames, part)
        surnames = WordLists.part(lists.surnames, part)
        cities = WordLists.part(lists.cities, part)
        streets = WordLists.part(lists.streets, part)
        companies = lists.companies.filter { WordLists.isHeldOut($0) == (part == .heldOut) }
        let names = given
        english = names.indices.filter { names[$0].key.hasPrefix("en") }
        allWords = lists.words.prefix(3).flatMap(\.values)
    }

    /// The pieces that a slot becomes.
    mutating func fill(_ slot: String) -> [Piece] {
        switch slot {
        case "n": [Piece(fullName(), .person)]
        case "f": [Piece(givenName(), .person)]
        case "l": [Piece(surname(), .person)]
        case "lf":
            [
                Piece(
                    "\(surname()), \(givenName())\(random.chance(25) ? " \(initial())." : "")",
                    .person)
            ]
        case "c": [Piece(city(), .location)]
        case "co": [Piece(country(), .location)]
        case "st": [Piece(state(), .location)]
        case "loc": place()
        case "a": [Piece(address(lines: false), .address)]
        case "am": [Piece(address(lines: true), .address)]
        case "s": [Piece(streetWithNumber(), .address)]
        case "sn": [Piece(streetName().name, .address)]
        case "x": [Piece(crossing(), .address)]
        case "zip": [Piece(postcode(), .address)]
        case "o": [Piece(organization(), .organization)]
        case "nrp": [Piece(group(), .group)]
        case "nrps": [Piece(random.pick(lists.groups).many, .group)]
        case "age":
            [Piece("\(random.chance(90) ? random.within(16...95) : random.within(1...105))", .age)]
        case "d": [Piece(date(), .date)]
        case "y": [Piece("\(random.within(1945...2029))", .date)]
        // Names that are no entities where they stand: eponyms, titles, teams, years of events.
        case "xf": [Piece(givenName())]
        case "xl": [Piece(surname())]
        case "xc": [Piece(city())]
        case "xco": [Piece(random.pick(lists.groups).one)]
        case "ny": [Piece("\(random.within(1200...2029))")]
        case "model": [Piece(model())]
        case "prod": [Piece(random.chance(60) ? random.pick(lists.products) : productTitle())]
        case "job": [Piece(random.pick(lists.roles))]
        case "fw": [Piece(foreignWords())]
        case "w": [Piece(word())]
        case "W": [Piece(word().capitalized)]
        case "title": [Piece(productTitle())]
        case "brand": [Piece(random.pick(lists.goods[0].values))]
        case "med": [Piece(random.pick(lists.goods[2].values))]
        case "tech": [Piece(random.pick(lists.goods[1].values))]
        case "mr":
            [
                Piece(
                    random.pick([
                        "Mr.", "Mrs.", "Ms.", "Mr", "Mrs", "Ms", "Dr.", "Dr", "Miss", "Prof.",
                        "Herr", "Frau", "Mme", "M.", "Sr.", "Sra.", "Sir", "Mevrouw", "Pani",
                        "Sig.",
                    ]))
            ]
        default: [Piece(thing(slot) ?? number(slot))]
        }
    }
}
