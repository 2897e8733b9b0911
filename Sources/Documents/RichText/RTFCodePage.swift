/// The code pages of RTF text (RTF 1.9.1, "Code Page Support" and "Font Table").
enum RTFCodePage {
    /// The code page of a font's `\fcharset`; nil for "the document's own".
    static func ofCharset(_ number: Int) -> Int? {
        switch number {
        case 0: 1252
        case 2: 42
        case 77: 10000
        case 78: 10001
        case 128: 932
        case 129: 949
        case 130: 1361
        case 134: 936
        case 136: 950
        case 161: 1253
        case 162: 1254
        case 163: 1258
        case 177: 1255
        case 178, 179, 180: 1256
        case 186: 1257
        case 204: 1251
        case 222: 874
        case 238: 1250
        case 254: 437
        case 255: 850
        default: nil
        }
    }

    /// Bytes of a code page as text.
    static func decode(_ bytes: [UInt8], _ page: Int) -> String {
        if page != 42, page != 10000 || !bytes.contains(where: { $0 >= 0x80 }),
            bytes.allSatisfy({ $0 < 0x80 })
        {
            return String(decoding: bytes, as: UTF8.self)
        }
        switch page {
        case 42: return symbols(bytes)
        case 1252: return Charset.decode(bytes, "windows-1252") ?? ""
        case 65001: return String(decoding: bytes, as: UTF8.self)
        case 10000: return Charset.decode(bytes, "macintosh") ?? ""
        case 10001: return Charset.decode(bytes, "cp932") ?? ""
        case 10007: return Charset.decode(bytes, "mac-cyrillic") ?? ""
        case 936: return Charset.decode(bytes, "gb18030") ?? ""
        case 950: return Charset.decode(bytes, "big5-hkscs") ?? ""
        default:
            return Charset.decode(bytes, "cp\(page)") ?? Charset.decodeGuessing(bytes).text
        }
    }

    /// Symbol fonts have no code page: bullets are told, letters stay, the rest goes.
    private static func symbols(_ bytes: [UInt8]) -> String {
        var out = ""
        for byte in bytes {
            switch byte {
            case 0xB7, 0xA7: out += "•"
            case 0xFC: out += "✓"
            case 0xE0: out += "→"
            case 0x20...0x7E: out.unicodeScalars.append(Unicode.Scalar(byte))
            default: break
            }
        }
        return out
    }
}
