/// The names of the months, lower case, with their numbers: English, German, French, Spanish,
/// Italian, Dutch, Portuguese, Polish, Czech, Swedish, Danish, Norwegian and Finnish, with the usual
/// abbreviations.
enum MonthNames {
    static let list: [(String, Int)] = {
        let names: [[String]] = [
            [
                "january", "jan", "januar", "janvier", "enero", "gennaio", "januari", "jänner",
                "ene", "janeiro", "stycznia", "styczeń", "ledna", "tammikuuta",
            ],
            [
                "february", "feb", "februar", "février", "febrero", "febbraio", "februari", "fév",
                "fevereiro", "fev", "lutego", "luty", "února", "februar", "helmikuuta",
            ],
            [
                "march", "mar", "märz", "mars", "marzo", "maart", "mrz", "mär", "março", "marca",
                "marzec", "března", "marts", "maaliskuuta", "mrt",
            ],
            [
                "april", "apr", "avril", "abril", "aprile", "avr", "abr", "kwietnia", "kwiecień",
                "dubna", "huhtikuuta",
            ],
            [
                "may", "mai", "mayo", "maggio", "mei", "maio", "maja", "maj", "května",
                "toukokuuta", "mag",
            ],
            [
                "june", "jun", "juni", "juin", "junio", "giugno", "junho", "czerwca", "czerwiec",
                "června", "kesäkuuta", "giu",
            ],
            [
                "july", "jul", "juli", "juillet", "julio", "luglio", "juil", "julho", "lipca",
                "lipiec", "července", "heinäkuuta", "lug",
            ],
            [
                "august", "aug", "août", "agosto", "augustus", "ago", "sierpnia", "sierpień",
                "augusti", "srpna", "elokuuta",
            ],
            [
                "september", "sep", "sept", "septembre", "septiembre", "settembre", "setembro",
                "września", "wrzesień", "září", "syyskuuta", "set",
            ],
            [
                "october", "oct", "oktober", "octobre", "octubre", "ottobre", "okt", "outubro",
                "października", "październik", "října", "lokakuuta", "ott", "out",
            ],
            [
                "november", "nov", "novembre", "noviembre", "novembro", "listopada", "listopad",
                "marraskuuta",
            ],
            [
                "december", "dec", "dezember", "décembre", "diciembre", "dicembre", "dez", "déc",
                "dic", "dezembro", "grudnia", "grudzień", "prosince", "joulukuuta",
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

    /// Full names, lower case, with their codes.
    static let names: [String: String] = Dictionary(
        uniqueKeysWithValues: zip(
            """
            alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,georgia,\
            hawaii,idaho,illinois,indiana,iowa,kansas,kentucky,louisiana,maine,maryland,\
            massachusetts,michigan,minnesota,mississippi,missouri,montana,nebraska,nevada,\
            new hampshire,new jersey,new mexico,new york,north carolina,north dakota,ohio,oklahoma,\
            oregon,pennsylvania,rhode island,south carolina,south dakota,tennessee,texas,utah,vermont,\
            virginia,washington,west virginia,wisconsin,wyoming,district of columbia,puerto rico
            """.split(separator: ",").map(String.init), codes))
}
