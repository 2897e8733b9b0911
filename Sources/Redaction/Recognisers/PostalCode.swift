/// Postal codes: UK by their form, US after a state, ZIP+4, others in context.
extension Scan {
    mutating func postalCode(_ p: Int, _ end: Int, _ context: Cue) -> Bool {
        if ukPostcode(p, end) || canadianPostcode(p, end) { return true }
        guard bytes[p..<end].allSatisfy(\.isDigit), opens(p) else { return false }
        let length = end - p
        if context.contains(.zip), length >= 3, length <= 6 {
            claim(.zipCode, p, max(end, isPostal(p) ?? end), 0.9, .context)
            return true
        }
        var stop = end
        if length == 5, at(end) == 0x2D {
            let plus = skip(end + 1, limit: 5) { $0.isDigit }
            if plus - end == 5, closes(plus) { stop = plus }
        }
        guard length == 4 || length == 5 || length == 6 else { return false }
        if length == 5, context.isDisjoint(with: .codes), let state = stateBefore(p) {
            claim(.zipCode, p, stop, 0.9, .context)
            cityBefore(state)
            return true
        }
        if near(.zip, p, stop, before: 16, after: 0) {
            claim(.zipCode, p, stop, 0.85, .context)
            return true
        }
        if stop > end {
            claim(.zipCode, p, stop, 0.5)
            return true
        }
        return false
    }

    /// A state's two letters before `p` ("TX 78701", "TX, 78701"): where they start.
    func stateBefore(_ p: Int) -> Int? {
        let gap = skipBack(p, limit: 3) { $0.isSpace || $0 == 0x2C }
        guard gap < p, gap >= 2, at(gap - 1).isUpper, at(gap - 2).isUpper, opens(gap - 2) else {
            return nil
        }
        return USStates.set.contains([at(gap - 2), at(gap - 1)]) ? gap - 2 : nil
    }

    /// "Round Rock, TX": the capitalised words before the comma are a town.
    mutating func cityBefore(_ state: Int) {
        var i = skipBack(state, limit: 2) { $0.isSpace }
        guard at(i - 1) == 0x2C else {
            add(.location, state, state + 2, 0.6)
            return
        }
        i -= 1
        let end = i
        var start = end
        for _ in 0..<3 {
            let word = skipBack(start, limit: 24) {
                $0.isLetter || $0 >= 0x80 || $0 == 0x2D || $0 == 0x27
            }
            guard word < start, bytes[word].isUpper || bytes[word] >= 0x80 else { break }
            start = word
            guard at(start - 1) == 0x20, at(start - 2).isLetter else { break }
            start -= 1
        }
        if at(start) == 0x20 { start += 1 }
        guard start < end else { return }
        add(.location, max(start, 0), state + 2, 0.7)
    }

    /// BS 7666: outward A9, A99, AA9, AA99, A9A, AA9A; inward 9AA without C, I, K, M, O, V.
    private mutating func ukPostcode(_ p: Int, _ end: Int) -> Bool {
        guard opens(p), at(p).isLetter else { return false }
        var outward = end
        var inward = end
        let length = end - p
        if length >= 5, length <= 7, at(end - 3).isDigit, at(end - 1).isLetter, at(end - 2).isLetter
        {
            outward = end - 3
            inward = outward
        } else if length >= 2, length <= 4, at(end) == 0x20 {
            inward = end + 1
        } else {
            return false
        }
        guard at(inward).isDigit, at(inward + 1).isLetter, at(inward + 2).isLetter,
            closes(inward + 3)
        else { return false }
        let shape = bytes[p..<outward].map { $0.isDigit ? UInt8(9) : 0 }
        let shapes: [[UInt8]] = [
            [0, 9], [0, 9, 9], [0, 0, 9], [0, 0, 9, 9], [0, 9, 0], [0, 0, 9, 0],
        ]
        guard shapes.contains(shape) else { return false }
        let barred = Array("CIKMOV".utf8)
        guard !barred.contains(at(inward + 1).uppered), !barred.contains(at(inward + 2).uppered)
        else { return false }
        let upper = bytes[p..<(inward + 3)].allSatisfy { !$0.isLower }
        let named = near([.zip, .address], p, end)
        guard upper || named else { return false }
        claim(.zipCode, p, inward + 3, upper ? 0.85 : 0.6)
        return true
    }

    /// Canada: A9A 9A9 without D, F, I, O, Q, U.
    private mutating func canadianPostcode(_ p: Int, _ end: Int) -> Bool {
        let length = end - p
        guard length == 6 || length == 3 && (at(end) == 0x20 || at(end) == 0x2D), opens(p) else {
            return false
        }
        let second = length == 6 ? p + 3 : end + 1
        guard at(p).isUpper, at(p + 1).isDigit, at(p + 2).isUpper, at(second).isDigit,
            at(second + 1).isUpper, at(second + 2).isDigit, closes(second + 3)
        else { return false }
        let barred = Array("DFIOQU".utf8)
        for b in [at(p), at(p + 2), at(second + 1)] where barred.contains(b) { return false }
        claim(.zipCode, p, second + 3, 0.8)
        return true
    }
}
