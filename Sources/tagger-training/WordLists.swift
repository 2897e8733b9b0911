import FoundationEssentials
import Redaction

/// The lists of `Data`, split into those that are trained on and those that are held out.
struct WordLists {
    /// Values by key, such as a locale.
    typealias Table = [(key: String, values: [String])]

    let givenNames: Table
    let surnames: Table
    let cities: Table
    let streets: Table
    let states: Table
    let places: Table
    let countries: [String]
    let groups: [(one: String, many: String)]
    let companies: [String]
    let brands: [String: [String]]
    let roles: [String]
    let products: [String]
    let cues: Table
    let words: Table
    let goods: Table
    let foreign: Table
    /// Facts by language, such as `de.co`; see `Data/foreign-facts.txt`.
    let facts: [String: [String]]
    /// Well-known things by kind, or language and kind; see `Data/things.txt`.
    let things: [String: [String]]
    let folder: String

    /// Which part of the names a generator may use.
    enum Part { case training, heldOut }

    init(folder: String) throws {
        self.folder = folder
        func table(_ name: String) throws -> Table {
            try Self.lines("\(folder)/\(name)").compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let values = line[line.index(after: colon)...].split(separator: ",")
                return (String(line[..<colon]), values.map(String.init))
            }
        }
        givenNames = try table("first-names.txt")
        surnames = try table("surnames.txt")
        cities = try table("cities.txt")
        streets = try table("streets.txt")
        states = try table("states.txt")
        places = try table("places-extra.txt")
        countries = try table("countries.txt")[0].values + places[0].values
        groups = try Self.lines("\(folder)/groups.txt").joined().split(separator: ";").compactMap {
            let parts = $0.split(separator: ",")
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        companies = try Self.lines("\(folder)/companies.txt").joined().split(separator: ",").map(
            String.init)
        brands = Dictionary(
            try table("brandparts.txt").map { ($0.key, $0.values) }, uniquingKeysWith: { $1 })
        roles = try Self.lines("\(folder)/roles.txt").joined().split(separator: ",").map(
            String.init)
        products = try Self.lines("\(folder)/products.txt").joined().split(separator: ",").map(
            String.init)
        cues = try table("cues.txt")
        words = try table("words.txt")
        foreign = try table("foreign-words.txt") + table("everyday.txt")
        goods = try table("brands.txt")
        facts = Dictionary(
            try table("foreign-facts.txt").map { ($0.key, $0.values) }, uniquingKeysWith: { $1 })
        things = Dictionary(
            try table("things.txt").map { ($0.key, $0.values) }, uniquingKeysWith: { $1 })
    }

    /// The lines of a file that are neither empty nor comments.
    static func lines(_ path: String) throws -> [String] {
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    /// Whether a name or template is held out: one in ten, by hash.
    static func isHeldOut(_ text: String) -> Bool {
        var hash = TaggerHash.seed
        for byte in text.utf8 { hash = TaggerHash.add(byte, to: hash) }
        return TaggerHash.join(hash, 77) % 10 == 0
    }

    /// The values of a table that belong to `part`; keys left empty are dropped.
    static func part(_ table: Table, _ part: Part) -> Table {
        table.compactMap { row in
            let kept = row.values.filter { isHeldOut($0) == (part == .heldOut) }
            return kept.isEmpty ? nil : (row.key, kept)
        }
    }
}
