/// Telephone and fax numbers: ITU-T E.164 international, North American, UK and European national
/// forms, extensions.
extension Scan {
    /// A phone number among the groups of the current run, which starts at `p`; shapes that score
    /// below `least` are left to others.
    mutating func phone(_ p: Int, _ context: Cue, least: Float = 0.3) -> Bool {
        let start = phoneStart(p)
        guard opens(start), !run.isOverlong,
            run.digits.count >= 7 || context.contains(.phone) || near(.phone, p, run.end)
        else { return false }
        // Money, decimals and percentages are no numbers to call.
        let before = at(start - 1)
        if before == 0x24 || before == 0x2E && at(start - 2).isDigit { return false }
        // "ZA-1572474": the end of a code.
        if before == 0x2D, at(start - 2).isUpper { return false }
        let hasPlus = at(start) == 0x2B || at(start + 1) == 0x2B
        let otherCode =
            !context.isDisjoint(with: Cue.codes.subtracting([.phone]))
            && !context.contains(.phone)
        let named = context.contains(.phone) || !otherCode && near(.phone, p, run.end)

        guard let match = phoneGroups(hasPlus: hasPlus, named: named) else { return false }
        var score = match.score
        if named { score = min(0.95, score + 0.25) } else if otherCode { score -= 0.35 }
        var end = run.groups[match.groups - 1].end
        // "order 204-410 5105-696": the digits of a code go on.
        if otherCode, at(end) == 0x2D, at(end + 1).isDigit { score -= 0.1 }
        guard score >= least else { return false }
        guard closes(end) || extensionEnd(end) > end else { return false }
        // "2.5 million" and "100%": the group belongs to something else.
        if at(end) == 0x25 { return false }
        if at(end) == 0x29, bytes[start..<end].contains(0x28),
            !bytes[start..<end].contains(0x29)
        {
            end += 1
        }
        end = max(end, extensionEnd(end))
        claim(.phoneNumber, start, end, score, named ? .context : .none)
        return true
    }

    /// Where a number begins, `+`, `(` and a doubled international prefix included.
    private func phoneStart(_ p: Int) -> Int {
        var start = p
        if at(start - 1) == 0x28 {
            // Only a bracket that closes inside the number belongs to it.
            let close = skip(start, limit: 6) { $0.isDigit }
            if at(close) == 0x29 || at(start - 2) == 0x2B { start -= 1 }
        }
        if at(start - 1) == 0x2B { start -= 1 }
        if at(start - 1) == 0x28, at(start) == 0x2B {
            let close = skip(start + 1, limit: 6) { $0.isDigit }
            if at(close) == 0x29 { start -= 1 }
        }
        return start
    }

    /// How many groups make a number, and how sure that is.
    private func phoneGroups(hasPlus: Bool, named: Bool) -> (groups: Int, score: Float)? {
        let groups = run.groups
        let d = run.digits
        func marksPlain(_ k: Int) -> Bool {
            run.separators.prefix(max(0, k - 1)).allSatisfy { $0 != 0x2F }
        }
        if hasPlus {
            // E.164: country code and number, 7–15 digits; stops where the next number begins.
            var k = 0
            var total = 0
            while k < groups.count, total + groups[k].count <= 15 {
                // "+34 612 345 678 / 912 345 678" are two numbers, "+49 30/1234567" is one.
                if k > 0, run.separators[k - 1] == 0x2F, total >= 8 { break }
                total += groups[k].count
                k += 1
            }
            return total >= 7 ? (k, 0.9) : nil
        }
        // North America: [1] NPA NXX XXXX.
        let offset = groups[0].count == 1 && d[0] == 1 && groups.count > 1 ? 1 : 0
        if groups.count >= offset + 3, groups[offset].count == 3, groups[offset + 1].count == 3,
            groups[offset + 2].count == 4, marksPlain(offset + 3)
        {
            return (offset + 3, Scan.isNANP(d[offset...]) ? 0.85 : 0.65)
        }
        if groups.count >= offset + 2, groups[offset].count == 3, groups[offset + 1].count == 7 {
            return (offset + 2, Scan.isNANP(d[offset...]) ? 0.7 : 0.5)
        }
        if groups[0].count == 10 || groups[0].count == 11 && d[0] == 1 {
            let nanp = Scan.isNANP(d.suffix(from: groups[0].count - 10))
            if d[0] == 0 { return (1, 0.6) }
            return named || nanp ? (1, nanp ? 0.5 : 0.35) : nil
        }
        if groups[0].count == 3, groups.count >= 2, groups[1].count == 4 {
            if groups.count == 2 || !marksPlain(3) || groups[2].count > 4 {
                let tight = run.separators[0] == 0x2D || run.separators[0] == 0x2E
                return tight || named || d[0] >= 2 ? (2, d[0] >= 2 && tight ? 0.5 : 0.35) : nil
            }
        }
        return nationalGroups(named: named)
    }

