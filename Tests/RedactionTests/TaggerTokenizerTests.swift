import Testing

@testable import Redaction

struct TaggerTokenizerTests {
    private func words(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return TaggerTokenizer.tokens(of: bytes).map {
            String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self)
        }
    }

    @Test(
        arguments: [
            ("", []),
            ("   \n\t ", []),
            ("Ann", ["Ann"]),
            ("Ann's cat.", ["Ann", "'", "s", "cat", "."]),
            ("12B Elm-St", ["12B", "Elm", "-", "St"]),
            ("Zoë Ångström", ["Zoë", "Ångström"]),
            ("« Łódź »", ["«", "Łódź", "»"]),
            ("it’s 😀Bob😀", ["it", "’", "s", "😀", "Bob", "😀"]),
            ("a\u{a0}b\u{2003}c", ["a", "b", "c"]),
            ("Иван Петров", ["Иван", "Петров"]),
        ] as [(String, [String])])
    func cuts(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func everyPrefixOfMixedTextEndsOnCodePoints() {
        let bytes = Array("Zoë « 😀 \u{a0} Łódź… “Иван” 中文 ŠŠ".utf8)
        for length in 0...bytes.count {
            let part = Array(bytes.prefix(length))
            guard String(validating: part, as: UTF8.self) != nil else { continue }
            for token in TaggerTokenizer.tokens(of: part) {
                let piece = part[Int(token.start)..<Int(token.end)]
                #expect(String(validating: piece, as: UTF8.self) != nil)
            }
        }
    }

    @Test(arguments: [
        ("MARIA", "maria"), ("ÉLODIE", "élodie"), ("ŠTĚPÁN", "štěpán"), ("Żółć", "żółć"),
        ("ÅSA", "åsa"),
    ])
    func hashesIgnoreCase(upper: String, lower: String) {
        #expect(TaggerHash.phrase(upper) == TaggerHash.phrase(lower))
    }

    @Test(arguments: [
        ("word", TaggerShape.lower), ("Word", .capitalised), ("WORD", .upper), ("W", .initial),
        ("iPad", .mixedCase), ("7", .digits1), ("1984", .digits4), ("1234567", .digitsMany),
        ("4th", .digitsThenLetters), ("B12", .lettersThenDigits), (",", .sign),
        ("Örn", .capitalised),
    ])
    func shapes(text: String, shape: TaggerShape) {
        #expect(TaggerTokenizer.tokens(of: Array(text.utf8)).first?.shape == shape)
    }

    @Test func marksLinesWithoutCapitalsAndWithoutSmallLetters() {
        let tokens = TaggerTokenizer.tokens(of: Array("all low\nALL HIGH\nMixed case".utf8))
        #expect(tokens.map(\.lineCase) == [1, 1, 2, 2, 0, 0])
    }
}
