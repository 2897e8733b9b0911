/// Repairs text whose UTF-8 was once read as windows-1252, ISO 8859-1 or Mac OS Roman, and saved.
///
/// Rules:
/// 1. A group is a run of characters whose bytes in the wrong set are one UTF-8 character that
///    people write (``MojibakeGroup/isPlausible(_:)``).
/// 2. A group is strong if right text does not hold it: see ``MojibakeEvidence``.
/// 3. Strong groups are repaired. Weak ones (`É”`) are repaired only beside strong ones, in a text
///    that has no other letters beyond ASCII, for then all of it was misread.
/// 4. Again, up to three times, for text that was misread twice.
/// 5. Characters U+0080 to U+009F that are left are windows-1252 read as ISO 8859-1.
///
/// ASCII is only looked at.
enum Mojibake {
    /// The repaired text, or nil if nothing is wrong with `bytes`, which are valid UTF-8.
    static func repaired(_ bytes: [UInt8], reasons: inout ReasonCounts) -> [UInt8]? {
        guard isSuspect(bytes) else { return nil }
        var scalars = self.scalars(bytes)
        var changed = false
        for round in 0..<3 {
            guard repairOnce(&scalars, round, &reasons) else { break }
            changed = true
        }
        for index in scalars.indices where (0x80..<0xA0).contains(scalars[index]) {
            let scalar = Codepage.windows1252Controls[Int(scalars[index]) - 0x80]
            guard scalar >= 0xA0 else { continue }
            scalars[index] = scalar
            reasons.add("mojibake/c1")
            changed = true
        }
        guard changed else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for scalar in scalars { ScalarBytes.append(scalar, to: &output) }
        return output
    }

    private static func repairOnce(
        _ scalars: inout [UInt32], _ round: Int, _ reasons: inout ReasonCounts
    ) -> Bool {
        // The set that explains more of the text.
        var best: (codepage: Codepage, groups: [MojibakeGroup], isConsistent: Bool, covered: Int)?
        for codepage in [Codepage.windows1252, .macRoman] {
            let groups = MojibakeGroup.all(in: scalars, codepage)
            guard groups.contains(where: \.isStrong) else { continue }
            let isConsistent = !hasOtherLetters(scalars, groups)
            let covered = groups.reduce(0) { $0 + $1.count }
            if covered > best?.covered ?? 0 { best = (codepage, groups, isConsistent, covered) }
        }
        guard let (codepage, groups, isConsistent, _) = best else { return false }
        var output: [UInt32] = []
        output.reserveCapacity(scalars.count)
        var place = 0
        for group in groups where group.isStrong || isConsistent {
            append(scalars[place..<group.start], to: &output, isConsistent, &reasons)
            output.append(group.decoded)
            let isMac = codepage.name == Codepage.macRoman.name
            let reason = group.hasControl && !isMac ? "latin-1" : codepage.name
            reasons.add(round == 0 ? "mojibake/\(reason)" : "mojibake/twice")
            place = group.start + group.count
        }
        append(scalars[place...], to: &output, isConsistent, &reasons)
        scalars = output
        return true
    }

    /// Appends what is between groups. In text that was misread as a whole, `Ã` before a space is
    /// an `à` whose second byte, a no-break space, became a space later.
    private static func append(
        _ part: ArraySlice<UInt32>, to output: inout [UInt32], _ isConsistent: Bool,
        _ reasons: inout ReasonCounts
    ) {
        guard isConsistent, part.contains(0xC3) else {
            output += part
            return
        }
        var i = part.startIndex
        while i < part.endIndex {
            if part[i] == 0xC3, i + 1 < part.endIndex, part[i + 1] == 0x20 {
                output.append(0xE0)
                reasons.add("mojibake/windows-1252")
                let isDouble = i + 2 >= part.endIndex || part[i + 2] == 0x20
                i += isDouble ? 2 : 1
            } else {
                output.append(part[i])
                i += 1
            }
        }
    }

    /// Whether letters beyond ASCII stand outside the groups (`Ã` before a space aside).
    private static func hasOtherLetters(_ scalars: [UInt32], _ groups: [MojibakeGroup]) -> Bool {
        var inGroup = [Bool](repeating: false, count: scalars.count)
        for group in groups {
            for index in group.start..<group.start + group.count { inGroup[index] = true }
        }
        for (index, scalar) in scalars.enumerated() where scalar >= 0xC0 && !inGroup[index] {
            let isPunctuation = (0x2000..<0x2C00).contains(scalar) || scalar == 0xD7
            let isGrave =
                scalar == 0xC3 && index + 1 < scalars.count && scalars[index + 1] == 0x20
            if !isPunctuation && !isGrave { return true }
        }
        return false
    }

    /// Whether the bytes hold a character that a group can begin with, or U+0080 to U+009F.
    private static func isSuspect(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            var i = 0
            let count = buffer.count
            while i < count {
                while i + 8 <= count,
                    unsafe buffer.loadUnaligned(fromByteOffset: i, as: UInt64.self)
                        & 0x8080_8080_8080_8080 == 0
                { i += 8 }
                guard i + 1 < count else { return false }
                let (byte, next) = unsafe (buffer[i], buffer[i + 1])
                switch byte {
                case 0xC2: if next < 0xA0 || next == 0xAC { return true }
                case 0xC3: if next >= 0x82 && next <= 0xB4 || next == 0xBF { return true }
                case 0xC5: if next == 0x92 || next == 0x93 || next == 0xB8 { return true }
                case 0xC6: if next == 0x92 { return true }
                case 0xE2:
                    if i + 2 < count, unsafe isMacLead(next, buffer[i + 2]) { return true }
                case 0xEF:
                    if unsafe i + 2 < count && next == 0xA3 && buffer[i + 2] == 0xBF { return true }
                default: break
                }
                i += 1
            }
            return false
        }
    }

    /// Of characters whose UTF-8 begins with E2, those that Mac OS Roman makes of a lead byte:
    /// – — ‚ „ ‡ ‰ √ ≈ ◊.
    private static func isMacLead(_ second: UInt8, _ third: UInt8) -> Bool {
        switch second {
        case 0x80: [0x93, 0x94, 0x9A, 0x9E, 0xA1, 0xB0].contains(third)
        case 0x88: third == 0x9A
        case 0x89: third == 0x88
        case 0x97: third == 0x8A
        default: false
        }
    }

    private static func scalars(_ bytes: [UInt8]) -> [UInt32] {
        var scalars: [UInt32] = []
        scalars.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            let (scalar, length) = ScalarBytes.scalar(bytes, at: i)
            scalars.append(scalar)
            i += length
        }
        return scalars
    }
}