    /// National forms elsewhere: a trunk 0, or 00 and a country code, or several short groups.
    private func nationalGroups(named: Bool) -> (groups: Int, score: Float)? {
        let d = run.digits
        var k = 0
        var total = 0
        while k < run.groups.count, total + run.groups[k].count <= 15 {
            if run.groups[k].count > 11 { break }
            total += run.groups[k].count
            k += 1
        }
        guard k > 0, total >= 7 || total == 6 && k > 1 && named else { return nil }
        let bare = k == 1
        if d[0] == 0, d.count > 1, d[1] == 0, total >= 10 { return (k, bare ? 0.55 : 0.75) }
        if d[0] == 0, (9...12).contains(total) {
            let mobile = d[1] == 7 || d[1] == 6 || d[1] == 1
            return (k, bare ? (mobile ? 0.6 : 0.45) : 0.75)
        }
        if bare {
            // A bare block is a number to call only when a word says so.
            return named && total <= 13 ? (1, 0.5) : nil
        }
        // Groups of two to five digits, three or more of them: 59-29-77-14, 612 345 678.
        let short = run.groups.prefix(k).allSatisfy { (1...5).contains($0.count) }
        let plain = run.separators.prefix(k - 1).allSatisfy { $0 != 0x2F }
        let grouped = run.groups.dropFirst().prefix(k - 1).allSatisfy { $0.count == 3 }
        // "1 000 000" and "12.500.000" are amounts.
        if grouped, d[0] != 0, Set(run.separators.prefix(k - 1)).count == 1,
            run.separators[0] == 0x20 || run.separators[0] == 0x2E, total != 9, !named
        {
            return nil
        }
        if k >= 3, short, plain, total >= 8 { return (k, 0.5) }
        if k == 2, plain, total >= 8, run.groups[0].count <= 5 {
            return (k, run.separators[0] == 0x28 || run.separators[0] == 0x29 ? 0.6 : 0.35)
        }
        return named ? (k, 0.4) : nil
    }

    /// The North American plan: NPA and NXX begin with 2–9 and are no N11.
    static func isNANP(_ d: ArraySlice<UInt8>) -> Bool {
        guard d.count >= 10 else { return false }
        let s = d.startIndex
        let area = d[s] >= 2 && !(d[s + 1] == 1 && d[s + 2] == 1)
        return area && d[s + 3] >= 2 && !(d[s + 4] == 1 && d[s + 5] == 1)
    }

    /// The end of "x123", "ext. 123", "extension 12", "Durchwahl 3" after `i`, or `i`.
    func extensionEnd(_ i: Int) -> Int {
        var j = skip(i, limit: 2) { $0 == 0x20 || $0 == 0x2C }
        let words = Scan.phoneWords1
        guard let word = words.first(where: { matches($0, at: j) }) else { return i }
        j += word.utf8CodeUnitCount
        j = skip(j, limit: 3) { $0 == 0x2E || $0 == 0x20 || $0 == 0x3A }
        let end = skip(j, limit: 7) { $0.isDigit }
        return end > j && end - j <= 6 && closes(end) ? end : i
    }

    /// "555-0142x12": the last group is followed by letters.
    mutating func phoneWithExtension(_ p: Int) -> Bool {
        guard run.digits.count >= 7, extensionEnd(run.end) > run.end else { return false }
        return phone(p, cueBefore(p).cues)
    }

    // Words, kept out of the functions so that no call builds a list.
    private static let phoneWords1: [StaticString] = [
        "extension", "ext", "xtn", "x", "durchwahl", "poste", "dw",
    ]
}
