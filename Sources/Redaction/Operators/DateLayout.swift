/// A date as it is written, so that another day can be written the same way.
struct DateLayout {
    /// A piece of the writing.
    enum Piece {
        case year(digits: Int)
        case month(digits: Int)
        case day(digits: Int)
        /// A month's name, whose language and case the new name follows.
        case monthName(ArraySlice<UInt8>)
        /// The ending of an English ordinal, as in 5th.
        case ordinal
        case literal(ArraySlice<UInt8>)
    }

    var pieces: [Piece]
    var year: Int?
    var month: Int?
    var day: Int?

    /// The same layout `days` later; nil where the result has no place in it.
    func moved(by days: Int) -> (text: [UInt8], day: CalendarDay)? {
        // A year alone moves from its middle, a month from its middle, a day without a year in a
        // year that has no 29th of February to trip over.
        let start = CalendarDay(
            year: year ?? 2023, month: month ?? 7, day: day ?? (month == nil ? 1 : 15))
        guard let start else { return nil }
        let target = CalendarDay(number: start.number + days)
        let parts = target.parts
        guard (1...9999).contains(parts.year) else { return nil }
        var text: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .year(let digits):
                text += Self.digits(digits == 2 ? parts.year % 100 : parts.year, digits)
            case .month(let digits): text += Self.digits(parts.month, digits)
            case .day(let digits): text += Self.digits(parts.day, digits)
            case .monthName(let old):
                guard let name = MonthStyles.rewritten(old, to: parts.month) else { return nil }
                text += name
            case .ordinal: text += Self.ordinal(parts.day)
            case .literal(let bytes): text += bytes
            }
        }
        return (text, target)
    }

    /// At least as many digits as before where there was a leading zero.
    private static func digits(_ number: Int, _ width: Int) -> [UInt8] {
        let plain = Array(String(number).utf8)
        return [UInt8](repeating: 0x30, count: max(0, width - plain.count)) + plain
    }

    private static func ordinal(_ day: Int) -> [UInt8] {
        if (11...13).contains(day) { return Array("th".utf8) }
        switch day % 10 {
        case 1: return Array("st".utf8)
        case 2: return Array("nd".utf8)
        case 3: return Array("rd".utf8)
        default: return Array("th".utf8)
        }
    }
}

extension DateLayout {
    /// The date that begins with the first word, and how many words it takes.
    static func parse(
        _ words: ArraySlice<DateWord>, isDayFirst: Bool
    ) -> (DateLayout, used: Int)? {
        let list = Array(words.prefix(9))
        return numeric(list, isDayFirst: isDayFirst) ?? compact(list) ?? named(list)
            ?? bareYear(list)
    }

    /// Words that stand around a time of day and say nothing of the day.
    static func isTimeWord(_ text: ArraySlice<UInt8>) -> Bool {
        timeWords.contains(text.map(\.lowered))
    }

    private static let timeWords: Set<[UInt8]> = Set(
        """
        am pm a p m z t utc gmt est edt cst cdt mst mdt pst pdt cet cest bst uhr h hrs at um on the \
        of à de del den der am il le el op
        """.split(separator: " ").map { Array($0.utf8) })

    /// 2024-03-05, 3/5/2024, 5.3.24, 03/05.
    private static func numeric(
        _ words: [DateWord], isDayFirst: Bool
    ) -> (DateLayout, used: Int)? {
        guard words.count >= 3, let a = words[0].number, let b = words[2].number,
            let mark = words[1].text.first, words[1].text.count == 1,
            mark == 0x2D || mark == 0x2F || mark == 0x2E
        else { return nil }
        let sizes = words.map(\.text.count)
        let second = Piece.literal(words[1].text)
        let hasThird = words.count >= 5 && words[3].text.elementsEqual(words[1].text)
        guard hasThird, let c = words[4].number else {
            // Two numbers are a date only beside a slash, and no clock or version.
            guard mark == 0x2F, sizes[0] <= 2 else { return nil }
            if sizes[2] == 4, (1...12).contains(a) {
                return (
                    DateLayout(
                        pieces: [.month(digits: sizes[0]), second, .year(digits: 4)], year: b,
                        month: a), 3
                )
            }
            guard sizes[2] <= 2 else { return nil }
            let dayFirst = a > 12 || (isDayFirst && b <= 12)
            return valid(
                dayFirst
                    ? [.day(digits: sizes[0]), second, .month(digits: sizes[2])]
                    : [.month(digits: sizes[0]), second, .day(digits: sizes[2])],
                year: nil, month: dayFirst ? b : a, day: dayFirst ? a : b, used: 3)
        }
        let third = Piece.literal(words[3].text)
        if sizes[0] == 4 {
            return valid(
                [
                    .year(digits: 4), second, .month(digits: sizes[2]), third,
                    .day(digits: sizes[4]),
                ], year: a, month: b, day: c, used: 5)
        }
        guard sizes[0] <= 2, sizes[2] <= 2, sizes[4] == 4 || sizes[4] == 2 else { return nil }
        // Two digits: 1970–2069, as POSIX strptime %y nearly does.
        let year = sizes[4] == 4 ? c : c < 70 ? 2000 + c : 1900 + c
        let dayFirst = mark == 0x2E || a > 12 || (isDayFirst && b <= 12)
        return valid(
            [
                dayFirst ? .day(digits: sizes[0]) : .month(digits: sizes[0]), second,
                dayFirst ? .month(digits: sizes[2]) : .day(digits: sizes[2]), third,
                .year(digits: sizes[4]),
            ], year: year, month: dayFirst ? b : a, day: dayFirst ? a : b, used: 5)
    }

