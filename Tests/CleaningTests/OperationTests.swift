import Records
import Testing

@testable import Cleaning

@Suite struct OperationTests {
    @Test(arguments: [
        ("a\u{0}b\u{7}c", "abc"), ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("x\u{200B}y\u{FEFF}z\u{AD}", "xyz"),
        ("a\u{200D}b", "ab"), ("👩\u{200D}💻", "👩\u{200D}💻"),
        ("क\u{94D}\u{200D}ष", "क\u{94D}\u{200D}ष"),
        ("\u{202E}evil\u{202C}", "evil"), ("é\u{85}\u{9F}", "é\u{85}"), ("\u{E0041}hi", "hi"),
        ("🏴\u{E0067}\u{E0062}\u{E007F}", "🏴\u{E0067}\u{E0062}\u{E007F}"), ("plain", "plain"),
    ])
    func controls(text: String, expected: String) {
        #expect(Array(apply(.controls, text).utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("  a   b \t c  ", "a b c", "a b c"), ("a \r\n b\r\rc", "a\nb\n\nc", "a b c"),
        ("a\n\n\n\nb\n", "a\n\nb", "a b"), ("a\u{A0}\u{3000}b\u{2028}c", "a b\nc", "a b c"),
        ("", "", ""), (" \n ", "", ""), ("x", "x", "x"),
    ])
    func whitespace(text: String, lines: String, one: String) {
        #expect(apply(.whitespace(keepsLines: true), text) == lines)
        #expect(apply(.whitespace(keepsLines: false), text) == one)
    }

    @Test(arguments: [
        ("a &amp; b &lt;3", "a & b <3"), ("&#8364;&#x20AC;&euro;", "€€€"), ("it&#39;s", "it's"),
        ("a<br>b<BR/>c<br />d", "a\nb\nc\nd"), ("&amp;lt;", "&lt;"),
        ("AT&T; &nope; &", "AT&T; &nope; &"),
        ("&#0;&#x110000;&#;", "&#0;&#x110000;&#;"), ("<b>", "<b>"),
    ])
    func entities(text: String, expected: String) { #expect(apply(.entities, text) == expected) }

    @Test func everyStepIsIdempotentOnRandomText() {
        var random = SeededRandom(seed: 5)
        var reasons = ReasonCounts()
        let pieces = [
            "a", " ", "\n", "\r\n", "\u{200B}", "\u{200D}", "👩", "é", "e\u{301}", "\u{0}", "\u{A0}",
            "한", "\u{1161}", "\u{323}", "\u{E0041}", "🏴",
        ]
        let steps: [TextStep] = [
            .unicode, .controls, .whitespace(keepsLines: true), .whitespace(keepsLines: false),
        ]
        for _ in 0..<5000 {
            let text = (0..<8).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            for step in steps {
                let once = step.apply(Array(text.utf8), reasons: &reasons) ?? Array(text.utf8)
                #expect(
                    step.apply(once, reasons: &reasons) == nil,
                    "\(step.name) \(text.unicodeScalars.map(\.value))")
            }
        }
    }

    @Test(arguments: ["", "  ", "NA", " n/a ", "NaN", "NULL", "None", "\\N", "-", "?", "#N/A"])
    func missingSpellings(text: String) {
        #expect(MissingRule.isMissing(.string(text)))
        var counts = CleaningCounts()
        func clean(_ action: MissingRule.Action) -> Record? {
            Cleaner(
                recipe: CleaningRecipe(operations: [
                    .missing(MissingRule(fields: ["label"], action: action))
                ])
            ).clean(record(1, "x", label: text), counts: &counts)
        }
        #expect(clean(.drop) == nil && counts.dropped == ["missing-label": 1])
        #expect(clean(.constant("none given"))?.fields["label"] == "none given")
        #expect(clean(.flag)?.fields["label"] == .null)
        #expect(clean(.flag)?.fields["label.missing"] == true)
        #expect(counts.isBalanced && counts.changed["missing"] == 3)
    }

    @Test(arguments: ["no", "0", "nothing", "false", "n a"])
    func whatIsNotMissing(text: String) { #expect(!MissingRule.isMissing(.string(text))) }

    @Test(arguments: [
        (LengthRule.Unit.characters, 4, "héll"), (.bytes, 4, "hél"), (.words, 1, "héllo "),
    ])
    func lengthLimits(unit: LengthRule.Unit, limit: Int, cut: String) {
        var counts = CleaningCounts()
        func clean(_ rule: LengthRule) -> Record? {
            Cleaner(recipe: CleaningRecipe(operations: [.length(rule)]))
                .clean(record(1, "héllo wörld"), counts: &counts)
        }
        #expect(clean(LengthRule(unit: unit, maximum: limit)) == nil)
        #expect(
            clean(LengthRule(unit: unit, maximum: limit, action: .truncate))?.text("text") == cut)
        #expect(clean(LengthRule(unit: unit, minimum: 100)) == nil)
        #expect(clean(LengthRule(unit: unit, minimum: 2, maximum: 100)) != nil)
        #expect(counts.dropped == ["too-long": 1, "too-short": 1] && counts.isBalanced)
    }

    @Test func tokensAreCountedByTheCounterHandedIn() {
        let recipe = CleaningRecipe(operations: [.length(LengthRule(unit: .tokens, maximum: 3))])
        var counts = CleaningCounts()
        let four = record(1, "a b c d")
        #expect(Cleaner(recipe: recipe).clean(four, counts: &counts) != nil)
        let cleaner = Cleaner(recipe: recipe) { $0.split(separator: " ").count }
        #expect(cleaner.clean(four, counts: &counts) == nil)
    }

    @Test func labels() {
        let rule = LabelRule(
            lowercases: true, map: ["pos": "positive"], allowed: ["positive", "negative"])
        let cleaner = Cleaner(recipe: CleaningRecipe(operations: [.labels(rule)]))
        var counts = CleaningCounts()
        let labels = [" POS ", "Negative", "neutral"].map {
            cleaner.clean(record(1, "x", label: $0), counts: &counts)?.text("label")
        }
        #expect(labels == ["positive", "negative", nil])
        #expect(counts.dropped == ["label-not-allowed": 1] && counts.changed == ["labels": 2])
    }

    @Test func textStepsReachNestedStringsAndOnlyNamedFields() {
        let chat = Record(
            rid: rid(1), kind: .chat,
            fields: ["messages": [["role": "user", "content": "  a  b "]], "note": " c "])
        var counts = CleaningCounts()
        let all = Cleaner(recipe: CleaningRecipe(operations: [.whitespace(.all, keepsLines: true)]))
        #expect(
            all.clean(chat, counts: &counts)?.fields
                == ["messages": [["role": "user", "content": "a b"]], "note": "c"])
        let one = CleaningRecipe(operations: [.whitespace(.named(["note"]), keepsLines: true)])
        let cleaned = Cleaner(recipe: one).clean(chat, counts: &counts)
        #expect(cleaned?.fields["messages"] == chat.fields["messages"])
        #expect(cleaned?.fields["note"] == "c" && counts.changed == ["whitespace": 2])
    }
}
