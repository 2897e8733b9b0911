/// Content transfer encodings (RFC 2045 §6), read with damage tolerated.
enum TransferEncoding {
    /// The bytes of a body in the encoding called `name`; an unknown one leaves them as they are.
    static func decode(_ body: ArraySlice<UInt8>, _ name: String?) -> [UInt8] {
        let word = MailText.lowered((name ?? "").utf8.prefix { $0 != 0x3B }.filter { $0 > 0x20 })
        switch word {
        case "base64", "b", "base-64": return isBase64(body) ? base64(body) : Array(body)
        case "quoted-printable", "q", "quotedprintable": return quotedPrintable(body)
        case "x-uuencode", "uuencode", "x-uue", "uue": return uuencoded(body) ?? Array(body)
        default: return Array(body)
        }
    }

    /// The value of a hexadecimal digit.
    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Base64 (§6.8): bytes outside the alphabet are skipped, padding may come early, the bits of
    /// a broken last group are dropped.
    static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3)
        var word: UInt32 = 0
        var count = 0
        for byte in text {
            let value = base64Values[Int(byte)]
            if value < 64 {
                word = word << 6 | UInt32(value)
                count += 1
                if count == 4 {
                    out.append(UInt8(truncatingIfNeeded: word >> 16))
                    out.append(UInt8(truncatingIfNeeded: word >> 8))
                    out.append(UInt8(truncatingIfNeeded: word))
                    (word, count) = (0, 0)
                }
            } else if byte == 0x3D {
                // Padding ends a group; another base64 text may follow.
                appendRest(word, count, to: &out)
                (word, count) = (0, 0)
            }
        }
        appendRest(word, count, to: &out)
        return out
    }

    private static func appendRest(_ word: UInt32, _ count: Int, to out: inout [UInt8]) {
        if count >= 2 { out.append(UInt8(truncatingIfNeeded: word >> (count == 2 ? 4 : 10))) }
        if count == 3 { out.append(UInt8(truncatingIfNeeded: word >> 2)) }
    }

    /// Whether it may be base64 at all: plain text under that name has blanks between words.
    private static func isBase64(_ text: ArraySlice<UInt8>) -> Bool {
        var (letters, others) = (0, 0)
        for byte in text.prefix(4096) {
            if base64Values[Int(byte)] < 64 || byte == 0x3D {
                letters += 1
            } else if byte != 0x0D && byte != 0x0A {
                others += 1
            }
        }
        return others * 10 <= letters
    }

    private static let base64Values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, letter) in alphabet.utf8.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    /// Quoted-printable (§6.7): `=` before a line end joins lines, white space before a line end
    /// is dropped, a `=` before anything else stays.
    static func quotedPrintable(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var position = text.startIndex
        while position < text.endIndex {
            let (full, next) = MailLines.line(text, at: position)
            var line = full
            while let last = line.last, last == 0x20 || last == 0x09 { line = line.dropLast() }
            var isSoft = false
            var index = line.startIndex
            while index < line.endIndex {
                let byte = line[index]
                guard byte == 0x3D else {
                    out.append(byte)
                    index += 1
                    continue
                }
                if index + 1 == line.endIndex {
                    isSoft = true
                    index += 1
                } else if index + 2 < line.endIndex, let high = hex(line[index + 1]),
                    let low = hex(line[index + 2])
                {
                    out.append(high << 4 | low)
                    index += 3
                } else {
                    out.append(byte)
                    index += 1
                }
            }
            let hasEnd = next > position && text[next - 1] == 0x0A
            if !isSoft, hasEnd { out.append(0x0A) }
            position = next
        }
        return out
    }

    /// uuencode as POSIX describes it; nil where no `begin` line stands.
    static func uuencoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var begun = false
        var position = text.startIndex
        while position < text.endIndex {
            let (line, next) = MailLines.line(text, at: position)
            position = next
            if !begun {
                begun = line.starts(with: Array("begin ".utf8))
                continue
            }
            if line.elementsEqual("end".utf8) { return out }
            guard let first = line.first, first >= 0x20 else { continue }
            let count = Int((first - 0x20) & 0x3F)
            var bytes: [UInt8] = []
            var index = line.startIndex + 1
            while bytes.count < count, index < line.endIndex {
                var word: UInt32 = 0
                for offset in 0..<4 {
                    let byte = index + offset < line.endIndex ? line[index + offset] : 0x20
                    word = word << 6 | UInt32((byte &- 0x20) & 0x3F)
                }
                bytes.append(UInt8(truncatingIfNeeded: word >> 16))
                bytes.append(UInt8(truncatingIfNeeded: word >> 8))
                bytes.append(UInt8(truncatingIfNeeded: word))
                index += 4
            }
            out.append(contentsOf: bytes.prefix(count))
        }
        return begun ? out : nil
    }
}
