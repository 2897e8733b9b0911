/// The names of the months, lower case, with their numbers: English, German, French, Spanish,
/// Italian, Dutch, with the usual abbreviations.
enum MonthNames {
    static let list: [(String, Int)] = {
        let names: [[String]] = [
            [
                "january", "jan", "januar", "janvier", "enero", "gennaio", "januari", "jänner",
                "ene",
            ],
            ["february", "feb", "februar", "février", "febrero", "febbraio", "februari", "fév"],
            ["march", "mar", "märz", "mars", "marzo", "maart", "mrz", "mär"],
            ["april", "apr", "avril", "abril", "aprile", "avr", "abr"],
            ["may", "mai", "mayo", "maggio", "mei"],
            ["june", "jun", "juni", "juin", "junio", "giugno"],
            ["july", "jul", "juli", "juillet", "julio", "luglio", "juil"],
            ["august", "aug", "août", "agosto", "augustus", "ago"],
            ["september", "sep", "sept", "septembre", "septiembre", "settembre"],
            ["october", "oct", "oktober", "octobre", "octubre", "ottobre", "okt"],
            ["november", "nov", "novembre", "noviembre"],
            [
                "december", "dec", "dezember", "décembre", "diciembre", "dicembre", "dez", "déc",
                "dic",
            ],
        ]
        return names.enumerated().flatMap { k, list in list.map { ($0, k + 1) } }
    }()

    /// The number of a month by its lower-case UTF-8 name.
    static let numbers: [[UInt8]: Int] = Dictionary(
        list.map { (Array($0.0.utf8), $0.1) }, uniquingKeysWith: { a, _ in a })
}

/// US states and territories as USPS Publication 28 abbreviates them.
enum USStates {
    static let codes: [String] =
        """
        AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ \
        NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AS MP AA AE AP
        """.split(separator: " ").map(String.init)

    static let set: Set<[UInt8]> = Set(codes.map { Array($0.utf8) })
}
