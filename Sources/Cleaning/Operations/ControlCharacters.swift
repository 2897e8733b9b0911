/// Removes characters that are not seen: they hide words from detectors and split tokens.
///
/// Rules: C0 and C1 controls but tab, LF, CR and NEL; soft hyphen, zero-width space, word joiner,
/// byte order mark, invisible operators, direction marks and embeddings, interlinear annotation,
/// the fillers of Hangul, and tag characters. Joiners (U+200C, U+200D) stay between two characters that are not ASCII,
/// where scripts and emoji need them; tags stay behind a black flag (U+1F3F4), where they name one.
enum ControlCharacters {
    /// `bytes` without them; nil if there are none.
    static func removed(_ bytes: [UInt8], reasons: inout ReasonCounts) -> [UInt8]? {
        guard bytes.contains(where: isSuspect) else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        var previous: UInt32 = 0
        var joiners: [UInt8] = []
        var removed: [Reason: Int] = [:]
        var inFlag = false
        while i < bytes.count {
            let (scalar, length) = ScalarBytes.scalar(bytes, at: i)
            defer { i += length }
            if scalar == 0x200C || scalar == 0x200D {
                // Whether it stays depends on the next character that does.
                joiners += bytes[i..<i + length]
                continue
            }
            let isTag = (0xE0000...0xE007F).contains(scalar)
            if let reason = isTag ? (inFlag ? nil : Reason.tag) : reason(scalar) {
                removed[reason, default: 0] += 1
                continue
            }
            if !isTag { inFlag = scalar == 0x1F3F4 }
            if !joiners.isEmpty {
                if previous >= 0x80 && scalar >= 0x80 {
                    output += joiners
                } else {
                    removed[.zeroWidth, default: 0] += joiners.count / 3
                }
                joiners.removeAll(keepingCapacity: true)
            }
            output += bytes[i..<i + length]
            previous = scalar
        }
        removed[.zeroWidth, default: 0] += joiners.count / 3
        guard output.count < bytes.count else { return nil }
        for (reason, count) in removed { reasons.add("controls/\(reason.rawValue)", count) }
        return output
    }

    private enum Reason: String {
        case control, direction, tag, filler, invisible
        case softHyphen = "soft-hyphen"
        case zeroWidth = "zero-width"
        case byteOrderMark = "byte-order-mark"
    }

    /// A byte that a character to be removed can begin with.
    private static func isSuspect(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x0A && byte != 0x09 && byte != 0x0D) || byte == 0x7F
            || byte == 0xC2 || byte == 0xD8 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3
            || byte == 0xEF
            || byte == 0xF3
    }

    /// Why a character goes; nil if it stays.
    private static func reason(_ scalar: UInt32) -> Reason? {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x85: nil
        case 0..<0x20, 0x7F..<0xA0: .control
        case 0xAD: .softHyphen
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: .direction
        case 0x180E, 0x200B, 0x2060: .zeroWidth
        case 0xFEFF: .byteOrderMark
        case 0x115F, 0x1160, 0x3164, 0xFFA0: .filler
        case 0x2061...0x2065, 0x206A...0x206F, 0xFFF9...0xFFFB: .invisible
        default: nil
        }
    }
}
