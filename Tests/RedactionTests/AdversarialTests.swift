import Records
import Testing

@testable import Redaction

/// Texts made to make a scanner slow or to crash it. A quadratic walk over these takes hours, so
/// that the test run itself would show it.
struct AdversarialTests {
    @Test(arguments: [
        "1", "(", "a", "a@", "@", "1 ", "1.", "1-", "http://", "://", ".a", "a.", "St ", "Street ",
        "12 ",
        "1:", "f:", "f::", "=", "password: ", "password:", "is is ", "[", "{\"a\":", "é", "😀",
        "Rue de ", "PO Box ", "-",
        "AB 12 34 56 ", "DE89 ", "+", "+1 ", "5 May ", "Monday, ", "#A-",
        "-----BEGIN PRIVATE KEY-----", "apt 5 ",
        "0x", "\u{A0}", "1\u{A0}", "’", "phone phone ", "no. ", "A1-", "eyJ", "Main St Apt 1, ",
    ])
    func linearOnRepetition(_ unit: String) throws {
        let size = 50_000
        var text: [UInt8] = []
        while text.count < size { text += Array(unit.utf8) }
        let found = Scanners().findings(in: DocumentView(text))
        _ = OverlapRule.resolve(found, in: text)
        #expect(found.allSatisfy { $0.range.lowerBound >= 0 && $0.range.upperBound <= text.count })
    }

    @Test func randomTextsStayInBounds() throws {
        let pieces = [
            "12", "555-0142", " ", "\n", "@", "a.b", "St", "Apt", "5", "March", "2026", "é", "😀",
            ":", "::", "/",
            "-", "+", "(", ")", "DE", "89", "password", "=", "is", "no", "PO Box", "Rue", "de",
            "Calle", "#", "A1",
            "\u{A0}", "’", "’s", "Hauptstr", ".", ",", "TX", "78701", "www.", "x", "years old",
            "aged",
        ]
        var random = SeededRandom(seed: 42)
        let user = try redactor()
        for _ in 0..<3000 {
            let count = Int.random(in: 0...24, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let result = try user.redact(text: Array(text.utf8))
            #expect(String(validating: result.text, as: UTF8.self) != nil)
            for (a, b) in zip(result.findings, result.findings.dropFirst()) {
                #expect(a.range.upperBound <= b.range.lowerBound)
            }
        }
    }
}
