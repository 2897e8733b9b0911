/// Characters that are one character of UTF-8, read in the wrong set.
struct MojibakeGroup: Sendable, Hashable {
    /// The first character's place.
    var start: Int
    /// How many characters: two to four.
    var count: Int
    /// What they were before.
    var decoded: UInt32
    /// Whether one of them is a control from U+0080 to U+009F.
    var hasControl = false
    /// Whether right text does not hold it.
    var isStrong = false

    /// Every group of `scalars` in `codepage`, from left to right, without overlap.
    static func all(in scalars: [UInt32], _ codepage: Codepage) -> [MojibakeGroup] {
        var groups: [MojibakeGroup] = []
        var i = 0
        while i + 1 < scalars.count {
            if scalars[i] >= 0x80, let group = group(scalars, at: i, codepage) {
                groups.append(group)
                i += group.count
            } else {
                i += 1
            }
        }
        MojibakeEvidence.judge(&groups, in: scalars, isMac: codepage.name == "mac-roman")
        return groups
    }

    /// The group at a place: UTF-8's well-formed sequences (Unicode Standard, table 3-7).
    private static func group(
        _ scalars: [UInt32], at start: Int, _ codepage: Codepage
    ) -> MojibakeGroup? {
        guard let lead = codepage.byte(of: scalars[start]), lead >= 0xC2, lead <= 0xF4 else {
            return nil
        }
        let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard start + count <= scalars.count else { return nil }
        var decoded = UInt32(lead) & (count == 2 ? 0x1F : count == 3 ? 0x0F : 0x07)
        var hasControl = false
        for index in start + 1..<start + count {
            guard scalars[index] >= 0x80, let byte = codepage.byte(of: scalars[index]),
                byte & 0xC0 == 0x80
            else { return nil }
            decoded = decoded << 6 | UInt32(byte & 0x3F)
            if scalars[index] < 0xA0 { hasControl = true }
        }
        let minimum: UInt32 = count == 2 ? 0x80 : count == 3 ? 0x800 : 0x10000
        guard decoded >= minimum, isPlausible(decoded) else { return nil }
        return MojibakeGroup(
            start: start, count: count, decoded: decoded, hasControl: hasControl)
    }

    /// Whether people write this character: living scripts, punctuation, symbols, emoji.
    static func isPlausible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x80..<0x180, 0x192, 0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x1CD...0x1DC, 0x1E6, 0x1E7: true
        case 0x218...0x21B, 0x259, 0x2BB, 0x2BC, 0x2C6, 0x2DC, 0x300...0x304, 0x306...0x30C: true
        case 0x323, 0x327, 0x328, 0x384...0x3CE, 0x400...0x45F, 0x490...0x4BF, 0x4D8...0x4E9: true
        case 0x531...0x58A, 0x5B0...0x5F4, 0x60C...0x61F, 0x621...0x652, 0x660...0x66D: true
        case 0x670...0x6D5, 0x6F0...0x6F9, 0x901...0xDF4, 0xE01...0xE5B, 0x10A0...0x10FF: true
        case 0x1E00...0x1EF9, 0x1F00...0x1FFE, 0x2002...0x200F, 0x2010...0x2044, 0x2070...0x209C:
            true
        case 0x20A0...0x20C0, 0x2100...0x214F, 0x2150...0x23FF, 0x2460...0x27BF: true
        case 0x2B05...0x2B55, 0x3000...0x30FF, 0x3105...0x312F, 0x3131...0x318E, 0x3200...0x33FF:
            true
        case 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFB00...0xFB06, 0xFE0E, 0xFE0F, 0xFEFF: true
        case 0xFF01...0xFFEE, 0xFFFD, 0x1F000...0x1FAFF, 0x20000...0x2A6DF: true
        default: false
        }
    }
}
