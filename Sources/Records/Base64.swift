/// Standard base64 with padding (RFC 4648 §4).
public enum Base64 {
    private static let alphabet = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    /// Four letters for every three bytes, padded with `=`.
    public static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let first = bytes[index]
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            out.append(alphabet[Int(first >> 2)])
            out.append(alphabet[Int((first & 3) << 4 | second >> 4)])
            out.append(left > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : padding)
            out.append(left > 2 ? alphabet[Int(third & 63)] : padding)
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes of canonical, padded base64; nil for anything else (also for stray trailing bits).
    public static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 4) else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(letters.count / 4 * 3)
        for start in stride(from: 0, to: letters.count, by: 4) {
            let isLast = start + 4 == letters.count
            let pads =
                !isLast || letters[start + 3] != padding ? 0 : letters[start + 2] == padding ? 2 : 1
            var word: UInt32 = 0
            for index in 0..<4 {
                let value = index < 4 - pads ? values[Int(letters[start + index])] : 0
                guard value != 255 else { return nil }
                word = word << 6 | UInt32(value)
            }
            if pads == 2, word & 0xFFFF != 0 { return nil }
            if pads == 1, word & 0xFF != 0 { return nil }
            out.append(UInt8(word >> 16 & 255))
            if pads < 2 { out.append(UInt8(word >> 8 & 255)) }
            if pads < 1 { out.append(UInt8(word & 255)) }
        }
        return out
    }

    private static let padding = UInt8(ascii: "=")
}
