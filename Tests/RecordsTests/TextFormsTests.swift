import Records
import Testing

@Suite("Hex, base64 and times")
struct TextFormsTests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func base64(plain: String, coded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == coded)
        #expect(Base64.decode(coded) == Array(plain.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Zm9 ", "Zm9v\n"])
    func base64Refused(text: String) { #expect(Base64.decode(text) == nil) }

    @Test("every byte survives hex") func hex() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes).uppercased()) == bytes)
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0 as Int64), ("1969-12-31T23:59:59Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600), ("2026-11-22T10:00:00Z", 1_795_341_600),
        ("9999-12-31T23:59:59Z", 253_402_300_799), ("0000-03-01T00:00:00Z", -62_162_035_200),
    ])
    func times(text: String, seconds: Int64) throws {
        #expect(try Timestamp(rfc3339: text).secondsSince1970 == seconds)
        #expect(Timestamp(secondsSince1970: seconds).rfc3339 == text)
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22T10:00:00+00:00",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22t10:00:00z",
        "2026-11-22T10:00:60Z", "2026-04-31T00:00:00Z",
    ])
    func timesRefused(text: String) {
        #expect(throws: RecordsError.self) { try Timestamp(rfc3339: text) }
    }

    @Test("every day of 800 years comes back") func days() throws {
        for day in stride(from: Int64(-146_097), to: 146_097, by: 1) {
            let time = Timestamp(secondsSince1970: day * 86_400 + 1)
            #expect(try Timestamp(rfc3339: time.rfc3339) == time)
        }
    }
}
