import Records
import Testing

@testable import Ingestion

@Suite struct EncodingTests {
    @Test(arguments: [TextEncoding.utf16LE, .utf16BE])
    func utf16WithAndWithoutMark(encoding: TextEncoding) throws {
        let text = "text,label\ngrüße 😀 welt,x\nzwei,y\n"
        let marked = try #require(encode(text, encoding))
        for bytes in [marked, Array(marked.dropFirst(2))] {
            let out = try ingest(bytes)
            #expect(out.report.facts.encoding == encoding)
            #expect(out.texts == ["grüße 😀 welt", "zwei"])
            #expect(out.rows[0].length == 2 * 15)
        }
    }

    @Test func loneSurrogateAndOddByteAreQuarantined() throws {
        let text: [UInt16] = Array("text,label\na,x\nb".utf16) + [0xD800] + ",y\nc,z\n".utf16
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in text { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        let out = try ingest(bytes)
        #expect(out.texts == ["a", "c"] && out.reasons == [.encodingInvalid])
        #expect(out.rejected[0].length == 8)
        #expect(try ingest(bytes + [0x61]).reasons == [.encodingInvalid, .encodingInvalid])
    }

    @Test func windows1252IsTheFallback() throws {
        let out = try ingest(Array("text,label\ncaf".utf8) + [0xE9, 0x20, 0x80, 0x2C, 0x78, 0x0A])
        #expect(out.report.facts.encoding == .windows1252 && out.report.facts.encodingGuessed)
        #expect(out.texts == ["café €"])
        #expect(out.rows[0].offset == 11 && out.rows[0].length == 8)
    }

    @Test func undefinedBytesMeanLatin1() throws {
        let out = try ingest(Array("text,label\nx".utf8) + [0xE9, 0x81, 0x2C, 0x78, 0x0A])
        #expect(out.report.facts.encoding == .latin1)
    }

    @Test func aDeclaredEncodingWins() throws {
        let out = try ingest(
            Array("text,label\ncafé,x\n".utf8), "a.csv",
            {
                var options = IngestOptions()
                options.encoding = .latin1
                return options
            }())
        #expect(out.texts == ["cafÃ©"] && !out.report.facts.encodingGuessed)
    }

    @Test func everyWindows1252ByteHasItsSourceWidth() {
        var transcoder = Transcoder(.windows1252)
        var text: [UInt8] = []
        transcoder.decode((0...255).map { UInt8($0) }, into: &text)
        #expect(text.withUnsafeBufferPointer { transcoder.sourceBytes(of: $0) } == 256)
        #expect(String(decoding: text, as: UTF8.self).unicodeScalars.count == 256)
    }

    @Test(
        arguments: [
            (Array("PAR1".utf8), "Parquet"), (Array("Rar!".utf8), "RAR"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "old Office"),
            (Array(repeating: 0, count: 100), "zero bytes"),
        ] as [([UInt8], String)])
    func whatIsNotTextIsRefused(bytes: [UInt8], word: String) throws {
        let error = #expect(throws: IngestionError.self) { try ingest(bytes) }
        #expect(error?.code == .unsupportedFormat && error?.message.contains(word) == true)
    }

    @Test func utf32IsRefused() {
        let error = #expect(throws: IngestionError.self) {
            try ingest([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0])
        }
        #expect(error?.code == .unsupportedEncoding)
    }
}
