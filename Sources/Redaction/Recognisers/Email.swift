/// E-mail addresses (RFC 5321 §4.1.2, RFC 6531 for letters outside ASCII) and handles.
///
/// The walk starts at `@`: back over the local part (at most 128 bytes), forward over the domain
/// (at most 255). A domain needs a dot and a top label of two letters or more, or brackets.
extension Scan {
    mutating func atSign(at i: Int) {
        if email(at: i) { return }
        handle(at: i)
    }

    private mutating func email(at i: Int) -> Bool {
        let floor = max(consumed, i - 128)
        var start = i
        if at(i - 1) == 0x22 {
            // "quoted local"@example.org: no line break inside, at most 64 bytes.
            var q = i - 2
            while q >= max(floor, i - 66), bytes[q] != 0x22, !bytes[q].isNewline { q -= 1 }
            if q >= floor, at(q) == 0x22 { start = q }
        }
        if start == i {
            while start > floor, Scan.isLocal(bytes[start - 1]) { start -= 1 }
            while start < i, !bytes[start].isWord { start += 1 }
        }
        guard start < i else { return false }
        var end = i + 1
        if at(end) == 0x5B {
            end = skip(end + 1, limit: 64) { $0.isHex || $0 == 0x2E || $0 == 0x3A || $0.isLetter }
            guard at(end) == 0x5D else { return false }
            claim(.emailAddress, start, end + 1, 0.9)
            return true
        }
        end = domainEnd(end)
        guard end > 0 else {
            // "name@host" without a dot: an address inside a house, or a slip.
            let host = skip(i + 1, limit: 63) { $0.isAlnum || $0 == 0x2D }
            if host - i > 2, i - start > 1, matches("localhost", at: i + 1) {
                claim(.emailAddress, start, host, 0.6)
                return true
            }
            return false
        }
        claim(.emailAddress, start, end, 0.98)
        return true
    }

    /// RFC 5322 atext, `.`, and bytes of characters outside ASCII.
    @inline(__always)
    private static func isLocal(_ byte: UInt8) -> Bool {
        if byte.isWord { return true }
        switch byte {
        case 0x2E, 0x2B, 0x2D, 0x5F, 0x25, 0x26, 0x27, 0x21, 0x23, 0x24, 0x2A, 0x2F, 0x5E, 0x60,
            0x7B, 0x7C, 0x7D, 0x7E:
            return true
        default:
            return false
        }
    }

    /// The end of the domain name that starts at `start`, or 0 when it is none: labels of letters,
    /// digits and hyphens, the last of two letters or more (or punycode).
    func domainEnd(_ start: Int) -> Int {
        var i = start
        var labels = 0
        var end = 0
        let limit = min(count, start + 255)
        while i < limit {
            let label = i
            while i < limit, bytes[i].isWord || bytes[i] == 0x2D || bytes[i] == 0x5F {
                if bytes[i] >= 0x80, separatorLength(i) > 0 { break }
                i += 1
            }
            guard i > label, bytes[label] != 0x2D else { break }
            labels += 1
            let isTop = !bytes[label].isDigit && i - label >= 2
            if labels > 1, isTop {
                end = i
                while end > label, bytes[end - 1] == 0x2D { end -= 1 }
            }
            guard i + 1 < limit, bytes[i] == 0x2E, bytes[i + 1].isWord else { break }
            i += 1
        }
        return end
    }

    /// "@name" at the start of a word: 2–30 letters, digits, `_` or `.`, one of them a letter.
    private mutating func handle(at i: Int) {
        guard opens(i) || at(i - 1) >= 0x80 else { return }
        var end = skip(i + 1, limit: 40) { $0.isAlnum || $0 == 0x5F || $0 == 0x2E }
        while end > i, bytes[end - 1] == 0x2E { end -= 1 }
        guard end - i >= 3, end - i <= 31, closes(end) else { return }
        guard bytes[(i + 1)..<end].contains(where: \.isLetter) else { return }
        claim(.username, i, end, 0.6)
    }

    /// "user name: jdoe42", "login is j.doe".
    mutating func userPhrase(_ p: Int, _ wordEnd: Int) -> Bool {
        guard let value = assignedValue(after: wordEnd, limit: 64) else { return false }
        let hasShape = bytes[value.start..<value.end].contains {
            $0.isDigit || $0 == 0x5F || $0 == 0x2E
        }
        // "User: hello" is a chat's speaker; "username: anna" is not.
        let strong = !matches("user", at: p) || wordEnd - p > 4 || at(wordEnd) == 0x3D
        let text = bytes[value.start..<value.end]
        guard value.marked && strong || hasShape && text.contains(where: \.isLetter),
            value.end - value.start >= 3
        else { return false }
        // An address or URL that was assigned is found as what it is.
        guard at(value.end) != 0x40, at(value.end) != 0x3A,
            !bytes[value.start..<value.end].contains(0x40)
        else { return false }
        claim(.username, value.start, value.end, value.marked ? 0.8 : 0.65, .context)
        return true
    }
}
