internal import Cryptography
internal import Records

/// The operator `date-shift`: every date of a person moves by the same number of days, which only
/// the dataset's key knows, so that the time between two events stays.
struct DateShift: Sendable {
    /// By how many days, never 0.
    let days: Int
    /// Whether 03/04/2024 is the third of April.
    let isDayFirst: Bool

    /// The shift of a person, or of a record that is about nobody: −reach … −1, 1 … reach days,
    /// by HMAC-SHA256 of the blind id.
    init(owner: [UInt8], key: SymmetricKey, reach: Int, isDayFirst: Bool) {
        let digest = HMACSHA256.authenticate(Array("date-shift".utf8) + [0] + owner, key: key)
        let draw = digest.prefix(6).reduce(0) { $0 << 8 | Int($1) } % (2 * reach)
        days = draw < reach ? draw - reach : draw - reach + 1
        self.isDayFirst = isDayFirst
    }

    /// The value with its dates moved, each in its own layout; nil where a part of it can neither
    /// be moved nor is a time of day.
    func shifted(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        let words = DateWord.split(value)
        var result: [UInt8] = []
        var moved = false
        var weekdays: [(at: Int, word: ArraySlice<UInt8>)] = []
        var day: CalendarDay?
        var i = 0
        while i < words.count {
            if let (date, used) = DateLayout.parse(words[i...], isDayFirst: isDayFirst) {
                guard let next = date.moved(by: days) else { return nil }
                result += next.text
                day = next.day
                moved = true
                i += used
                continue
            }
            let word = words[i]
            switch word.kind {
            case .letters where WeekdayNames.position(of: word.text) != nil:
                weekdays.append((result.count, word.text))
                result += word.text
            case .letters where !DateLayout.isTimeWord(word.text): return nil
            case .digits where !Self.isClock(words, at: i): return nil
            default: result += word.text
            }
            i += 1
        }
        // The weekday of a date that moved, in the language and writing that it had.
        for (at, word) in weekdays.reversed() {
            guard let day, let name = WeekdayNames.rewritten(word, to: day.weekday) else {
                if day == nil, !moved { continue }
                return nil
            }
            result.replaceSubrange(at..<at + word.count, with: name)
        }
        return result
    }

    /// Whether the digits are part of a time of day: beside a colon or an am/pm.
    private static func isClock(_ words: [DateWord], at i: Int) -> Bool {
        let before = i > 0 ? words[i - 1].text : []
        let after = i + 1 < words.count ? words[i + 1].text : []
        if before.last == 0x3A || after.first == 0x3A { return true }
        // Fractions of a second, and zones: 10:15:30.25+02:00.
        if before.elementsEqual([0x2E]) || before.elementsEqual([0x2B]) { return true }
        let next = words[(i + 1)...].first { $0.kind == .letters }
        return next.map { DateLayout.isTimeWord($0.text) } ?? false
    }
}

/// A run of letters, of digits, or of anything else.
struct DateWord {
    enum Kind { case letters, digits, other }
    let kind: Kind
    let text: ArraySlice<UInt8>

    static func split(_ value: ArraySlice<UInt8>) -> [DateWord] {
        var words: [DateWord] = []
        var start = value.startIndex
        while start < value.endIndex {
            let kind = kind(value[start])
            var end = start + 1
            while end < value.endIndex, self.kind(value[end]) == kind { end += 1 }
            words.append(DateWord(kind: kind, text: value[start..<end]))
            start = end
        }
        return words
    }

    private static func kind(_ byte: UInt8) -> Kind {
        byte.isDigit ? .digits : byte.isLetter || byte >= 0x80 ? .letters : .other
    }

    /// The number of up to nine digits.
    var number: Int? {
        kind == .digits && text.count <= 9 ? text.reduce(0) { $0 * 10 + Int($1 &- 48) } : nil
    }
}
