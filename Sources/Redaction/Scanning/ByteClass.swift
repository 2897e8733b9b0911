/// What a byte is to the scanners, as bits: one table look-up per byte of text.
///
/// Bytes above 127 count as letters; the few Unicode separators that matter (no-break spaces,
/// dashes, quotation marks) are told apart by `Scan.separatorLength(at:)`.
enum ByteClass {
    static let lower: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 4
    static let high: UInt8 = 8
    static let space: UInt8 = 16
    /// Punctuation that starts a recogniser: `@ : = # .`
    static let trigger: UInt8 = 32
    /// Hexadecimal digits.
    static let hex: UInt8 = 64

    static let letter = lower | upper | high
    static let word = letter | digit

    /// 256 entries, by byte.
    static let table: [UInt8] = (0..<256).map { (byte: Int) -> UInt8 in
        switch byte {
        case 0x30...0x39: digit | hex
        case 0x41...0x46: upper | hex
        case 0x47...0x5A: upper
        case 0x61...0x66: lower | hex
        case 0x67...0x7A: lower
        case 0x80...0xFF: high
        case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: space
        case 0x40, 0x3A, 0x3D, 0x23, 0x2E: trigger
        default: 0
        }
    }
}

/// ASCII bytes by name, where a number would puzzle.
extension UInt8 {
    @inline(__always) init(_ scalar: StaticString) {
        self = unsafe scalar.utf8Start.pointee
    }
    @inline(__always) var isDigit: Bool { self &- 48 < 10 }
    @inline(__always) var isUpper: Bool { self &- 65 < 26 }
    @inline(__always) var isLower: Bool { self &- 97 < 26 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 97 < 26 }
    @inline(__always) var isAlnum: Bool { isDigit || isLetter }
    /// A letter, a digit or part of a character outside ASCII.
    @inline(__always) var isWord: Bool { isAlnum || self >= 0x80 }
    @inline(__always) var isHex: Bool { isDigit || (self | 0x20) &- 97 < 6 }
    @inline(__always) var isSpace: Bool { self == 32 || (self >= 9 && self <= 13) }
    @inline(__always) var isNewline: Bool { self == 10 || self == 13 }
    /// The lower-case form of an ASCII letter; other bytes as they are.
    @inline(__always) var lowered: UInt8 { isUpper ? self | 0x20 : self }
    /// The upper-case form of an ASCII letter; other bytes as they are.
    @inline(__always) var uppered: UInt8 { isLower ? self & 0xDF : self }
    /// The value of an ASCII digit.
    @inline(__always) var digitValue: Int { Int(self) - 48 }
}
