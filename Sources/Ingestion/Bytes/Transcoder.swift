/// Turns source bytes into UTF-8, and measures how many source bytes a piece of the result stood
/// for, so that records can be found again in their file.
///
/// A surrogate of UTF-16 without its partner becomes the three bytes that UTF-8 forbids for it, and
/// an odd last byte becomes 0xFF: both stand for what they were, and make the row invalid.
struct Transcoder {
    let encoding: TextEncoding
    private var carry: [UInt8] = []

    init(_ encoding: TextEncoding) { self.encoding = encoding }

    /// Whether source and result are the same bytes.
    var isIdentity: Bool { encoding == .utf8 }

    /// Appends the text of `raw` to `output`.
    mutating func decode(_ raw: [UInt8], into output: inout [UInt8]) {
        switch encoding {
        case .utf8: output.append(contentsOf: raw)
        case .latin1: for byte in raw { Self.append(UInt32(byte), to: &output) }
        case .windows1252: for byte in raw { Self.append(Self.windows1252(byte), to: &output) }
        case .utf16LE, .utf16BE: decodeUTF16(raw, into: &output)
        }
    }

    /// Appends what the end of the input leaves over.
    mutating func finish(into output: inout [UInt8]) {
        guard !carry.isEmpty else { return }
        if carry.count >= 2 { Self.append(unit(carry, 0), to: &output) }
        if carry.count % 2 == 1 { output.append(0xFF) }
        carry = []
    }

    /// How many source bytes `text` stood for.
    func sourceBytes(of text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        switch encoding {
        case .utf8: return UInt64(text.count)
        case .latin1, .windows1252:
            return unsafe text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        case .utf16LE, .utf16BE:
            return unsafe text.reduce(0) { bytes, byte in
                if byte & 0xC0 == 0x80 { return bytes }
                return bytes + (byte == 0xFF ? 1 : byte >= 0xF0 ? 4 : 2)
            }
        }
    }

    private func unit(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        encoding == .utf16LE
            ? UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
            : UInt32(bytes[index + 1]) | UInt32(bytes[index]) << 8
    }

    private mutating func decodeUTF16(_ raw: [UInt8], into output: inout [UInt8]) {
        let bytes = carry.isEmpty ? raw : carry + raw
        carry = []
        var i = 0
        while i + 1 < bytes.count {
            let first = unit(bytes, i)
            if first & 0xFC00 == 0xD800 {
                guard i + 3 < bytes.count else { break }
                let second = unit(bytes, i + 2)
                if second & 0xFC00 == 0xDC00 {
                    Self.append(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF, to: &output)
                    i += 4
                    continue
                }
            }
            Self.append(first, to: &output)
            i += 2
        }
        carry = Array(bytes[i...])
    }

    private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        switch scalar {
        case 0..<0x80: output.append(UInt8(scalar))
        case 0x80..<0x800:
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        case 0x800..<0x10000:
            output.append(UInt8(0xE0 | scalar >> 12))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(0xF0 | scalar >> 18))
            output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// WHATWG Encoding Standard, index windows-1252: the five bytes without a character are the C1
    /// controls of the same number.
    private static func windows1252(_ byte: UInt8) -> UInt32 {
        byte & 0xE0 == 0x80 ? upperHalf[Int(byte & 0x1F)] : UInt32(byte)
    }

    private static let upperHalf: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
