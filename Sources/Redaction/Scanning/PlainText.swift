/// A text with its disguises taken off: what a reader of the text sees, as detectors know it.
///
/// Left out are characters that show nothing (zero-width ones, soft hyphens, direction marks,
/// control characters). Full-width and mathematical letters and digits, other scripts' digits, the
/// minus sign, character references (`&#64;`, `&nbsp;`), percent encoding (`%40`) and the escapes of
/// JSON (`\u0040`) become the
/// ASCII that they stand for.
struct PlainText {
    /// The plain text, UTF-8.
    let bytes: [UInt8]
    private let runs: [Run]

    /// Bytes that are the same in both texts, or (`width` > 1) one byte for `width` bytes.
    private struct Run {
        let plain: Int32
        let source: Int32
        let width: Int32
    }

    /// The plain text of `text`; nil where that is the text itself, as it nearly always is.
    ///
    /// - Parameter text: valid UTF-8, shorter than 2 GiB.
    /// - Complexity: O(n).
    init?(_ text: [UInt8]) {
        guard let first = text.indices.first(where: { PlainText.disguise(at: $0, text) != nil })
        else { return nil }
        var bytes = Array(text[..<first])
        bytes.reserveCapacity(text.count)
        var runs = [Run(plain: 0, source: 0, width: 1)]
        var position = first
        var isCopying = true
        while position < text.count {
            guard let (width, ascii) = PlainText.disguise(at: position, text) else {
                if !isCopying {
                    runs.append(
                        Run(plain: Int32(bytes.count), source: Int32(position), width: 1))
                    isCopying = true
                }
                bytes.append(text[position])
                position += 1
                continue
            }
            if let ascii {
                runs.append(
                    Run(
                        plain: Int32(bytes.count), source: Int32(position), width: Int32(width)))
                bytes.append(ascii)
            }
            isCopying = false
            position += width
        }
        self.bytes = bytes
        self.runs = runs
    }

    /// The place in the source text of a range, not empty, of the plain text.
    ///
    /// - Complexity: O(log n).
    func source(of range: Range<Int>) -> Range<Int> {
        let last = range.upperBound - 1
        let end = run(at: last)
        return place(of: range.lowerBound)..<(place(of: last) + Int(end.width))
    }

    private func place(of offset: Int) -> Int {
        let run = run(at: offset)
        return Int(run.source) + offset - Int(run.plain)
    }

    /// The last run that begins at or before `offset`.
    private func run(at offset: Int) -> Run {
        var (low, high) = (0, runs.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if Int(runs[middle].plain) <= offset { low = middle } else { high = middle - 1 }
        }
        return runs[low]
    }

    // MARK: Disguises

    /// How many bytes at `place` are in disguise, and the ASCII byte that they stand for, if any.
    private static func disguise(at place: Int, _ text: [UInt8]) -> (width: Int, ascii: UInt8?)? {
        let byte = text[place]
        switch byte {
        case 0x20..<0x7F:
            if byte == UInt8(ascii: "&") { return reference(at: place, text) }
            if byte == UInt8(ascii: "\\") { return escape(at: place, text) }
            return byte == UInt8(ascii: "%") ? percent(at: place, text) : nil
        case 0x09, 0x0A, 0x0B, 0x0C, 0x0D: return nil
        case 0x00..<0x20, 0x7F: return (1, nil)
        case 0xC2, 0xCD, 0xD8, 0xD9, 0xDB, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0: break
        default: return nil
        }
        // Valid UTF-8: what the lead byte announces is there.
        let width = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var scalar = UInt32(byte) & (0x7F >> UInt32(width))
        for k in 1..<width { scalar = scalar << 6 | UInt32(text[place + k] & 0x3F) }
        // Emoji are made with these; inside of them they hide nothing.
        let joins = scalar == 0x200D || (0xFE00...0xFE0F).contains(scalar)
        if joins, place > 0, text[place - 1] >= 0x80 { return nil }
        if showsNothing(scalar) { return (width, nil) }
        return ascii(scalar).map { (width, $0) }
    }

