internal import Glibc

/// Text in named encodings, by the C library's `iconv`.
enum Charset {
    /// Labels that stand for more than they say on the web (WHATWG Encoding §4.2), or that
    /// `iconv` knows by another name.
    private static let aliases: [String: String] = [
        "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-1": "windows-1252",
        "latin1": "windows-1252", "iso8859-1": "windows-1252", "l1": "windows-1252",
        "iso-8859-9": "windows-1254", "latin5": "windows-1254", "iso-8859-11": "windows-874",
        "tis-620": "windows-874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
        "gb_2312-80": "gb18030", "x-sjis": "shift_jis", "sjis": "cp932", "shift_jis": "cp932",
        "shift-jis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932",
        "ks_c_5601-1987": "cp949",
        "ks_c_5601": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "big5": "big5-hkscs",
        "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-mac-roman": "macintosh",
        "mac": "macintosh", "x-user-defined": "windows-1252", "iso-8859-8-i": "iso-8859-8",
        "iso-8859-8-e": "iso-8859-8", "unicode": "utf-16le", "utf-16": "utf-16le",
        "x-unknown": "windows-1252", "unknown-8bit": "windows-1252", "ansi": "windows-1252",
        "dos-720": "cp720", "dos-862": "cp862", "x-cp1251": "windows-1251",
    ]

    /// The name `iconv` takes for a label; nil for one that could be an option or a path.
    static func name(_ label: String) -> String? {
        var text = label.utf8.drop { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 }
        while let last = text.last, last <= 0x20 || last == 0x22 || last == 0x27 {
            text.removeLast()
        }
        let lower = String(decoding: text, as: UTF8.self).lowercased()
        guard !lower.isEmpty, lower.utf8.count <= 40,
            lower.utf8.allSatisfy({
                $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D || $0 == 0x5F
                    || $0 == 0x2E || $0 == 0x3A || $0 == 0x2B
            })
        else { return nil }
        return aliases[lower] ?? lower
    }

    /// Decodes `bytes`; a broken sequence becomes U+FFFD. A byte order mark is left out.
    ///
    /// - Returns: nil where the label is not known.
    static func decode(_ bytes: some Collection<UInt8>, _ label: String) -> String? {
        guard let name = name(label) else { return nil }
        if name == "utf-8" {
            let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
            return String(decoding: bytes.dropFirst(isMarked ? 3 : 0), as: UTF8.self)
        }
        var source = Array(bytes)
        if name == "utf-16le" || name == "utf-16be" {
            if source.starts(with: [0xFF, 0xFE]) {
                return convert(Array(source.dropFirst(2)), "utf-16le")
            }
            if source.starts(with: [0xFE, 0xFF]) {
                return convert(Array(source.dropFirst(2)), "utf-16be")
            }
        }
        if name == "windows-1252" { source = source.map { undefined1252.contains($0) ? 0x3F : $0 } }
        return convert(source, name)
    }

    /// Decodes by byte order mark, as UTF-8 if that is sound, else as Windows-1252.
    static func decodeGuessing(
        _ bytes: some Collection<UInt8>
    ) -> (text: String, encoding: String) {
        if bytes.starts(with: [0xFF, 0xFE]), let text = decode(bytes, "utf-16le") {
            return (text, "utf-16le")
        }
        if bytes.starts(with: [0xFE, 0xFF]), let text = decode(bytes, "utf-16be") {
            return (text, "utf-16be")
        }
        let body = bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        if let text = String(validating: body, as: UTF8.self) { return (text, "utf-8") }
        return (decode(bytes, "windows-1252") ?? "", "windows-1252")
    }

    /// Bytes that Windows-1252 leaves undefined; `iconv` would stop at them.
    private static let undefined1252: Set<UInt8> = [0x81, 0x8D, 0x8F, 0x90, 0x9D]

    private static func convert(_ source: [UInt8], _ name: String) -> String? {
        guard let converter = unsafe iconv_open("UTF-8", name),
            unsafe converter != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        defer { unsafe iconv_close(converter) }
        var input = source
        var output: [UInt8] = []
        output.reserveCapacity(source.count * 2)
        var buffer = [CChar](repeating: 0, count: 16384)
        unsafe input.withUnsafeMutableBytes { all in
            guard let base = all.baseAddress else { return }
            var next: UnsafeMutablePointer<CChar>? = unsafe base.assumingMemoryBound(
                to: CChar.self)
            var left = all.count
            while true {
                var isDone = false
                var problem: Int32 = 0
                let produced = unsafe buffer.withUnsafeMutableBufferPointer { target -> Int in
                    var to = target.baseAddress
                    var room = target.count
                    let result =
                        left > 0
                        ? unsafe iconv(converter, &next, &left, &to, &room)
                        : unsafe iconv(converter, nil, nil, &to, &room)
                    problem = result == -1 ? errno : 0
                    return target.count - room
                }
                isDone = left == 0 && problem == 0
                output += buffer[..<produced].lazy.map { UInt8(bitPattern: $0) }
                if problem == EILSEQ || problem == EINVAL, left > 0 {
                    output += [0xEF, 0xBF, 0xBD]
                    unsafe next = unsafe next.map { unsafe $0 + 1 }
                    left -= 1
                    isDone = left == 0
                } else if problem != 0 && problem != E2BIG {
                    isDone = true
                }
                if isDone { break }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
