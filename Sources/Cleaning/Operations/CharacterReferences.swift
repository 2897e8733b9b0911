/// Undoes HTML character references and line breaks that an export left in plain text.
///
/// Rules: decimal and hexadecimal references, the names below, and `<br>`; once, not repeatedly;
/// a reference to a control character or to nothing stays as it is.
enum CharacterReferences {
    /// The names that exports leave behind (HTML Living Standard §13.5).
    private static let names: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0xA0,
        "copy": 0xA9, "reg": 0xAE, "trade": 0x2122, "hellip": 0x2026, "mdash": 0x2014,
        "ndash": 0x2013, "lsquo": 0x2018, "rsquo": 0x2019, "ldquo": 0x201C, "rdquo": 0x201D,
        "bull": 0x2022, "middot": 0xB7, "deg": 0xB0, "euro": 0x20AC, "pound": 0xA3, "yen": 0xA5,
        "cent": 0xA2, "sect": 0xA7, "laquo": 0xAB, "raquo": 0xBB, "times": 0xD7, "frac12": 0xBD,
        "frac14": 0xBC, "frac34": 0xBE, "eacute": 0xE9, "egrave": 0xE8, "agrave": 0xE0,
        "ccedil": 0xE7, "auml": 0xE4, "ouml": 0xF6, "uuml": 0xFC, "Auml": 0xC4, "Ouml": 0xD6,
        "Uuml": 0xDC, "szlig": 0xDF, "ntilde": 0xF1, "aacute": 0xE1, "iacute": 0xED,
        "oacute": 0xF3, "uacute": 0xFA,
    ]

    /// `bytes` with references undone.
    static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") }) else {
            return bytes
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            if bytes[i] == UInt8(ascii: "&"), let (scalar, length) = reference(bytes, at: i) {
                ScalarBytes.append(scalar, to: &output)
                i += length
            } else if bytes[i] == UInt8(ascii: "<"), let length = lineBreak(bytes, at: i) {
                output.append(0x0A)
                i += length
            } else {
                output.append(bytes[i])
                i += 1
            }
        }
        return output
    }

    private static func reference(_ bytes: [UInt8], at start: Int) -> (UInt32, Int)? {
        let limit = min(bytes.count, start + 12)
        guard let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: ";")), end > start + 1
        else { return nil }
        let body = String(decoding: bytes[start + 1..<end], as: UTF8.self)
        let length = end + 1 - start
        if let scalar = names[body] { return (scalar, length) }
        guard body.first == "#" else { return nil }
        let digits = body.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, number >= 0x20, !(0x7F..<0xA0).contains(number),
            Unicode.Scalar(number) != nil
        else { return nil }
        return (number, length)
    }

    private static func lineBreak(_ bytes: [UInt8], at start: Int) -> Int? {
        for form in ["<br>", "<br/>", "<br />"] where start + form.utf8.count <= bytes.count {
            let part = bytes[start..<start + form.utf8.count]
            if zip(part, form.utf8).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 }) {
                return form.utf8.count
            }
        }
        return nil
    }
}
