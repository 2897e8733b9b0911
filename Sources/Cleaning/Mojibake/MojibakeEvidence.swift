/// Which groups right text does not hold.
///
/// After an accented letter, right text has letters, spaces, closing quotes, dashes and marks like
/// ® or ™. What else windows-1252 has at 0x80 to 0xBF (`ƒ`, `¢`, `§`, `¼`, …) does not follow one.
enum MojibakeEvidence {
    /// Marks the strong groups among all groups of a text.
    static func judge(_ groups: inout [MojibakeGroup], in scalars: [UInt32], isMac: Bool) {
        for index in groups.indices {
            let group = groups[index]
            let end = group.start + group.count
            let touchesLast =
                index > 0 && groups[index - 1].start + groups[index - 1].count == group.start
            let touchesNext = index + 1 < groups.count && groups[index + 1].start == end
            let before = group.start > 0 ? scalars[group.start - 1] : 0x20
            let after = end < scalars.count ? scalars[end] : 0x20
            let neighbours = (touchesLast ? 1 : 0) + (touchesNext ? 1 : 0)
            let sequence = Array(scalars[group.start..<end])
            groups[index].isStrong =
                isMac
                ? isStrongMac(sequence, before, after, neighbours)
                : isStrong(sequence, group, before, after, neighbours)
        }
        joinRuns(&groups)
    }

    /// Three or more groups of one script in a row are a word that was misread.
    private static func joinRuns(_ groups: inout [MojibakeGroup]) {
        var start = 0
        while start < groups.count {
            var end = start + 1
            while end < groups.count,
                groups[end - 1].start + groups[end - 1].count == groups[end].start,
                groups[end].decoded >> 8 == groups[start].decoded >> 8 || groups[end].count == 3
            { end += 1 }
            if end - start >= 3 && groups[start].decoded >= 0x370 {
                for index in start..<end { groups[index].isStrong = true }
            }
            start = end
        }
    }

    private static func isStrong(
        _ sequence: [UInt32], _ group: MojibakeGroup, _ before: UInt32, _ after: UInt32,
        _ neighbours: Int
    ) -> Bool {
        let lead = sequence[0]
        if group.hasControl { return true }
        let hasOddity = sequence.dropFirst().contains { !followsLetters($0) }
        switch group.count {
        case 2:
            // Scripts beyond Latin come in words; one group alone is no evidence.
            if group.decoded >= 0x370 && neighbours == 0 { return false }
            if lead == 0xD7 && !hasOddity { return false }
            if hasOddity && !(isUpper(before) && isRaised(sequence[1])) { return true }
            // `Â` or `Ã` and a mark: only words in capitals, or the letter's name in quotes, end so.
            if lead == 0xC2 || lead == 0xC3 { return !isUpper(before) && !isQuote(before) }
            // A capital inside a word in lower case, or in front of one with a mark between.
            if isLower(before) { return true }
            let opensWord = !isLetter(before) && (isLower(after) || neighbours > 0)
            return opensWord && !isQuote(before)
        case 3:
            if lead == 0xE2 && (sequence[1] == 0x153 || sequence[1] == 0x20AC) { return true }
            let isRaisedOnly = sequence.dropFirst().allSatisfy {
                isRaised($0) || followsLetters($0)
            }
            return hasOddity && !isRaisedOnly && sequence[1] != 0xA0
        default:
            return sequence[1] == 0x178 || hasOddity
        }
    }

    /// What windows-1252 has from 0x80 to 0xBF and right text has after a letter.
    private static func followsLetters(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xA0, 0xAA, 0xAB, 0xAE, 0xB0, 0xB7, 0xBA, 0xBB: true
        case 0x2018, 0x2019, 0x201C, 0x201D, 0x203A, 0x2039, 0x2013, 0x2014, 0x2026, 0x2122, 0x2022:
            true
        case 0x160, 0x161, 0x17D, 0x17E, 0x152, 0x153, 0x178: true
        default: false
        }
    }

    /// ¹ ² ³ ´ €: footnotes, accents and prices stand behind words in capitals.
    private static func isRaised(_ scalar: UInt32) -> Bool {
        scalar == 0xB9 || scalar == 0xB2 || scalar == 0xB3 || scalar == 0xB4 || scalar == 0x20AC
    }

    private static func isStrongMac(
        _ sequence: [UInt32], _ before: UInt32, _ after: UInt32, _ neighbours: Int
    ) -> Bool {
        switch sequence[0] {
        case 0x201A:  // ‚Äô: E2 80 99
            return sequence[1] == 0xC4 || sequence[1] == 0xC7 || sequence[1] == 0xD1
        case 0xAC:  // ¬©
            return sequence.count == 2
        case 0xF8FF:  // the Apple logo: F0
            return true
        case 0x221A, 0x192, 0x2248:  // √©, ƒô, ≈Ç
            let isMath = [0x3C0, 0xB1, 0x221E, 0x2211, 0x220F, 0x222B, 0x3A9, 0xB5, 0x2202, 0x2264]
                .contains(sequence[1])
            let isInWord = isLetter(before) && isLower(after)
            if sequence[0] == 0x221A && !isMath { return true }
            return isInWord || (!isMath && (isLower(before) || isLower(after)))
        default: return false
        }
    }

    private static func isLower(_ scalar: UInt32) -> Bool {
        (0x61...0x7A).contains(scalar) || (0xDF...0xFF).contains(scalar) && scalar != 0xF7
    }

    private static func isUpper(_ scalar: UInt32) -> Bool {
        (0x41...0x5A).contains(scalar) || (0xC0...0xDE).contains(scalar) && scalar != 0xD7
            || (0x100..<0x180).contains(scalar) && scalar & 1 == 0
    }

    private static func isLetter(_ scalar: UInt32) -> Bool {
        isLower(scalar) || isUpper(scalar) || (0x100..<0x2000).contains(scalar)
    }

    private static func isQuote(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x22, 0x27, 0xAB, 0xBB, 0x2018...0x201F, 0x2039, 0x203A: true
        default: false
        }
    }
}
