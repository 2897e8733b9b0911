import Testing

@testable import Redaction

struct OperatorTests {
    static let key = [UInt8](repeating: 9, count: 32)

    static func apply(_ rule: String, _ text: String, key: [UInt8]? = key) throws -> String {
        try redacted(text, redactor("name: x\ndefault: \(rule)\n", key: key))
    }

    @Test(arguments: [
        ("{operator: mask, threshold: 0.3}", "a@b.io!", "*@*.**!"),
        (
            "{operator: mask, threshold: 0.3, keep-last: 4}", "4111 1111 1111 1111",
            "**** **** **** 1111"
        ),
        ("{operator: redact, threshold: 0.3}", "x a@b.io y", "x  y"),
        (
            "{operator: replace, threshold: 0.3}", "a@b.io c@d.io A@B.io",
            "[EMAIL_ADDRESS_1] [EMAIL_ADDRESS_2] [EMAIL_ADDRESS_1]"
        ),
        ("{operator: keep, threshold: 0.3}", "a@b.io", "a@b.io"),
        ("{operator: generalize, threshold: 0.3}", "she is 92 years old", "she is 90+ years old"),
        ("{operator: generalize, threshold: 0.3}", "she is 62 years old", "she is 62 years old"),
        ("{operator: generalize, threshold: 0.3}", "on March 5th, 2026", "on 2026"),
        ("{operator: generalize, threshold: 0.3}", "at 5pm", "at [DATE_TIME_1]"),
        ("{operator: generalize, threshold: 0.3}", "zip 78701", "zip 787"),
        ("{operator: generalize, threshold: 0.3}", "zip 03601", "zip 000"),
        ("{operator: generalize, threshold: 0.3}", "zip 00001", "zip 000"),
        ("{operator: generalize, threshold: 0.3}", "from 10.1.2.3", "from 10.1.2.0"),
    ])
    func plain(_ rule: String, _ text: String, _ expected: String) throws {
        #expect(try Self.apply(rule, text) == expected)
    }

    @Test func equalPhonesShareANumber() throws {
        #expect(
            try Self.apply("{operator: replace, threshold: 0.3}", "212-555-0142 or (212) 555 0142")
                == "[PHONE_NUMBER_1] or [PHONE_NUMBER_1]")
    }

    @Test func hashIsKeyed() throws {
        let rule = "{operator: hash, threshold: 0.3}"
        let one = try Self.apply(rule, "a@b.io")
        #expect(one.hasPrefix("[EMAIL_ADDRESS:"))
        #expect(try Self.apply(rule, "A@b.io") == one)
        #expect(try Self.apply(rule, "a@b.io", key: [UInt8](repeating: 8, count: 32)) != one)
    }

    @Test(arguments: [
        "4111 1111 1111 1111", "a.doe@firma.de", "212-555-0142", "+44 20 7946 0958",
        "DE89 3704 0044 0532 0130 00", "192.168.1.20", "SSN 123-45-6789", "12 Oak Hill Road",
    ])
    func pseudonymsKeepTheShape(_ text: String) throws {
        let rule = "{operator: pseudonym, threshold: 0.3}"
        let result = try Self.apply(rule, text)
        #expect(result != text)
        #expect(try Self.apply(rule, text) == result)
        let types = { (list: [String]) in list.map { $0.prefix { $0 != ":" } } }
        #expect(types(scanned(result)) == types(scanned(text)), "\(result)")
    }

    @Test func pseudonymOfACardIsValidAndUnissued() throws {
        let result = try Self.apply("{operator: pseudonym, threshold: 0.3}", "4111 1111 1111 1111")
        let digits = result.utf8.filter(\.isDigit).map { $0 - 48 }
        #expect(Checksums.luhn(digits))
        #expect(!Scan.isIssuerRange(digits))
    }

    @Test func namesAgreeWithTheirParts() throws {
        let fixed = FixedDetector(words: ["Jane Smith": .person])
        let user = try redactor(
            "name: x\ndefault: {operator: pseudonym, threshold: 0.3}", [fixed], key: Self.key)
        let words = try redacted("Jane Smith wrote. Mrs Smith's reply. SMITH!", user).split(
            separator: " ")
        #expect(words[1] != "Smith")
        #expect(words[4].hasPrefix(words[1]) && words[4].hasSuffix("'s"))
        #expect(words[6] == words[1].uppercased() + "!")
    }
}
