/// Secrets: keys of well-known shapes, JSON Web Tokens (RFC 7519), private key blocks (RFC 7468),
/// values assigned to words such as "password".
extension Scan {
    /// Prefixes of tokens that services hand out, with the least length of the whole token.
    private static let prefixes: [(StaticString, Int, EntityType)] = [
        ("AKIA", 20, .apiKey), ("ASIA", 20, .apiKey), ("AIza", 39, .apiKey), ("ghp_", 30, .apiKey),
        ("gho_", 30, .apiKey), ("ghs_", 30, .apiKey), ("ghu_", 30, .apiKey),
        ("github_pat_", 40, .apiKey), ("glpat-", 20, .apiKey), ("sk-", 20, .apiKey),
        ("sk_live_", 20, .apiKey), ("sk_test_", 20, .apiKey), ("pk_live_", 20, .apiKey),
        ("rk_live_", 20, .apiKey), ("xoxb-", 20, .apiKey), ("xoxp-", 20, .apiKey),
        ("xoxa-", 20, .apiKey), ("SG.", 40, .apiKey), ("hf_", 20, .apiKey), ("npm_", 30, .apiKey),
        ("pypi-", 40, .apiKey), ("dop_v1_", 40, .apiKey), ("shpat_", 30, .apiKey),
        ("EAAC", 60, .apiKey), ("ya29.", 30, .apiKey), ("eyJ", 30, .jwt), ("whsec_", 20, .apiKey),
    ]

    /// A long token at `p`: widened over `-`, `_` and `.`, then compared with the known prefixes.
    mutating func secretToken(_ p: Int, _ end: Int) -> Bool {
        guard end - p >= 10 || at(end) == 0x5F || at(end) == 0x2D else { return false }
        let start = max(
            consumed, skipBack(p, limit: 16) { $0.isAlnum || $0 == 0x2D || $0 == 0x5F })
        guard let kind = Scan.prefixes.first(where: { matchesExactly($0.0, at: start) }) else {
            return false
        }
        let (_, least, type) = kind
        var stop = skip(p, limit: 4096) {
            $0.isAlnum || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E
        }
        while stop > start, !bytes[stop - 1].isAlnum { stop -= 1 }
        let text = bytes[start..<max(start, stop)]
        guard text.count >= least, text.contains(where: \.isDigit),
            type != .jwt || text.contains(0x2E)
        else { return false }
        claim(type, start, stop, 0.95)
        return true
    }

    private func matchesExactly(_ word: StaticString, at i: Int) -> Bool {
        guard i + word.utf8CodeUnitCount <= count else { return false }
        for k in 0..<word.utf8CodeUnitCount {
            let wanted = unsafe word.utf8Start[k]
            if bytes[i + k] != wanted { return false }
        }
        return true
    }

    /// "password: hunter2", "my PIN is 4711", "-----BEGIN … PRIVATE KEY-----".
    mutating func secretPhrase(_ p: Int, _ wordEnd: Int) -> Bool {
        if privateKeyBlock(p, wordEnd) { return true }
        let isKey = cues(ofWordAt: p).cues.contains(.key)
        guard let value = assignedValue(after: wordEnd, limit: 256) else { return false }
        let text = bytes[value.start..<value.end]
        let length = value.end - value.start
        let hasDigit = text.contains(where: \.isDigit)
        let odd = hasDigit || text.contains { !$0.isWord && $0 != 0x2D }
        let isWord = !odd && text.allSatisfy { $0.isLower }
        if isKey {
            guard value.marked || value.quoted, length >= 12, hasDigit else { return false }
            claim(.apiKey, value.start, value.end, 0.85, .context)
            return true
        }
        guard length >= 3 else { return false }
        // After "is" an ordinary lower-case word is more likely prose ("my password is wrong").
        guard
            value.marked && (!isWord || value.quoted || at(value.end) == 0 || length >= 6)
                || value.quoted || value.said && odd
        else { return false }
        claim(.password, value.start, value.end, value.marked ? 0.85 : 0.7, .context)
        return true
    }

    private mutating func privateKeyBlock(_ p: Int, _ wordEnd: Int) -> Bool {
        guard matches("key-----", at: p) else { return false }
        let head = skipBack(p, limit: 48) { $0 != 0x0A }
        var begin = head
        while begin < p, !matches("-----begin", at: begin) { begin += 1 }
        guard begin < p, matches("private", at: max(0, p - 8)) else { return false }
        var i = wordEnd + 5
        while i < count, !matches("-----end", at: i) { i += 1 }
        let end = i < count ? skip(skip(i + 8) { $0 != 0x2D }, limit: 5) { $0 == 0x2D } : count
        claim(.privateKey, begin, end, 0.99)
        return true
    }

    /// The value after a word: what announces it and where it stands.
    struct AssignedValue {
        var start: Int
        var end: Int
        /// `:` or `=` stands before it.
        var marked: Bool
        /// "is", "was" or an arrow stands before it.
        var said: Bool
        var quoted: Bool
    }

    /// Reads "[word] [number|is|:|=|\"] value" after `i`: the value runs to a space or the closing
    /// quotation mark, closing punctuation dropped.
    func assignedValue(after i: Int, limit: Int) -> AssignedValue? {
        var j = i
        var value = AssignedValue(start: 0, end: 0, marked: false, said: false, quoted: false)
        // "password_hash =": the word goes on; "password\" :" is JSON.
        if at(j) == 0x22 || at(j) == 0x27 { j += 1 }
        for _ in 0..<4 {
            j = skip(j, limit: 3) { $0 == 0x20 || $0 == 0x09 }
            if at(j) == 0x3A || at(j) == 0x3D {
                if at(j + 1) == 0x2F { return nil }
                value.marked = true
                j = skip(j, limit: 3) { $0 == 0x3A || $0 == 0x3D || $0 == 0x3E }
                continue
            }
            let word = cues(ofWordAt: j)
            if !value.marked, word.end > j, word.cues.contains(.filler),
                matches("is", at: j) || matches("was", at: j) || matches("number", at: j)
            {
                value.said = true
                j = word.end
                continue
            }
            break
        }
        guard value.marked || value.said else { return nil }
        if at(j) == 0x22 || at(j) == 0x27 || at(j) == 0x60 {
            let mark = at(j)
            let end = skip(j + 1, limit: limit) { $0 != mark && !$0.isNewline }
            if at(end) == mark, end > j + 1 {
                value.start = j + 1
                value.end = end
                value.quoted = true
                return value
            }
        }
        var end = skip(j, limit: limit) { !$0.isSpace && $0 != 0x22 && $0 != 0x2C && $0 != 0x3B }
        while end > j, [0x2E, 0x29, 0x5D, 0x7D, 0x21, 0x3F, 0x27].contains(bytes[end - 1]) {
            end -= 1
        }
        guard end > j else { return nil }
        value.start = j
        value.end = end
        return value
    }

    /// `=` between a word and a value: only cue words assign, and those are triggers themselves.
    mutating func assignment(at i: Int) {}
}
