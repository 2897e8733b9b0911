/// Scalars of UTF-8 bytes, by position.
///
/// The readers take ill-formed bytes as U+FFFD, one byte long, so that they are safe on any input;
/// `repaired` makes a text well-formed first, and then that case never comes.
enum UTF8Scalars {
    /// The scalar that starts at `index` (below `bytes.endIndex`), and its length in bytes.
    @inline(__always)
    static func scalar(
        _ bytes: [UInt8], at index: Int, limit: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let first = bytes[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        return longScalar(bytes, at: index, limit: limit)
    }

    /// The scalar that ends before `end` (above `start`), and its length in bytes.
    static func scalar(
        _ bytes: [UInt8], before end: Int, start: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        var index = end - 1
        while index > start, end - index < 4, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        let (scalar, length) = self.scalar(bytes, at: index, limit: end)
        return index + length == end ? (scalar, length) : ("\u{FFFD}", 1)
    }

    /// Whether the bytes are well-formed UTF-8 (Unicode 16, table 3-7).
    static func areWellFormed(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let (scalar, length) = longScalar(bytes, at: index, limit: bytes.count)
            if length == 1, scalar == "\u{FFFD}" { return false }
            index += length
        }
        return true
    }

    /// The bytes themselves, or with U+FFFD for each maximal ill-formed part.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        areWellFormed(bytes) ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    private static func longScalar(
        _ bytes: [UInt8], at index: Int, limit: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let bad: (Unicode.Scalar, Int) = ("\u{FFFD}", 1)
        let first = UInt32(bytes[index])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard (0xC2...0xF4).contains(first), index + length <= limit else { return bad }
        var value = first & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = UInt32(bytes[index + offset])
            guard byte & 0xC0 == 0x80 else { return bad }
            value = value << 6 | (byte & 0x3F)
        }
        // Overlong forms and surrogates are no scalars.
        guard value >= (length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80),
            let scalar = Unicode.Scalar(value)
        else { return bad }
        return (scalar, length)
    }
}

extension [UInt8] {
    /// Appends a scalar in UTF-8.
    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
