/// Geographic coordinates: decimal pairs with three or more places, and degrees with minutes.
extension Scan {
    mutating func coordinate(_ p: Int, _ end: Int) -> Bool {
        let start = at(p - 1) == 0x2D || at(p - 1) == 0x2B ? p - 1 : p
        guard opens(start) else { return false }
        guard let first = decimal(p, limit: 90) else { return sexagesimal(p, end) }
        var i = degreeMark(first.end)
        i = skip(i, limit: 4) { $0 == 0x20 || $0 == 0x2C || $0 == 0x2F || $0 == 0x3B }
        guard i > first.end else { return false }
        let word = cues(ofWordAt: i)
        if word.cues.contains(.coordinate) {
            i = skip(word.end, limit: 3) { $0 == 0x20 || $0 == 0x3A || $0 == 0x3D }
        }
        let sign = at(i) == 0x2D || at(i) == 0x2B ? i + 1 : i
        guard at(sign).isDigit, let second = decimal(sign, limit: 180), first.places >= 3,
            second.places >= 3, closes(second.end) || at(degreeMark(second.end)) != 0
        else { return false }
        claim(.coordinate, start, degreeMark(second.end), 0.8)
        return true
    }

    private func decimal(_ p: Int, limit: Int) -> (end: Int, places: Int)? {
        let whole = skip(p, limit: 4) { $0.isDigit }
        guard whole > p, whole - p <= 3, at(whole) == 0x2E else { return nil }
        var value = 0
        for k in p..<whole { value = value * 10 + bytes[k].digitValue }
        let end = skip(whole + 1, limit: 16) { $0.isDigit }
        guard value <= limit, end > whole + 1 else { return nil }
        return (end, end - whole - 1)
    }

    /// Past "°", " N", "° W".
    private func degreeMark(_ i: Int) -> Int {
        var j = i
        if at(j) == 0xC2, at(j + 1) == 0xB0 { j += 2 }
        let letter = at(j) == 0x20 ? j + 1 : j
        if [0x4E, 0x53, 0x45, 0x57].contains(at(letter)), closes(letter + 1) { return letter + 1 }
        return j
    }

    /// 52° 31′ 12″ N, in any of the usual marks.
    private mutating func sexagesimal(_ p: Int, _ end: Int) -> Bool {
        guard at(end) == 0xC2, at(end + 1) == 0xB0 else { return false }
        var i = end + 2
        var minutes = 0
        while i < count, i - end < 48 {
            let byte = bytes[i]
            if byte.isDigit { minutes += 1 }
            if byte.isDigit || byte == 0x20 || byte == 0x2E || byte == 0x27 || byte == 0x22
                || byte == 0x2C || byte >= 0x80
                || ([0x4E, 0x53, 0x45, 0x57].contains(byte) && closes(i + 1))
            {
                i += 1
            } else {
                break
            }
        }
        while i > end, bytes[i - 1] == 0x20 || bytes[i - 1] == 0x2C { i -= 1 }
        guard minutes >= 2,
            bytes[end..<i].contains(where: { [0x4E, 0x53, 0x45, 0x57].contains($0) })
        else { return false }
        claim(.coordinate, p, i, 0.85)
        return true
    }
}
