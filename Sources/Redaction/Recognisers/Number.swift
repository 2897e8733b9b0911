/// What a run of letters and digits may be, most specific first.
extension Scan {
    mutating func number(at trigger: Int) {
        // A word such as "№12" begins with bytes outside ASCII: the number stands after them.
        let p = skip(trigger) { $0 >= 0x80 }
        if vanityPhone(p) { return }
        let end = skip(p) { $0.isAlnum }
        guard end > p else { return }
        if separated(p, end) { return }
        let digitsEnd = skip(p, limit: end - p) { $0.isDigit }
        if digitsEnd == end {
            digits(p, end)
        } else if digitsEnd > p {
            digitsThenLetters(p, digitsEnd, end)
        } else {
            code(p, end)
        }
    }

    /// Forms that are held together by `:`, `-` or `.` and may begin with a digit or a hex letter.
    private mutating func separated(_ p: Int, _ end: Int) -> Bool {
        let next = at(end)
        let length = end - p
        if next == 0x3A, length <= 4 { return hardwareOrIPv6(p, end) }
        if next == 0x2D {
            if length == 8, uuid(p, end) { return true }
            if length == 2, hardware(p) { return true }
        }
        if next == 0x2E {
            if length <= 3, ipv4(p, end) { return true }
            if length == 4, hardware(p) { return true }
        }
        if length == 32 || length == 40 || length == 64 { return hexBlock(p, end) }
        return false
    }

    /// A token of digits only.
    private mutating func digits(_ p: Int, _ end: Int) {
        if end - p > 24 {
            consumed = end
            return
        }
        run.read(bytes, at: p)
        if run.digits.count >= 12, paymentCard(p) || longOrder(p) { return }
        if end - p <= 2, nino(spaced: p) { return }
        if date(p, end) || time(p, end) || age(p, end) || coordinate(p, end) { return }
        let context = cueBefore(p)
        if run.digits.count >= 8, identifier(p, context.cues) { return }
        // "order 202-5210448-8895311": a word that names another code outweighs a shape that may be
        // part of a phone number.
        let isCode = !context.cues.isDisjoint(with: Cue.codes.subtracting(.phone))
        if run.digits.count >= 6, phone(p, context.cues, least: isCode ? 0.5 : 0.3) { return }
        if crypto(p, end) || iban(p, end) || plate(p, end) { return }
        if streetFromNumber(p, end) || streetBeforeNumber(p, end) { return }
        if postalCode(p, end, context.cues) { return }
        if contextCode(p, end, context) { return }
        if isCode, run.digits.count >= 6, phone(p, context.cues) { return }
        _ = yearAlone(p, end, context.cues)
    }

    /// "5pm", "12345678Z", "34yo", "1EG4-TE5-MK73", "221B".
    private mutating func digitsThenLetters(_ p: Int, _ digitsEnd: Int, _ end: Int) {
        run.read(bytes, at: p)
        if time(p, digitsEnd) || date(p, digitsEnd) || age(p, digitsEnd) { return }
        if phoneWithExtension(p) || mixedIdentifier(p, end) { return }
        if coordinate(p, digitsEnd) || crypto(p, end) || secretToken(p, end) { return }
        if streetFromNumber(p, end) || streetBeforeNumber(p, end) { return }
        if postalCode(p, end, cueBefore(p).cues) { return }
        _ = contextCode(p, end, cueBefore(p))
    }

    /// A token that begins with a letter and holds a digit.
    private mutating func code(_ p: Int, _ end: Int) {
        if iban(p, end) || mixedIdentifier(p, end) || crypto(p, end) || secretToken(p, end) {
            return
        }
        if plate(p, end) { return }
        let context = cueBefore(p)
        if postalCode(p, end, context.cues) || bic(p, end) || streetBeforeNumber(p, end) { return }
        _ = contextCode(p, end, context)
    }

    /// A word without digits that may be a code by itself.
    mutating func letters(at trigger: Int) {
        let p = skip(trigger) { $0 >= 0x80 }
        let end = skip(p) { $0.isAlnum }
        guard end > p else { return }
        if at(end) == 0x3A, end - p <= 4, hardwareOrIPv6(p, end) { return }
        if at(end) == 0x2D, end - p == 8 ? uuid(p, end) : end - p == 2 && hardware(p) { return }
        if bic(p, end) || crypto(p, end) { return }
        _ = secretToken(p, end)
    }

    /// A colon between hex digits (MAC, IPv6 without a digit before it), `://`, or an assignment.
    mutating func colon(at i: Int) {
        if at(i + 1) == 0x2F, at(i + 2) == 0x2F {
            if url(schemeEnd: i) { return }
        }
        if at(i + 1) == 0x3A || at(i - 1).isHex {
            let start = skipBack(i, limit: 4) { $0.isHex }
            if opens(start), hardwareOrIPv6(start, i) { return }
        }
        assignment(at: i)
    }

    /// A cue word that is a trigger of its own.
    mutating func cueWord(at p: Int) {
        let word = cues(ofWordAt: p)
        if word.cues.contains(.month), dateFromMonth(p, word.end) { return }
        if word.cues.contains(.digitWord), spokenDigits(p) { return }
        if word.cues.contains(.spokenMark), spokenAddress(p) { return }
        if !word.cues.isDisjoint(with: [.secret, .key]), secretPhrase(p, word.end) { return }
        if word.cues.contains(.user), userPhrase(p, word.end) { return }
        if word.cues.contains(.unit), streetFromUnit(p, word.end) { return }
        if word.cues.contains(.streetPrefix), streetFromPrefix(p, word.end) { return }
        if word.cues.contains(.streetSuffix) { _ = streetFromSuffix(p, word.end) }
    }
}
