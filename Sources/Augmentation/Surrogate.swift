internal import Records

/// Made-up values for placeholders. Types that are not here stay placeholders: an invented card or
/// identity number could be somebody's.
enum Surrogate {
    /// A fresh value of the type; nil when the placeholder shall stay.
    static func value(_ type: String, _ random: inout SeededRandom) -> String? {
        func pick(_ values: [String]) -> String {
            values[Int.random(in: values.indices, using: &random)]
        }
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        switch type {
        case "PERSON": return "\(pick(givenNames)) \(pick(surnames))"
        case "LOCATION": return pick(towns)
        case "ORGANIZATION":
            return "\(pick(surnames)) \(pick(["Group", "Partners", "Ltd", "Services", "& Sons"]))"
        case "STREET_ADDRESS":
            return
                "\(number(1...99)) \(pick(streets)) \(pick(["Street", "Road", "Lane", "Avenue"]))"
        case "NRP": return pick(["European", "African", "Asian", "American"])
        // Set aside for fiction (North American Numbering Plan, 555-0100 to 555-0199).
        case "PHONE_NUMBER": return "555-01\(number(10...99))"
        // RFC 2606 §3 and RFC 5737 §3: never anybody's.
        case "EMAIL_ADDRESS": return "\(pick(givenNames).lowercased())\(number(1...99))@example.com"
        case "URL": return "https://www.example.org/\(number(1...999))"
        case "IP_ADDRESS": return "192.0.2.\(number(1...254))"
        case "USERNAME": return "user\(number(100...999))"
        case "AGE": return "\(number(20...80))"
        case "DATE_TIME":
            return
                "\(number(1...28)) \(pick(["January", "March", "May", "July", "October"])) \(number(2001...2024))"
        default: return nil
        }
    }

    private static let givenNames = [
        "Alex", "Sam", "Robin", "Kim", "Noa", "Mika", "Sasha", "Charlie", "Jamie", "Luca", "Andrea",
        "Maria", "Elena", "Nadia", "Ivana", "Priya", "Mei", "Yuki", "Amina", "Fatou", "Lena",
        "Ingrid",
        "Omar", "Tariq", "Diego", "Mateo", "Jonas", "Pavel", "Kofi", "Arjun", "Hiro", "Viktor",
    ]
    private static let surnames = [
        "Miller", "Carter", "Bennett", "Fischer", "Keller", "Novak", "Kowalski", "Horvat", "Petrov",
        "Lindgren", "Hansen", "Virtanen", "Bakker", "Dubois", "Moreau", "Rossi", "Greco", "Silva",
        "Costa", "Navarro", "Ortega", "Demir", "Haddad", "Okafor", "Mensah", "Sharma", "Patel",
        "Tanaka", "Nguyen", "Chen", "Park", "Reyes",
    ]
    private static let towns = [
        "Springfield", "Riverton", "Oakdale", "Milbrook", "Ashford", "Lindau", "Altstadt",
        "Nordhafen", "Villeneuve", "Montclair", "Puerto Nuevo", "Santa Rita", "Castelnuovo",
        "Novigrad", "Westerhuis", "Kirkeby",
    ]
    private static let streets = [
        "Maple", "Mill", "Station", "Garden", "Church", "Harbour", "Linden", "Orchard", "Meadow",
        "Chapel", "Bridge", "Forest",
    ]
}
