/// Cuts UTF-8 into tokens: runs of letters and digits, and single signs. No `String` is made.
///
/// Every byte from 0x80 counts as a letter, but for the blocks of punctuation, spaces and emoji
/// named in `signLength`; so a token never ends inside a code point.
package enum TaggerTokenizer {
    /// The tokens of `bytes`, valid UTF-8.
    package static func tokens(of bytes: [UInt8]) -> [TaggerToken] {
        var tokens: [TaggerToken] = []
        append(bytes, 0..<bytes.count, gap: .start, to: &tokens)
        return tokens
    }

    /// Adds the tokens of a stretch that begins and ends between tokens; `gap` stands before it.
    static func append(
        _ bytes: [UInt8], _ range: Range<Int>, gap: TaggerGap, to tokens: inout [TaggerToken]
    ) {
        tokens.reserveCapacity(tokens.count + range.count / 4 + 8)
        unsafe bytes.withUnsafeBufferPointer {
            unsafe append(from: $0, range, gap: gap, to: &tokens)
        }
        markLineCase(&tokens)
    }

    private static func append(
        from bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, gap before: TaggerGap,
        to tokens: inout [TaggerToken]
    ) {
        var at = range.lowerBound
        var gap = before
        let count = range.upperBound
        while at < count {
            let byte = unsafe bytes[at]
            if byte == 0x0a {
                if gap == .newline {
                    gap = .blankLine
                } else if gap != .blankLine && gap != .start {
                    gap = .newline
                }
                at += 1
                continue
            }
            if byte <= 0x20 {
                if gap == .none { gap = .space }
                at += 1
                continue
            }
            let sign = unsafe signLength(bytes, at)
            if sign.isSpace {
                if gap == .none { gap = .space }
                at += sign.count
                continue
            }
            var token = TaggerToken()
            token.start = Int32(truncatingIfNeeded: at)
            token.gap = gap
            gap = .none
            if sign.count > 0 {
                at += sign.count
                token.end = Int32(truncatingIfNeeded: at)
                unsafe describe(&token, bytes)
                token.shape = .sign
            } else {
                repeat {
                    at += 1
                } while unsafe at < count && isWordByte(bytes[at])
                    && (bytes[at] < 0xc2 || signLength(bytes, at).count == 0)
                token.end = Int32(truncatingIfNeeded: at)
                token.shape = unsafe shape(bytes, Int(token.start), at)
                unsafe describe(&token, bytes)
            }
            tokens.append(token)
        }
    }

    @inline(__always)
    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a)
            || (byte >= 0x30 && byte <= 0x39)
    }

    /// The length of the sign at `at`, 0 where a word starts there.
    private static func signLength(
        _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int
    ) -> (count: Int, isSpace: Bool) {
        let lead = unsafe bytes[at]
        if lead < 0x80 { return isWordByte(lead) ? (0, false) : (1, false) }
        let second = at + 1 < bytes.count ? unsafe bytes[at + 1] : 0
        let third = at + 2 < bytes.count ? unsafe bytes[at + 2] : 0
        switch (lead, second) {
        case (0xc2, 0xa0): return (2, true)
        case (0xc2, 0xa1...0xbf): return second == 0xaa || second == 0xba ? (0, false) : (2, false)
        case (0xc3, 0x97), (0xc3, 0xb7): return (2, false)
        case (0xe2, 0x80) where third <= 0x8b || third == 0xaf: return (3, true)
        case (0xe2, 0x80...0xaf): return (3, false)
        case (0xe3, 0x80): return (3, third == 0x80)
        case (0xef, 0xbc...0xbf): return (3, false)
        case (0xf0, 0x9f): return (4, false)
        default: return (0, false)
        }
    }

    /// The lower-case form of byte `at`, given the lead byte before it: ASCII, Latin-1,
    /// Latin Extended-A, Greek and Cyrillic, as far as one byte decides it; else the byte itself.
    @inline(__always)
    private static func lowered(_ byte: UInt8, after lead: UInt8) -> UInt8 {
        if byte < 0x80 { return byte &- 0x41 < 26 ? byte | 0x20 : byte }
        switch lead {
        case 0xc3 where byte <= 0x9e && byte != 0x97: return byte + 0x20
        case 0xc4 where byte <= 0xb7 && byte != 0xb0: return byte | 1
        case 0xc4 where byte >= 0xb9 && byte & 1 == 1: return byte + 1
        case 0xc5 where byte <= 0x88 && byte & 1 == 1: return byte + 1
        case 0xc5 where byte >= 0x8a && byte <= 0xb7: return byte | 1
        case 0xc5 where byte >= 0xb9 && byte <= 0xbe && byte & 1 == 1: return byte + 1
        default: return byte
        }
    }

    private static func describe(
        _ token: inout TaggerToken, _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let start = Int(token.start)
        let end = Int(token.end)
        var hash = TaggerHash.seed
        var lead: UInt8 = 0
        for at in start..<end {
            let byte = unsafe bytes[at]
            hash = TaggerHash.add(lowered(byte, after: lead), to: hash)
            lead = byte
            if at - start < 4 { token.prefixes[at - start] = hash }
        }
        token.word = hash
        guard token.shape != .sign else { return }
        hash = TaggerHash.seed
        let first = max(start, end - 5)
        var at = end - 1
        while at >= first {
            let byte = lowered(unsafe bytes[at], after: at > start ? unsafe bytes[at - 1] : 0)
            hash = TaggerHash.add(byte, to: hash)
            let taken = end - at
            if taken >= 2 { token.suffixes[taken - 2] = hash }
            at -= 1
        }
    }

    private static func shape(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> TaggerShape {
        var upper = 0
        var lower = 0
        var digits = 0
        var firstUpper = false
        var lead: UInt8 = 0
        for at in start..<end {
            let byte = unsafe bytes[at]
            if byte >= 0x30 && byte <= 0x39 {
                digits += 1
            } else if byte < 0x80 {
                if byte & 0x20 == 0 {
                    upper += 1
                    if at == start { firstUpper = true }
                } else {
                    lower += 1
                }
            } else if lead >= 0xc3 && lead <= 0xc5 || lead == 0xce || lead == 0xd0 {
                let isUpper: Bool =
                    switch lead {
                    case 0xce: byte >= 0x91 && byte <= 0xa9 || byte < 0x90
                    case 0xd0: byte < 0xb0
                    default: lowered(byte, after: lead) != byte
                    }
                if isUpper {
                    upper += 1
                    if at == start + 1 { firstUpper = true }
                } else {
                    lower += 1
                }
            } else if lead == 0xcf || lead == 0xd1 {
                lower += 1
            }
            lead = byte
        }
        let letters = upper + lower
        if digits > 0 {
            if letters > 0 {
                let first = unsafe bytes[start]
                return first >= 0x30 && first <= 0x39 ? .digitsThenLetters : .lettersThenDigits
            }
            let sizes: [TaggerShape] = [.digits1, .digits2, .digits3, .digits4, .digits5]
            return digits <= 5 ? sizes[digits - 1] : .digitsMany
        }
        if letters == 0 { return .uncased }
        if upper == 0 { return .lower }
        if lower == 0 { return upper == 1 ? .initial : .upper }
        return firstUpper && upper == 1 ? .capitalised : .mixedCase
    }

    /// Notes for each token whether its line has no capitals, or nothing else.
    package static func markLineCase(_ tokens: inout [TaggerToken]) {
        var first = 0
        while first < tokens.count {
            var after = first + 1
            var capitals = 0
            var smalls = 0
            var at = first
            repeat {
                switch tokens[at].shape {
                case .lower: smalls += 1
                case .capitalised, .mixedCase: capitals += 1; smalls += 1
                case .upper, .initial: capitals += 1
                default: break
                }
                at += 1
                after = at
            } while at < tokens.count && tokens[at].gap != .newline && tokens[at].gap != .blankLine
            let lineCase: UInt8 = capitals == 0 ? 1 : (smalls == 0 && capitals > 1 ? 2 : 0)
            for index in first..<after { tokens[index].lineCase = lineCase }
            first = after
        }
    }
}
