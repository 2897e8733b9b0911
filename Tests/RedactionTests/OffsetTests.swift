import Records
import Testing

@testable import Redaction

struct OffsetTests {
    @Test(arguments: [
        "", "a", "é", "e\u{301}x", "😀", "👩‍👩‍👧 x", "a\r\nb", "日本語", "x😀é\u{FE0F}y",
        "\u{1F1E9}\u{1F1EA}!",
    ])
    func agreesWithString(_ text: String) {
        var map = OffsetMap(Array(text.utf8))
        var indices = Array(text.unicodeScalars.indices)
        indices.append(text.endIndex)
        for index in indices + indices.reversed() {
            let byte = text.utf8.distance(from: text.startIndex, to: index)
            #expect(
                map.codePoint(atByte: byte)
                    == text.unicodeScalars.distance(from: text.startIndex, to: index))
            #expect(
                map.utf16(atByte: byte) == text.utf16.distance(from: text.startIndex, to: index))
        }
    }

    @Test func scanLineCountsCodePoints() throws {
        let text = "😀 é a@b.io\n\"x\""
        let found = try redactor().redact(text: Array(text.utf8))
        let line = ScanLine.encode(
            id: 3, source: Array(text.utf8), findings: found.findings, text: found.text)
        #expect(line.last == 10)
        let value = try JSONParser.parse(Array(line.dropLast()))
        #expect(value["id"] == 3)
        #expect(value["text"]?.stringValue == "😀 é [EMAIL_ADDRESS_1]\n\"x\"")
        let span = try #require(value["spans"]?.arrayValue?.first)
        #expect(span["start"] == 4)
        #expect(span["end"] == 10)
        #expect(span["type"] == "EMAIL_ADDRESS")
        #expect(span["score"] == .number("0.98"))
        #expect(span["detector"] == "scanners")
    }
}
