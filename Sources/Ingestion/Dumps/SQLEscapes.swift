internal import Records

/// The escapes behind a backslash.
enum SQLEscapes {
    /// Appends what the sequence at the start of `bytes` means; how long it is.
    ///
    /// MySQL 8.4 §11.1.1; with `isC` PostgreSQL 16 §4.1.2.2 and the text form of COPY.
    static func decode(_ bytes: ArraySlice<UInt8>, isC: Bool, into output: inout [UInt8]) -> Int {
        let start = bytes.startIndex
        let letter = bytes[start + 1]
        switch letter {
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f") where isC: output.append(0x0C)
        case UInt8(ascii: "v") where isC: output.append(0x0B)
        case UInt8(ascii: "Z") where !isC: output.append(0x1A)
        case UInt8(ascii: "%") where !isC, UInt8(ascii: "_") where !isC:
            output += [UInt8(ascii: "\\"), letter]
        case UInt8(ascii: "0")...UInt8(ascii: "7") where isC:
            let digits = bytes[(start + 1)...].prefix(3).prefix { (0x30...0x37).contains($0) }
            let value = digits.reduce(0) { ($0 * 8 + Int($1 - 0x30)) & 0xFF }
            output.append(UInt8(value))
            return 1 + digits.count
        case UInt8(ascii: "0"): output.append(0)
        case UInt8(ascii: "x") where isC:
            let digits = bytes[(start + 2)...].prefix(2).prefix(while: Hex.isDigit)
            guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                output.append(letter)
                return 2
            }
            output.append(value)
            return 2 + digits.count
        case UInt8(ascii: "u") where isC, UInt8(ascii: "U") where isC:
            let width = letter == UInt8(ascii: "u") ? 4 : 8
            let digits = bytes[(start + 2)...].prefix(width).prefix(while: Hex.isDigit)
            guard digits.count == width,
                let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
            else {
                output.append(letter)
                return 2
            }
            output += Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
            return 2 + width
        default: output.append(letter)
        }
        return 2
    }
}

extension Hex {
    static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
