import Testing

@testable import Documents

@Suite struct CharsetTests {
    @Test(arguments: [
        ([0x47, 0x72, 0xFC, 0xDF, 0x65] as [UInt8], "ISO-8859-1", "Grüße"),
        ([0x80, 0x20, 0x93, 0x78, 0x94], "us-ascii", "€ “x”"),
        ([0x81, 0x41], "windows-1252", "?A"),
        ([0x82, 0xA0, 0x41], "Shift_JIS", "あA"),
        ([0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "iso-2022-jp", "あ"),
        ([0xC4, 0xE3], "gb2312", "你"),
        ([0xB0, 0xA1], "ks_c_5601-1987", "가"),
        ([0xCF, 0xF0], "\"windows-1251\"", "Пр"),
        ([0xEF, 0xBB, 0xBF, 0xC3, 0xA9], "utf8", "é"),
        ([0xFE, 0xFF, 0, 0x41], "utf-16", "A"),
        ([0x41, 0xFF, 0x42], "utf-8", "A\u{FFFD}B"),
        ([0x41, 0x81, 0x20, 0x42], "shift_jis", "A\u{FFFD} B"),
        ([], "koi8-r", ""),
    ])
    func decodes(bytes: [UInt8], label: String, expected: String) {
        #expect(Charset.decode(bytes, label) == expected)
    }

    @Test(arguments: ["", "klingon", "../../x", "utf-8//translit x", "a b"])
    func unknown(label: String) { #expect(Charset.decode([0x41], label) == nil) }

    @Test func guesses() {
        #expect(Charset.decodeGuessing([0xC3, 0xA9]) == ("é", "utf-8"))
        #expect(Charset.decodeGuessing([0xE9]) == ("é", "windows-1252"))
        #expect(Charset.decodeGuessing([0xFF, 0xFE, 0xE9, 0]) == ("é", "utf-16le"))
    }
}
