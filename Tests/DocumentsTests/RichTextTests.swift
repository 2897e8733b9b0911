import ReaderProtocol
import Records
import Testing

@testable import Documents

/// RTF written here, each for one rule.
@Suite struct RichTextTests {
    @Test(arguments: [
        (#"{\rtf1 Hello\par World}"#, "Hello\n\nWorld"),
        (#"{\rtf1\ansi\ansicpg1252 caf\'e9 \{x\} a\~b\_c\-d}"#, "café {x} a\u{A0}b\u{2011}cd"),
        (#"{\rtf1\ansicpg1251 \'cf\'f0\'e8}"#, "При"),
        (#"{\rtf1\ansicpg932 \'82\'a0\'82o}"#, "あＰ"),
        (#"{\rtf1{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}\f1 \'cf\f0 \'cf}"#, "ПÏ"),
        (#"{\rtf1{\fonttbl{\f0\fcharset128 A{\*\falt x};}}\deff0\f0 \'82\'a0}"#, "あ"),
        (#"{\rtf1\mac caf\'8e}"#, "café"),
        (#"{\rtf1\uc1 a\u233?b\u8364 ?c}"#, "aéb€c"),
        (#"{\rtf1\uc2 \u12354\'82\'a0x}"#, "あx"),
        (#"{\rtf1\uc0 \u233 x}"#, "éx"),
        (#"{\rtf1 \u-10179?\u-8704?}"#, "😀"),
        (#"{\rtf1 \u-10179?x}"#, "x"),
        (#"{\rtf1 a{\*\unknown hidden}b{\pict 0a0b}c{\header no}d{\v gone}e\v f\v0 g}"#, "abcdeg"),
        (#"{\rtf1 keep{\deleted  lost}}"#, "keep"),
        (#"{\rtf1{\field{\*\fldinst HYPERLINK "x"}{\fldrslt shown}} after}"#, "shown after"),
        (
            #"{\rtf1\trowd a\intbl\cell b\par c\cell\row\trowd\intbl d\cell e\cell\row\pard z}"#,
            "a\tb c\nd\te\n\nz"
        ),
        (#"{\rtf1{\listtext\'95\tab}one\par{\listtext 2.\tab}two\par}"#, "- one\n2. two"),
        (
            #"{\rtf1 text{\super\chftn}{\footnote\chftn  the note} more}"#,
            "text[1] more\n\n[1] the note"
        ),
        (#"{\rtf1 a\bin5 {}{}}b}"#, "ab"),
        (#"{\rtf1\emdash\endash\lquote\rquote\ldblquote\rdblquote\bullet}"#, "—–‘’“”•"),
        (#"{\rtf1 a\line b\tab c}"#, "a\nb\tc"),
        (#"{\rtf1{\upr{\author no}{\*\ud{\author yes}}}x}"#, "x"),
        (
            #"{\rtf1{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt in the box}}{\shprslt twin}}}"#,
            "in the box"
        ),
        // Broken: no end, too many ends, a cut escape.
        (#"{\rtf1 open {and open"#, "open and open"),
        (#"{\rtf1 closed}}}} tail"#, "closed tail"),
        (#"{\rtf1 x\'4"#, "x4"),
    ])
    func text(rtf: String, expected: String) {
        let out = read(rtf, .rtf)
        #expect(out.sink.texts == [expected], "\(String(describing: out.fault))")
    }

    @Test func properties() throws {
        let rtf =
            #"{\rtf1{\info{\title A \'e9 title}{\author Ann}{\company no}}\pard text"#
            + #"{\*\atnid AL}{\*\annotation a remark}}"#
        let fields = try #require(read(rtf, .rtf).sink.records.first).fields
        #expect(fields["title"] == "A é title")
        #expect(fields["author"] == "Ann")
        #expect(fields["comments"] == ["a remark"])
    }

    @Test func units() throws {
        let rtf =
            #"{\rtf1\pard intro\par\pard\outlinelevel0 One\par\pard a\par b\par\pard\outlinelevel1 Two\par}"#
        let sections = read(rtf, .rtf, unit: "heading").sink.records
        #expect(sections.map { $0.fields["text"] } == ["intro", "a\n\nb", "Two"])
        #expect(sections.map { $0.fields["heading"] } == [nil, "One", "Two"])
        #expect(read(rtf, .rtf, unit: "paragraph").sink.texts == ["intro", "One", "a", "b", "Two"])
        #expect(read(rtf, .rtf, unit: "stanza").fault?.code == .unsupported)
    }

    @Test func refused() {
        #expect(read("plain", .rtf).fault?.code == .malformed)
        #expect(read(#"{\rtf1{\header only}}"#, .rtf).fault?.code == .noText)
        let deep = #"{\rtf1 "# + String(repeating: "{", count: 5000) + "x"
        #expect(read(deep, .rtf).fault?.code == .overLimit)
    }
}
