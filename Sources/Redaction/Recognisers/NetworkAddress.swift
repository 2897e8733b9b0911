/// IPv4 (RFC 791, dotted decimal), IPv6 (RFC 4291 §2.2), MAC (IEEE 802) and UUID (RFC 9562).
extension Scan {
    mutating func ipv4(_ p: Int, _ firstEnd: Int) -> Bool {
        guard let end = ipv4End(p) else { return false }
        guard opens(p), at(p - 1) != 0x2E else { return false }
        var stop = end
        // A fifth number makes it a version or an object identifier.
        if at(end) == 0x2E, at(end + 1).isDigit { return false }
        if at(stop) == 0x2F {
            let mask = skip(stop + 1, limit: 3) { $0.isDigit }
            if mask > stop + 1, mask - stop <= 3 { stop = mask }
        } else if at(stop) == 0x3A {
            let port = skip(stop + 1, limit: 6) { $0.isDigit }
            if port > stop + 1, port - stop <= 6 { stop = port }
        }
        guard closes(stop) else { return false }
        let version = matches("version ", at: p - 8) || matches("v", at: p - 1)
        claim(.ipAddress, p, stop, version ? 0.4 : 0.9)
        logUser(stop)
        return true
    }

    /// The user in a web server's log (Common Log Format): `203.0.113.7 - anna [12/Mar/2026:…`.
    private mutating func logUser(_ i: Int) {
        guard at(i) == 0x20, at(i + 1) == 0x2D, at(i + 2) == 0x20, at(i + 3).isWord else { return }
        let end = skip(i + 3, limit: 64) { $0.isWord || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
        guard at(end) == 0x20, at(end + 1) == 0x5B, at(end + 2).isDigit else { return }
        claim(.username, i + 3, end, 0.8, .context)
    }

    private func ipv4End(_ p: Int) -> Int? {
        var i = p
        for part in 0..<4 {
            let end = skip(i, limit: 4) { $0.isDigit }
            guard end > i, end - i <= 3 else { return nil }
            var value = 0
            for k in i..<end { value = value * 10 + bytes[k].digitValue }
            guard value <= 255 else { return nil }
            if part < 3 {
                guard at(end) == 0x2E else { return nil }
                i = end + 1
            } else {
                i = end
            }
        }
        return i
    }

    /// Tries a MAC, then an IPv6 address, at hex digits before a colon.
    mutating func hardwareOrIPv6(_ p: Int, _ colon: Int) -> Bool {
        if hardware(p) { return true }
        return ipv6(p)
    }

    /// Six pairs with one of `:` or `-` between, or three groups of four with dots.
    mutating func hardware(_ p: Int) -> Bool {
        guard opens(p) else { return false }
        let first = skip(p, limit: 5) { $0.isHex } - p
        let mark = at(p + first)
        let groups: Int
        switch (first, mark) {
        case (2, 0x3A), (2, 0x2D): groups = 6
        case (4, 0x2E): groups = 3
        default: return false
        }
        var i = p
        for k in 0..<groups {
            let end = skip(i, limit: first + 1) { $0.isHex }
            guard end - i == first else { return false }
            i = end
            if k < groups - 1 {
                guard at(i) == mark else { return false }
                i += 1
            }
        }
        guard closes(i), at(i) != mark || !at(i + 1).isHex else { return false }
        claim(.macAddress, p, i, 0.9)
        return true
    }

    /// Up to eight groups of hex digits, `::` once, an IPv4 tail, a zone.
    mutating func ipv6(_ p: Int) -> Bool {
        guard opens(p) else { return false }
        var i = p
        var groups = 0
        var compressed = false
        if at(i) == 0x3A {
            guard at(i + 1) == 0x3A else { return false }
            compressed = true
            i += 2
        }
        while groups < 8 {
            let end = skip(i, limit: 5) { $0.isHex }
            guard end > i, end - i <= 4 else { break }
            if at(end) == 0x2E, let tail = ipv4End(i) {
                groups += 2
                i = tail
                break
            }
            groups += 1
            i = end
            guard at(i) == 0x3A else { break }
            if at(i + 1) == 0x3A {
                if compressed { break }
                compressed = true
                i += 2
            } else if at(i + 1).isHex {
                i += 1
            } else {
                break
            }
        }
        guard groups == 8 && !compressed || compressed && groups >= 1 && groups < 8 else {
            return false
        }
        if at(i) == 0x25 { i = skip(i + 1, limit: 16) { $0.isAlnum } }
        guard closes(i) else { return false }
        // "a::b" is more often a scope operator than an address.
        let digitsSeen = bytes[p..<i].contains { $0.isDigit }
        guard digitsSeen || groups >= 3 else { return false }
        if at(i) == 0x2F {
            let mask = skip(i + 1, limit: 3) { $0.isDigit }
            if mask > i + 1 { i = mask }
        }
        claim(.ipAddress, p, i, 0.9)
        logUser(i)
        return true
    }

    /// 8-4-4-4-12 hex digits.
    mutating func uuid(_ p: Int, _ firstEnd: Int) -> Bool {
        guard opens(p), p + 36 <= count, closes(p + 36) else { return false }
        for k in 0..<36 {
            let byte = bytes[p + k]
            if k == 8 || k == 13 || k == 18 || k == 23 {
                guard byte == 0x2D else { return false }
            } else {
                guard byte.isHex else { return false }
            }
        }
        claim(.uuid, p, p + 36, 0.95)
        return true
    }

    /// Blocks of 32, 40 or 64 hex digits: unique codes (a UUID without hyphens, a digest, a key).
    mutating func hexBlock(_ p: Int, _ end: Int) -> Bool {
        guard bytes[p..<end].allSatisfy(\.isHex), bytes[p..<end].contains(where: \.isLetter)
        else { return false }
        if near([.secret, .key], p, end, before: 24, after: 0) {
            claim(.apiKey, p, end, 0.85, .context)
        } else if near(.crypto, p, end) {
            claim(.crypto, p, end, 0.8, .context)
        } else {
            claim(end - p == 32 ? .uuid : .otherID, p, end, 0.5)
        }
        return true
    }
}
