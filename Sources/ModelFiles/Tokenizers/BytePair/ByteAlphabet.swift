/// The alphabet in which byte-level BPE vocabularies are written: a printable character for each
/// byte (Radford et al. 2019, `bytes_to_unicode`).
///
/// Bytes that are printable in Latin-1 stand for themselves; the others follow from U+0100 on.
enum ByteAlphabet {
    /// The scalar of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(UInt8(byte))
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? "\u{FFFD}"
            }
        }
    }()

    /// Byte + 1 of each scalar below U+0144, 0 where there is none.
    private static let bytes: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt16(byte) + 1 }
        return table
    }()

    /// The bytes that a token stands for, nil if it holds a character of no byte.
    static func decode(_ token: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(token.count)
        var iterator = token.makeIterator()
        while let first = iterator.next() {
            var value = Int(first)
            if first >= 0x80 {
                // Two-byte characters are all that the alphabet has.
                guard first >= 0xC2, first <= 0xC5, let second = iterator.next() else { return nil }
                value = Int(first & 0x1F) << 6 | Int(second & 0x3F)
            }
            guard value < bytes.count, bytes[value] > 0 else { return nil }
            result.append(UInt8(bytes[value] - 1))
        }
        return result
    }

    /// How a vocabulary writes bytes.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes { result.append(scalars[Int(byte)]) }
        return result
    }
}
