/// Codes without a shape of their own that a word announces: order, customer, ticket, account,
/// record, plan, passport, licence and device numbers, plates.
extension Scan {
    mutating func contextCode(_ p: Int, _ end: Int, _ given: (cues: Cue, marked: Bool)) -> Bool {
        var (start, stop) = codeSpan(p, end)
        var context = given
        if start < p { context = cueBefore(start) }
        let cues = context.cues
        guard !cues.isDisjoint(with: Cue.codes) else {
            return anonymousCode(start, stop)
        }
        let text = bytes[start..<stop]
        let digits = text.count(where: \.isDigit)
        let hasLetter = text.contains(where: \.isLetter)
        guard let type = Scan.codeType(cues, hasLetter: hasLetter, digits: digits) else {
            return false
        }
        let least = context.marked ? (hasLetter ? 2 : 3) : (hasLetter ? 3 : 5)
        guard digits >= least, stop - start >= 4 || digits >= 3 else { return false }
        // "order 2024", "$1500", "15%", "12 items": amounts and years.
        if at(start - 1) == 0x24 || at(stop) == 0x25 { return false }
        if at(start - 1) == 0x23 { start -= 1 }
        claim(type, start, stop, context.marked ? 0.8 : 0.65, .context)
        return true
    }

    /// The whole code around the token: parts joined by `-`, `/`, `_`, `.`; digit groups by spaces.
    private func codeSpan(_ p: Int, _ end: Int) -> (Int, Int) {
        var start = p
        for _ in 0..<4 {
            let mark = at(start - 1)
            guard mark == 0x2D || mark == 0x2F || mark == 0x5F, at(start - 2).isAlnum else { break }
            let part = skipBack(start - 1, limit: 12) { $0.isAlnum }
            guard part >= consumed, opens(part) || at(part - 1) == 0x2D || at(part - 1) == 0x2F
            else { break }
            start = part
        }
        if at(start - 1) == 0x20, at(start - 2).isUpper, !at(start - 3).isWord,
            bytes[p..<end].allSatisfy(\.isDigit)
        {
            // "A 1234567"
            start -= 2
        }
        var stop = end
        for _ in 0..<8 {
            let mark = at(stop)
            let next = at(stop + 1)
            if mark == 0x2D || mark == 0x2F || mark == 0x5F || mark == 0x2E && next.isDigit,
                next.isAlnum
            {
                stop = skip(stop + 1, limit: 40) { $0.isAlnum }
            } else if mark == 0x20, next.isDigit, bytes[stop - 1].isDigit {
                let more = skip(stop + 1, limit: 12) { $0.isDigit }
                guard more - stop > 3, closes(more) else { break }
                stop = more
            } else {
                break
            }
        }
        return (start, stop)
    }

    /// Which type a code has by the words before it; the most telling word decides.
    private static func codeType(_ cues: Cue, hasLetter: Bool, digits: Int) -> EntityType? {
        if cues.contains(.ssn), digits >= 4 { return .ssn }
        if cues.contains(.passport) { return .passport }
        if cues.contains(.driver) { return .driverLicense }
        if cues.contains(.nhs) { return .nhs }
        if cues.contains(.dea) { return .dea }
        if cues.contains(.npi), digits >= 8 { return .npi }
        if cues.contains(.medicare) { return .mbi }
        if cues.contains(.routing), digits >= 6 { return .routingNumber }
        if cues.contains(.card), digits >= 4, !hasLetter { return .creditCard }
        if cues.contains(.bank), digits >= 4 { return .bankAccount }
        if cues.contains(.plate), digits <= 8 { return .licensePlate }
        if cues.contains(.vehicle), digits >= 3, hasLetter { return .licensePlate }
        if cues.contains(.licence) { return .license }
        if cues.contains(.nino), hasLetter, digits >= 6 { return .nino }
        if cues.contains(.tax), digits >= 6 { return .taxReference }
        if cues.contains(.nationalID), digits >= 6 { return .nationalID }
        if cues.contains(.record) { return .medicalRecord }
        if cues.contains(.plan), digits >= 5 { return .healthPlan }
        if cues.contains(.device), digits >= 4 { return .deviceID }
        if cues.contains(.phone), digits >= 6, !hasLetter { return .phoneNumber }
        if !cues.isDisjoint(with: [.reference, .account]) { return .account }
        if cues.contains(.identity) { return .otherID }
        return nil
    }

    /// A shop's order number of three, seven and seven digits: "114-1234567-7654321".
    mutating func longOrder(_ p: Int) -> Bool {
        guard run.groups.count >= 3, run.hasShape([3, 7, 7], separators: { $0 == 0x2D }),
            opens(p), closes(run.groups[2].end)
        else { return false }
        claim(.account, p, run.groups[2].end, 0.8)
        return true
    }

    /// "#A-12345" and "INV-2024-00017": a code that shows itself.
    private mutating func anonymousCode(_ start: Int, _ stop: Int) -> Bool {
        let text = bytes[start..<stop]
        let digits = text.count(where: \.isDigit)
        if at(start - 1) == 0x23, opens(start - 1), digits >= 4 {
            claim(.otherID, start - 1, stop, 0.6)
            return true
        }
        let upper = text.prefix { $0.isUpper }.count
        if upper >= 2, upper <= 5, at(start + upper) == 0x2D, digits >= 5,
            !text.contains(where: \.isLower)
        {
            claim(.otherID, start, stop, 0.5)
            return true
        }
        // "UTL90598942", "C618953": capitals and then digits only.
        if upper >= 1, upper <= 4, digits >= 6, digits + upper == stop - start {
            claim(.otherID, start, stop, 0.45)
            return true
        }
        // "number 764836", and a column of a table.
        if digits == stop - start, digits >= 5, digits <= 8 {
            let before = cueBefore(start)
            let isColumn =
                digits >= 6 && (at(start - 1) == 0x0A || at(start - 1) == 0x2C)
                && (at(stop) == 0x2C || at(stop) == 0x3B) && at(stop + 1) != 0x20
            let isSaid =
                matches("number", at: max(0, start - 7))
                || digits >= 6
                    && (matches("it's", at: start - 5) || matches("it is", at: start - 6))
            let isLast =
                digits == 5 && at(start - 1) == 0x2C && !at(start - 2).isDigit
                && (stop == count || at(stop).isNewline)
            if before.marked && isSaid || isColumn || isLast {
                claim(.otherID, start, stop, 0.4)
                return true
            }
        }
        // A long bare number: no telling what it is, but it is unique.
        if digits == stop - start, digits >= 8 {
            claim(.otherID, start, stop, 0.35)
            return true
        }
        return false
    }

    /// `#` before letters: "#A-12345" where the first part holds no digit.
    mutating func hash(at i: Int) {
        guard opens(i), at(i + 1).isLetter else { return }
        let end = skip(i + 1, limit: 24) { $0.isAlnum || $0 == 0x2D }
        let text = bytes[(i + 1)..<end]
        guard text.count(where: \.isDigit) >= 4, text.contains(0x2D), closes(end) else { return }
        let cues = cueBefore(i).cues
        claim(
            cues.isDisjoint(with: [.reference, .account]) ? .otherID : .account, i, end, 0.65)
    }
}
