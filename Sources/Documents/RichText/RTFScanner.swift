/// Parts RTF into its tokens (RTF 1.9.1, "RTF Syntax").
struct RTFScanner {
    /// One token.
    enum Token: Equatable {
        case open
        case close
        /// `\word`, with its number.
        case word([UInt8], Int?)
        /// `\'hh` or a plain byte of text.
        case byte(UInt8)
        /// `\` and one byte that is no letter.
        case symbol(UInt8)
    }

    private let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next token; nil at the end. Line ends between tokens mean nothing.
    mutating func next() -> Token? {
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x7B: return .open
            case 0x7D: return .close
            case 0x5C: return control()
            case 0x0A, 0x0D, 0x00: continue
            default: return .byte(byte)
            }
        }
        return nil
    }

    /// Steps over the raw bytes of `\binN`.
    mutating func skip(_ count: Int) { index = min(bytes.count, index + max(0, count)) }

    private mutating func control() -> Token? {
        guard index < bytes.count else { return nil }
        let first = bytes[index]
        guard Self.isLetter(first) else {
            index += 1
            guard first == 0x27 else { return .symbol(first) }
            // A broken escape is dropped with what of it is there.
            guard index + 1 < bytes.count, let high = TransferEncoding.hex(bytes[index]),
                let low = TransferEncoding.hex(bytes[index + 1])
            else { return .symbol(first) }
            index += 2
            return .byte(high << 4 | low)
        }
        let start = index
        while index < bytes.count, Self.isLetter(bytes[index]), index - start < 64 { index += 1 }
        let word = Array(bytes[start..<index])
        var number: Int?
        let isNegative = index < bytes.count && bytes[index] == 0x2D
        var digits = isNegative ? index + 1 : index
        var value = 0
        let firstDigit = digits
        while digits < bytes.count, (0x30...0x39).contains(bytes[digits]), digits - firstDigit < 12
        {
            value = value * 10 + Int(bytes[digits] - 0x30)
            digits += 1
        }
        if digits > firstDigit {
            number = isNegative ? -value : value
            index = digits
        }
        // One space ends the word and belongs to it.
        if index < bytes.count, bytes[index] == 0x20 { index += 1 }
        return .word(word, number)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
    }
}
