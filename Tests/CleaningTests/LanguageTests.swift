import Records
import Testing

@testable import Cleaning

@Suite struct LanguageTests {
    @Test(arguments: [
        ("The delivery was late and the box was damaged.", "en"),
        ("Die Lieferung kam zu spät und der Karton war beschädigt.", "de"),
        ("La livraison est arrivée en retard et le carton était abîmé.", "fr"),
        ("El paquete llegó tarde y la caja estaba dañada.", "es"),
        ("Il pacco è arrivato in ritardo e la scatola era rovinata.", "it"),
        ("Het pakket kwam te laat en de doos was beschadigd.", "nl"),
        ("O pacote chegou atrasado e a caixa estava danificada.", "pt"),
        ("Paketet kom för sent och kartongen var skadad.", "sv"),
        ("Paczka przyszła za późno, a karton był uszkodzony.", "pl"),
        ("Посылка пришла поздно, и коробка была повреждена.", "ru"),
        ("Посилка прийшла пізно, і коробка була пошкоджена.", "uk"),
        ("Το δέμα έφτασε αργά", "el"), ("החבילה הגיעה באיחור", "he"), ("وصل الطرد متأخرا", "ar"),
        ("بسته دیر رسید و گم شد", "fa"), ("荷物が遅れて届きました", "ja"), ("包裹到得很晚", "zh"),
        ("소포가 늦게 도착했습니다", "ko"), ("พัสดุมาถึงช้า", "th"), ("पार्सल देर से आया", "hi"),
        ("", "und"), ("12345 !!!", "und"), ("ok", "und"), ("x", "und"), ("😀😀😀", "und"),
        ("Привет hello мир world", "und"),
    ])
    func languages(text: String, expected: String) {
        #expect(LanguageIdentifier.shared.language(of: text).language == expected)
    }

    @Test func theModelIsThere() {
        #expect(LanguageIdentifier.shared.languages.count == 24)
        #expect(LanguageModel([]) == nil && LanguageModel(Array("TLID".utf8)) == nil)
        #expect(LanguageModel(Array("TLID\u{1}\u{8}\u{F}\u{0}".utf8) + [0, 0]) == nil)
        let unknown = LanguageIdentifier(model: nil)
        #expect(unknown.language(of: "The delivery was late").language == "und")
        #expect(unknown.language(of: "Το δέμα έφτασε").language == "el")
    }

    @Test func annotationAndFilter() throws {
        let cleaner = Cleaner(recipe: try CleaningRecipe([["op": "language", "keep": ["en"]]]))
        var counts = CleaningCounts()
        let english = record(1, "The delivery was late and the box was damaged.", label: "neg")
        #expect(cleaner.clean(english, counts: &counts)?.text("language") == "en")
        #expect(cleaner.clean(record(2, "Die Lieferung kam viel zu spät."), counts: &counts) == nil)
        let declared = record(3, "Die Lieferung", extra: ["language": "en_GB"])
        #expect(cleaner.clean(declared, counts: &counts)?.text("language") == "en_GB")
        #expect(counts.dropped == ["language-not-kept": 1] && counts.isBalanced)
        let chat = Record(
            rid: rid(4), kind: .chat,
            fields: ["messages": [["role": "user", "content": "Where is my order, please?"]]])
        #expect(cleaner.clean(chat, counts: &counts)?.text("language") == "en")
    }

    @Test func cutAndStrangeBytesAreRead() {
        for count in 0..<40 {
            var evidence = LanguageEvidence()
            evidence.read(Array("Überraschung für Göteborg 日本".utf8.prefix(count)), model: .bundled)
            #expect(evidence.letters.reduce(0, +) <= count)
        }
    }
}
