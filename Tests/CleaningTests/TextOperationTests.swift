import Records
import Testing

@testable import Cleaning

@Suite struct TextOperationTests {
    @Test(arguments: [
        ("<p>Hello <b>world</b></p>", "\nHello world\n"), ("a<br/>b", "a\nb"),
        ("x<script>var a = '<b>';</script>y", "x\ny"), ("<STYLE type='x'>p{}</STYLE>ok", "\nok"),
        ("a <!-- note --> b", "a  b"), ("a&nbsp;b &amp; &Auml;", "a\u{A0}b & Ä"),
        ("<a href=\"x>y\" title='z'>link</a>", "link"), ("a < b and c > d", "a < b and c > d"),
        ("I <3 you", "I <3 you"), ("<mail@shop.example>", "<mail@shop.example>"),
        ("List<T> and <T>", "List<T> and <T>"), ("&lt;b&gt;", "<b>"), ("<!-- open", "<!-- open"),
        ("<script>open", "open"), ("<div", "<div"), ("<!DOCTYPE html><html>x", "\nx"), ("", ""),
        ("<b <i>x", "<b x"), ("<h1>T</h1>", "\nT\n"), ("5<6", "5<6"), ("<", "<"), ("</", "</"),
    ])
    func html(text: String, expected: String) { #expect(apply(.html, text) == expected) }

    /// Text that looks like a great many beginnings of markup takes no time that matters.
    @Test(arguments: ["<!--", "<script>", "<a \"", "<!doctype", "&#", "<"])
    func hostileMarkup(piece: String) {
        let text = String(repeating: piece, count: 20_000)
        #expect(apply(.html, text).utf8.count <= text.utf8.count)
    }

    @Test func controlsAreCountedByReason() {
        var counts = CleaningCounts()
        let cleaner = Cleaner(recipe: CleaningRecipe(operations: [.controls(.all)]))
        let text = "a\u{200B}b\u{AD}c\u{202E}d\u{FEFF}e\u{1}f\u{E0041}g\u{3164}h\u{2061}i\u{200D}"
        #expect(cleaner.clean(record(1, text), counts: &counts)?.text("text") == "abcdefghi")
        #expect(
            counts.reasons == [
                "controls/zero-width": 2, "controls/soft-hyphen": 1, "controls/direction": 1,
                "controls/byte-order-mark": 1, "controls/control": 1, "controls/tag": 1,
                "controls/filler": 1, "controls/invisible": 1,
            ])
        #expect(counts.json["reasons"]?["controls/tag"] == 1)
    }

    /// The short cut of traits never leaves a step out that would have changed something.
    @Test func traitsLeaveNothingOut() {
        var random = SeededRandom(seed: 8)
        let pieces = [
            "a", " ", "b", "\n", "\t", "&amp;", "<b>", "Ã©", "é", "e\u{301}", "\u{200B}", "\u{0}",
            "\u{A0}",
            "\u{7F}", "\r\n",
        ]
        let steps: [TextStep] = [
            .mojibake, .unicode, .controls, .whitespace(keepsLines: true),
            .whitespace(keepsLines: false), .entities, .html,
        ]
        for _ in 0..<10_000 {
            let text = (0..<5).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            for step in steps where !step.concerns(TextTraits(text)) {
                var reasons = ReasonCounts()
                #expect(step.apply(Array(text.utf8), reasons: &reasons) == nil, "\(step.name)")
            }
            #expect(TextTraits(text) == TextTraits(Array(text.utf8)))
        }
    }
}
