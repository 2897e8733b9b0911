/// Month and weekday names by language, to write another one the way the old one was written.
enum MonthStyles {
    /// Full names and abbreviations, January first: English, German, French, Spanish, Italian, Dutch.
    static let languages: [[String]] = [
        "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        """
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        """,
        """
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
        """,
        "januari februari maart april mei juni juli augustus september oktober november december",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "ene feb mar abr may jun jul ago sept oct nov dic",
    ].map { $0.split(separator: " ").map(String.init) }

    static func folded(_ word: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: word, as: UTF8.self).lowercased().utf8)
    }

    /// Another month in the language and case of `word`; nil where the word is of no list.
    static func rewritten(_ word: ArraySlice<UInt8>, to month: Int) -> [UInt8]? {
        NameStyle.rewritten(word, to: month - 1, lists: languages)
    }
}

/// Names of the days of the week, Monday first.
enum WeekdayNames {
    static let languages: [[String]] = [
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miércoles jueves viernes sábado domingo",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "Mon Tue Wed Thu Fri Sat Sun",
        "Mo Di Mi Do Fr Sa So",
    ].map { $0.split(separator: " ").map(String.init) }

    static func position(of word: ArraySlice<UInt8>) -> Int? {
        NameStyle.position(of: word, in: languages)?.index
    }

    /// Another weekday in the language and case of `word`.
    static func rewritten(_ word: ArraySlice<UInt8>, to weekday: Int) -> [UInt8]? {
        NameStyle.rewritten(word, to: weekday, lists: languages)
    }
}

private enum NameStyle {
    static func position(
        of word: ArraySlice<UInt8>, in lists: [[String]]
    ) -> (list: Int, index: Int)? {
        let low = String(decoding: word, as: UTF8.self).lowercased()
        for (list, names) in lists.enumerated() {
            if let index = names.firstIndex(where: { $0.lowercased() == low }) {
                return (list, index)
            }
        }
        return nil
    }

    static func rewritten(_ word: ArraySlice<UInt8>, to index: Int, lists: [[String]]) -> [UInt8]? {
        let text = String(decoding: word, as: UTF8.self)
        guard let place = position(of: word, in: lists) else { return nil }
        let name = lists[place.list][index]
        if text == text.uppercased(), text != text.lowercased() {
            return Array(name.uppercased().utf8)
        }
        if text == text.lowercased() { return Array(name.lowercased().utf8) }
        return Array((name.prefix(1).uppercased() + name.dropFirst()).utf8)
    }
}
