/// Collapses and trims white space (the property White_Space of Unicode).
///
/// Rules: a run of spaces becomes one space; spaces at line ends go; CR LF, CR, NEL, U+2028 and
/// U+2029 become LF; more than one empty line becomes one; nothing stays at the ends of the text.
enum WhiteSpace {
    /// `bytes` with white space collapsed.
    static func collapsed(_ bytes: [UInt8], keepsLines: Bool) -> [UInt8] {
        if TextTraits(bytes).isDisjoint(with: [.beyondASCII, .control, .looseSpace]) {
            return bytes
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var spaces = false
        var lines = 0
        var i = 0
        while i < bytes.count {
            let byte = bytes[i]
            if byte > 0x20 && byte < 0x7F {
                flush(&spaces, &lines, keepsLines, &output)
                output.append(byte)
                i += 1
                continue
            }
            let (scalar, length) = ScalarBytes.scalar(bytes, at: i)
            switch scalar {
            case 0x0D:
                lines += 1
                if i + 1 < bytes.count && bytes[i + 1] == 0x0A { i += 1 }
            case 0x0A, 0x85, 0x2028, 0x2029: lines += 1
            case 0x09, 0x0B, 0x0C, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000:
                spaces = true
            default:
                flush(&spaces, &lines, keepsLines, &output)
                output.append(contentsOf: bytes[i..<i + length])
            }
            i += length
        }
        return output
    }

    private static func flush(
        _ spaces: inout Bool, _ lines: inout Int, _ keepsLines: Bool, _ output: inout [UInt8]
    ) {
        if !output.isEmpty {
            if lines > 0 && keepsLines {
                output.append(0x0A)
                if lines > 1 { output.append(0x0A) }
            } else if spaces || lines > 0 {
                output.append(0x20)
            }
        }
        spaces = false
        lines = 0
    }
}