    /// 20240305 and 20240305101530, as HL7 writes them.
    private static func compact(_ words: [DateWord]) -> (DateLayout, used: Int)? {
        guard let word = words.first, word.kind == .digits,
            [8, 12, 14].contains(word.text.count)
        else { return nil }
        func part(_ from: Int, _ count: Int) -> Int {
            word.text.dropFirst(from).prefix(count).reduce(0) { $0 * 10 + Int($1 &- 48) }
        }
        guard (1800...2199).contains(part(0, 4)) else { return nil }
        return valid(
            [
                .year(digits: 4), .month(digits: 2), .day(digits: 2),
                .literal(word.text.dropFirst(8)),
            ], year: part(0, 4), month: part(4, 2), day: part(6, 2), used: 1)
    }

    /// March 5th, 2024; 5. März 2024; 5-Mar-24; March 2024; Mar 5.
    private static func named(_ words: [DateWord]) -> (DateLayout, used: Int)? {
        var pieces: [Piece] = []
        var (year, month, day): (Int?, Int?, Int?)
        var used = 0
        var pending: [Piece] = []
        scan: for (index, word) in words.enumerated() {
            switch word.kind {
            case .letters:
                if month == nil, let number = MonthNames.numbers[MonthStyles.folded(word.text)] {
                    pieces += pending + [.monthName(word.text)]
                    month = number
                } else if day != nil, pending.isEmpty, index > 0, words[index - 1].kind == .digits,
                    ["st", "nd", "rd", "th"].contains(
                        String(decoding: word.text.map(\.lowered), as: UTF8.self))
                {
                    pieces.append(.ordinal)
                } else if index > 0,
                    ["of", "de", "del", "di"].contains(
                        String(decoding: word.text.map(\.lowered), as: UTF8.self))
                {
                    pending.append(.literal(word.text))
                    continue
                } else {
                    break scan
                }
            case .digits:
                guard let number = word.number else { break scan }
                if word.text.count == 4, year == nil, month != nil, number >= 1000 {
                    pieces += pending + [.year(digits: 4)]
                    year = number
                } else if word.text.count <= 2, day == nil, (1...31).contains(number) {
                    // A clock is no day: 5 March 10:15.
                    if index + 1 < words.count, words[index + 1].text.first == 0x3A { break scan }
                    // In words a 31 turns into a 1, but an 05 into an 06.
                    pieces += pending + [.day(digits: word.text.first == 0x30 ? 2 : 1)]
                    day = number
                } else if word.text.count == 2, year == nil, month != nil, day != nil,
                    words[index - 1].text.last == 0x2D || words[index - 1].text.last == 0x27
                {
                    pieces += pending + [.year(digits: 2)]
                    year = number < 70 ? 2000 + number : 1900 + number
                } else {
                    break scan
                }
            case .other:
                guard index > 0 else { break scan }
                pending.append(.literal(word.text))
                continue
            }
            pending = []
            used = index + 1
        }
        guard month != nil, year != nil || day != nil else { return nil }
        return valid(pieces, year: year, month: month, day: day, used: used)
    }

    private static func bareYear(_ words: [DateWord]) -> (DateLayout, used: Int)? {
        guard let word = words.first, word.text.count == 4, let year = word.number,
            (1800...2199).contains(year)
        else { return nil }
        return (DateLayout(pieces: [.year(digits: 4)], year: year), 1)
    }

    private static func valid(
        _ pieces: [Piece], year: Int?, month: Int?, day: Int?, used: Int
    ) -> (DateLayout, used: Int)? {
        guard CalendarDay(year: year ?? 2024, month: month ?? 1, day: day ?? 1) != nil else {
            return nil
        }
        return (DateLayout(pieces: pieces, year: year, month: month, day: day), used)
    }
}
