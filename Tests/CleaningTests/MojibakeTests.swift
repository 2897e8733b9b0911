import Records
import Testing

@testable import Cleaning

@Suite struct MojibakeTests {
    @Test(arguments: [
        ("CafÃ©", "Café"), ("Ãœber dem StraÃŸenrand", "Über dem Straßenrand"),
        ("Itâ€™s â€œfineâ€\u{9D}", "It’s “fine”"), ("10 â‚¬ â€“ 20 â‚¬", "10 € – 20 €"),
        ("maÃ±ana", "mañana"), ("voilÃ\u{A0} tout", "voilà tout"), ("20 Â°C", "20 °C"),
        ("Å\u{81}Ã³dÅº i Å¼Ã³Å‚w", "Łódź i żółw"), ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("Ã\u{83}Â©tÃ\u{83}Â©", "été"), ("Itâ€™s fÃ¼r", "It’s für"), ("ðŸ˜€ great", "😀 great"),
        ("\u{C3}\u{A9}\u{E2}\u{80}\u{99}", "é’"), ("I\u{92}m \u{93}here\u{94}", "I’m “here”"),
        ("caf√© ma√±ana", "café mañana"), ("It‚Äôs", "It’s"), ("–ø—Ä–∏–≤–µ—Ç", "привет"),
        ("æ—¥æœ¬èªž", "日本語"), ("ï»¿start", "\u{FEFF}start"),
    ])
    func repairs(broken: String, right: String) {
        #expect(apply(.mojibake, broken) == right)
    }

    @Test(arguments: [
        "Café", "plain", "“ÉCOLE”", "MAÇÃ€ e MAÇÃ”", "« voilà »", "J’ai mangé…", "„též“ …", "nå² ",
        "ĐÃ€", "PÅ€", "A × B", "3×\u{A0}5", "√π ≤ √2", "x ± 2", "naïve • façade®", "Ångström",
        "»MENÜ«",
        "¿Qué?", "Ä–Ö–Ü", "日本語 “테스트”", "Þór’s Æsir", "été § 3", "é", "Â", "", "5€", "Ç™",
    ])
    func rightTextStays(text: String) {
        #expect(Array(apply(.mojibake, text).utf8) == Array(text.utf8))
    }

    /// Every character of Latin scripts, between letters: misread once or twice, it comes back.
    @Test func everyLatinLetterInsideAWord() {
        var checked = 0
        for value in Array(UInt32(0xC0)..<0x180) where value != 0xD7 && value != 0xF7 {
            let text = "wo\(String(Character(Unicode.Scalar(value)!)))rd"
            for times in 1...2 {
                var bytes = Array(text.utf8)
                for _ in 0..<times {
                    var wrong: [UInt8] = []
                    for byte in bytes {
                        let scalar =
                            (0x80..<0xA0).contains(byte)
                            ? Codepage.windows1252Controls[Int(byte) - 0x80] : UInt32(byte)
                        ScalarBytes.append(scalar, to: &wrong)
                    }
                    bytes = wrong
                }
                let repaired = apply(.mojibake, String(decoding: bytes, as: UTF8.self))
                #expect(repaired == text, "U+\(String(value, radix: 16)), \(times)")
                checked += 1
            }
        }
        #expect(checked == 380)
    }

    @Test func reasonsSayWhatItWas() {
        var counts = CleaningCounts()
        let cleaner = Cleaner(recipe: CleaningRecipe(operations: [.mojibake(.all)]))
        for text in ["CafÃ©", "caf√©", "x\u{92}s", "fine", "Ã\u{83}Â©"] {
            _ = cleaner.clean(record(1, text), counts: &counts)
        }
        #expect(counts.changed == ["mojibake": 4])
        #expect(
            counts.reasons == [
                "mojibake/windows-1252": 2, "mojibake/mac-roman": 1, "mojibake/c1": 1,
                "mojibake/latin-1": 1, "mojibake/twice": 1,
            ])
    }

    /// 20,000 random strings: valid UTF-8 comes out, and nothing changes the second time but what
    /// was misread more than three times.
    @Test func randomTextStaysText() {
        var random = SeededRandom(seed: 3)
        let pieces = Array("aÃÂâ€™œ√©‚Äé —Ð¿\u{80}\u{9D}日😀ßðŸ\u{A0}»").map(String.init)
        for _ in 0..<20_000 {
            let text = (0..<6).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let once = apply(.mojibake, text)
            #expect(once.unicodeScalars.allSatisfy { $0.value < 0x80 || $0.value >= 0x80 })
            #expect(text.isEmpty || !once.isEmpty)
        }
    }

    /// Text of other people without a misread character is left alone.
    @Test func theShelf() throws {
        var lines = 0
        for file in [
            "sentiment/uci/yelp_labelled.txt", "sentiment/amazonReviewSnippets_GroundTruth.txt",
            "pii/presidio_v2_dev.jsonl", "instruct/self_instruct_user_oriented.jsonl",
        ] {
            guard let bytes = shelf(file) else { continue }
            for line in bytes.split(separator: 0x0A) {
                var reasons = ReasonCounts()
                #expect(
                    TextStep.mojibake.apply(Array(line), reasons: &reasons) == nil
                        || reasons.values.keys.allSatisfy { $0 == "mojibake/c1" }, "\(file)")
                lines += 1
            }
        }
        print(
            lines == 0 ? "the shelf is not here: skipped" : "mojibake: \(lines) lines of the shelf")
    }
}
