/// Dates of messages (RFC 5322 §3.3, with the obsolete forms of §4.3) as ISO 8601.
enum MailDate {
    /// `2009-11-06T15:37:00-06:00`; nil for what is no date. The zone is kept as written; `Z`
    /// where none or an unknown one stands.
    static func iso(_ text: String) -> String? {
        var words: [Substring] = text.split { $0 == " " || $0 == "\t" || $0 == "," }
        if let comment = words.firstIndex(where: { $0.hasPrefix("(") }) {
            words.removeSubrange(comment...)
        }
        if let first = words.first, Int(first) == nil, !first.utf8.contains(0x2D) {
            words.removeFirst()
        }
        // `21-Nov-1997`, as some programs write.
        if let first = words.first, first.utf8.contains(0x2D) {
            words.replaceSubrange(0..<1, with: first.split(separator: "-"))
        }
        // `Nov 21 09:55:06 1997`, the order of ctime.
        if words.count >= 4, Int(words[0]) == nil, words[2].utf8.contains(0x3A) {
            words = [words[1], words[0], words[3], words[2]] + words.dropFirst(4)
        }
        guard words.count >= 3, let day = Int(words[0]), (1...31).contains(day),
            let month = month(words[1]), var year = Int(words[2]), year >= 0
        else { return nil }
        // Two digits: 00–49 are 2000–2049, 50–99 and three digits count from 1900 (§4.3).
        if words[2].utf8.count <= 3 { year += year < 50 ? 2000 : 1900 }
        let clock = words.count > 3 ? words[3].split(separator: ":").map { Int($0) } : [0, 0]
        guard (1000...9999).contains(year), (2...3).contains(clock.count),
            let hour = clock[0], let minute = clock[1],
            let second = clock.count == 3 ? clock[2] : .some(0),
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        let zone = words.count > 4 ? zone(words[4]) : "Z"
        return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2) + "T" + pad(hour, 2) + ":"
            + pad(minute, 2) + ":" + pad(second, 2) + zone
    }

    private static func month(_ word: Substring) -> Int? {
        let names = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ]
        return names.firstIndex(of: MailText.lowered(word.utf8.prefix(3))).map { $0 + 1 }
    }

    private static func zone(_ word: Substring) -> String {
        let digits = Array(word.utf8.dropFirst())
        if let sign = word.utf8.first, sign == 0x2B || sign == 0x2D, digits.count == 4,
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        {
            let hours = String(decoding: digits[0..<2], as: UTF8.self)
            let minutes = String(decoding: digits[2..<4], as: UTF8.self)
            guard hours < "15", minutes < "60" else { return "Z" }
            return (sign == 0x2D ? "-" : "+") + hours + ":" + minutes
        }
        // The zones of North America that the standard names.
        let named = [
            "EST": 5, "EDT": 4, "CST": 6, "CDT": 5, "MST": 7, "MDT": 6, "PST": 8, "PDT": 7,
        ]
        return named[String(word).uppercased()].map { "-" + pad($0, 2) + ":00" } ?? "Z"
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
