/// Removes characters that are not seen: they hide words from detectors and split tokens.
///
/// Rules: C0 and C1 controls but tab, LF, CR and NEL; soft hyphen, zero-width space, word joiner,
/// byte order mark, invisible operators, direction marks and embeddings, interlinear annotation,
/// and tag characters. Joiners (U+200C, U+200D) stay between two characters that are not ASCII,
/// where scripts and emoji need them; tags stay behind a black flag (U+1F3F4), where they name one.
enum ControlCharacters {
    /// `bytes` without them.
    static func removed(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: isSuspect) else { return bytes }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        var previous: UInt32 = 0
        var joiners: [UInt8] = []
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
            guard isTag ? inFlag : !isInvisible(scalar) else { continue }
            if !isTag { inFlag = scalar == 0x1F3F4 }
            if previous >= 0x80 && scalar >= 0x80 { output += joiners }
            joiners.removeAll(keepingCapacity: true)
            output += bytes[i..<i + length]
            previous = scalar
        }
        return output
    }

    /// A byte that a character to be removed can begin with.
    private static func isSuspect(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x0A && byte != 0x09 && byte != 0x0D) || byte == 0x7F
            || byte == 0xC2 || byte == 0xD8 || byte == 0xE1 || byte == 0xE2 || byte == 0xEF
            || byte == 0xF3
    }

    private static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x85: false
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F: true
        case 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }
}
