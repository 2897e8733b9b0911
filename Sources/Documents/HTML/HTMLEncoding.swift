/// Which encoding a page is in, and its text as UTF-8.
///
/// A byte order mark decides; else what the user declared; else what the page's own `meta` or XML
/// declaration says, unless its bytes are sound UTF-8 with characters beyond ASCII, or are not the
/// UTF-8 that it claims; else UTF-8 where all bytes are sound, else Windows-1252.
enum HTMLEncoding {
    /// The page in UTF-8 and the name of its encoding.
    static func decode(_ bytes: [UInt8], declared: String?) -> (utf8: [UInt8], encoding: String) {
        for (mark, name) in marks where bytes.starts(with: mark) {
            return converted(bytes, name)
        }
        if let declared, Charset.decode([], declared) != nil { return converted(bytes, declared) }
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        let isASCII = !bytes.contains { $0 >= 0x80 }
        if bytes.count > 3, bytes[0] == 0 && bytes[2] == 0 || bytes[1] == 0 && bytes[3] == 0 {
            return converted(bytes, bytes[0] == 0 ? "utf-16be" : "utf-16le")
        }
        let own = label(bytes).flatMap { Charset.name($0) }
        if isUTF8 {
            // Shift states (ISO 2022) are ASCII bytes, too.
            if isASCII, let own, own.hasPrefix("iso-2022") || own == "hz-gb-2312" {
                return converted(bytes, own)
            }
            return (withoutZeros(bytes), "utf-8")
        }
        // A page that could be read as ASCII so far is not UTF-16, whatever it says.
        if let own, !own.hasPrefix("utf"), Charset.decode([], own) != nil {
            return converted(bytes, own)
        }
        if own == "utf-8", mostlySound(bytes) { return converted(bytes, "utf-8") }
        return converted(bytes, "windows-1252")
    }

    private static let marks: [([UInt8], String)] = [
        ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"),
    ]

    private static func converted(
        _ bytes: [UInt8], _ label: String
    ) -> (utf8: [UInt8], encoding: String) {
        let text = Charset.decode(bytes, label) ?? String(decoding: bytes, as: UTF8.self)
        return (withoutZeros(Array(text.utf8)), Charset.name(label) ?? label)
    }

    private static func withoutZeros(_ bytes: [UInt8]) -> [UInt8] {
        let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        guard isMarked || bytes.contains(0) else { return bytes }
        return bytes.dropFirst(isMarked ? 3 : 0).filter { $0 != 0 }
    }

    /// At most one broken sequence for four sound ones.
    private static func mostlySound(_ bytes: [UInt8]) -> Bool {
        var broken = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars
        where scalar == "\u{FFFD}" { broken += 1 }
        return bytes.count { $0 >= 0xC2 } >= broken * 4
    }

    /// The label behind the first `charset=` of a `meta`, or `encoding=` of an XML declaration, in
    /// the first 64 KiB (WHATWG HTML §13.2.3.2 looks at 1 KiB; real pages have it later).
    private static func label(_ bytes: [UInt8]) -> String? {
        let head = bytes.prefix(64 << 10).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        if head.starts(with: Array("<?xml".utf8)), let end = head.firstIndex(of: 0x3E),
            let found = value(of: "encoding", in: head[..<end])
        {
            return found
        }
        let meta = Array("<meta".utf8)
        var at = 0
        while let start = head[at...].firstIndex(of: 0x3C) {
            at = start + 1
            if head[start...].starts(with: Array("<!--".utf8)) {
                at = end(of: Array("-->".utf8), in: head, from: start + 4)
                continue
            }
            guard head[start...].starts(with: meta) else { continue }
            let end = head[start...].firstIndex(of: 0x3E) ?? head.count
            if let found = value(of: "charset", in: head[start..<end]) { return found }
            at = end
        }
        return nil
    }

    private static func end(of mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int {
        var at = min(start, bytes.count)
        while let next = bytes[at...].firstIndex(of: mark[0]) {
            if bytes[next...].starts(with: mark) { return next + mark.count }
            at = next + 1
        }
        return bytes.count
    }

    private static func value(of name: String, in bytes: ArraySlice<UInt8>) -> String? {
        let wanted = Array(name.utf8)
        var at = bytes.startIndex
        while let next = bytes[at...].firstIndex(of: wanted[0]) {
            at = next + 1
            guard bytes[next...].starts(with: wanted) else { continue }
            var rest = bytes[(next + wanted.count)...].drop { $0 <= 0x20 }
            guard rest.first == 0x3D else { continue }
            rest = rest.dropFirst().drop { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 }
            let label = rest.prefix {
                $0 > 0x20 && $0 != 0x22 && $0 != 0x27 && $0 != 0x3B && $0 != 0x2F && $0 != 0x3F
            }
            if let text = Charset.name(String(decoding: label, as: UTF8.self)),
                Charset.decode([], text) != nil
            {
                return text
            }
        }
        return nil
    }
}