    private static func showsNothing(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x80...0x9F, 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E,
            0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE01EF:
            true
        default: false
        }
    }

    private static func ascii(_ scalar: UInt32) -> UInt8? {
        switch scalar {
        case 0xFF01...0xFF5E: UInt8(scalar - 0xFEE0)
        case 0x3000: UInt8(ascii: " ")
        case 0x2212, 0xFE63: UInt8(ascii: "-")
        case 0x660...0x669: UInt8(scalar - 0x660 + 0x30)
        case 0x6F0...0x6F9: UInt8(scalar - 0x6F0 + 0x30)
        case 0x24B6...0x24CF: UInt8(scalar - 0x24B6 + 0x41)
        case 0x24D0...0x24E9: UInt8(scalar - 0x24D0 + 0x61)
        case 0x1D400...0x1D6A3:
            // Alphabets of 26 capitals and 26 small letters, one style behind the other.
            UInt8((scalar - 0x1D400) % 52 < 26 ? 0x41 : 0x61 - 26)
                + UInt8((scalar - 0x1D400) % 52)
        case 0x1D7CE...0x1D7FF: UInt8((scalar - 0x1D7CE) % 10 + 0x30)
        default: nil
        }
    }

    /// `&#64;`, `&#x40;` and the named references that stand in and around identifiers.
    private static func reference(at place: Int, _ text: [UInt8]) -> (Int, UInt8?)? {
        let end = min(place + 12, text.count)
        guard let stop = text[place..<end].firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = text[(place + 1)..<stop]
        let width = stop - place + 1
        guard name.first == UInt8(ascii: "#") else {
            return names[String(decoding: name, as: UTF8.self)].map { (width, $0) }
        }
        let digits = name.dropFirst()
        let isHex = digits.first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let number = String(decoding: isHex ? digits.dropFirst() : digits, as: UTF8.self)
        guard let value = UInt32(number, radix: isHex ? 16 : 10) else { return nil }
        if value == 0xA0 { return (width, UInt8(ascii: " ")) }
        if showsNothing(value) { return (width, nil) }
        if (0x20..<0x7F).contains(value) { return (width, UInt8(value)) }
        return ascii(value).map { (width, $0) }
    }

    private static let names: [String: UInt8?] = [
        "nbsp": UInt8(ascii: " "), "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"),
        "gt": UInt8(ascii: ">"), "quot": UInt8(ascii: "\""), "apos": UInt8(ascii: "'"),
        "commat": UInt8(ascii: "@"), "period": UInt8(ascii: "."), "lowbar": UInt8(ascii: "_"),
        "colon": UInt8(ascii: ":"), "comma": UInt8(ascii: ","), "hyphen": UInt8(ascii: "-"),
        "lpar": UInt8(ascii: "("), "rpar": UInt8(ascii: ")"), "plus": UInt8(ascii: "+"),
        "sol": UInt8(ascii: "/"), "num": UInt8(ascii: "#"), "ensp": UInt8(ascii: " "),
        "emsp": UInt8(ascii: " "), "thinsp": UInt8(ascii: " "), "minus": UInt8(ascii: "-"),
        "shy": nil, "zwj": nil, "zwnj": nil, "lrm": nil, "rlm": nil,
    ]

    /// `%40` and the like.
    private static func percent(at place: Int, _ text: [UInt8]) -> (Int, UInt8?)? {
        guard place + 2 < text.count, let high = nibble(text[place + 1]),
            let low = nibble(text[place + 2])
        else { return nil }
        let value = high << 4 | low
        return (0x20..<0x7F).contains(value) ? (3, value) : nil
    }

    /// `\u0040`, as in JSON that stands inside of a text.
    private static func escape(at place: Int, _ text: [UInt8]) -> (Int, UInt8?)? {
        guard place + 5 < text.count, text[place + 1] == UInt8(ascii: "u") else { return nil }
        var value: UInt32 = 0
        for k in 2...5 {
            guard let digit = nibble(text[place + k]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        if value == 0xA0 { return (6, UInt8(ascii: " ")) }
        if showsNothing(value) { return (6, nil) }
        return (0x20..<0x7F).contains(value) ? (6, UInt8(value)) : ascii(value).map { (6, $0) }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
