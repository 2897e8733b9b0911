import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Word documents made here.
@Suite struct OfficeWordTests {
    private typealias F = OfficeFixture

    private static let box = "<w:txbxContent>" + F.p("in the box") + "</w:txbxContent>"

    /// A run of this content.
    private static func r(_ content: String) -> String { "<w:r>\(content)</w:r>" }
    private static func t(_ text: String) -> String {
        "<w:r><w:t xml:space=\"preserve\">\(text)</w:t></w:r>"
    }
    private static func cell(_ content: String...) -> String {
        "<w:tc>\(content.joined())</w:tc>"
    }
    private static func field(_ type: String) -> String {
        r("<w:fldChar w:fldCharType=\"\(type)\"/>")
    }

    private static let cases: [(String, String)] = {
        var out: [(String, String)] = []
        func add(_ expected: String, _ parts: String...) { out.append((parts.joined(), expected)) }
        func paragraph(_ expected: String, _ parts: String...) {
            out.append(("<w:p>" + parts.joined() + "</w:p>", expected))
        }
        add("one\n\ntwo", F.p("one"), F.p(""), F.p("two"))
        paragraph(
            "a\tb\nc\u{2011}",
            r("<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/>"))
        paragraph("x", "<w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>", t("x"))
        paragraph(
            "a new z", t("a "), "<w:ins>", t("new "), "</w:ins><w:del>",
            r("<w:delText>old </w:delText>"), "</w:del>", t("z"))
        paragraph(
            "ab", t("a"), r("<w:rPr><w:vanish/></w:rPr><w:t>no</w:t>"),
            r("<w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>b</w:t>"))
        // The end of a paragraph is deleted: the next goes on in it.
        add(
            "one line", "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", t("one "), "</w:p>",
            F.p("line"))
        paragraph(
            "7!", field("begin"), r("<w:instrText>PAGE</w:instrText><w:t>no</w:t>"),
            field("separate"), t("7"), field("end"), t("!"))
        paragraph(
            "today link", "<w:fldSimple w:instr=\"DATE\">", t("today"), "</w:fldSimple>",
            "<w:hyperlink r:id=\"x\">", t(" link"), "</w:hyperlink>")
        // A text box stands twice; it is read once, after its paragraph.
        paragraph(
            "before after\n\nin the box", "<w:r><w:t>before</w:t><mc:AlternateContent>",
            "<mc:Choice Requires=\"wps\"><wps:txbx>", box, "</wps:txbx></mc:Choice>",
            "<mc:Fallback><v:textbox>", box, "</v:textbox></mc:Fallback>",
            "</mc:AlternateContent></w:r>", t(" after"))
        add(
            "a b\tc\nd\te f\n\nend", "<w:tbl><w:tr>", cell(F.p("a"), F.p("b")), cell(F.p("c")),
            "</w:tr><w:tr><w:trPr><w:del/></w:trPr>", cell(F.p("gone")), "</w:tr><w:tr>",
            cell(F.p("d")),
            cell("<w:tbl><w:tr>", cell(F.p("e")), cell(F.p("f")), "</w:tr></w:tbl>"),
            "</w:tr></w:tbl>", F.p("end"))
        paragraph(
            "東", "<w:ruby><w:rt>", t("とう"), "</w:rt><w:rubyBase>", t("東"),
            "</w:rubyBase></w:ruby>")
        add(
            "filled", "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>",
            F.p("Click here"), "</w:sdtContent></w:sdt><w:sdt><w:sdtContent>", F.p("filled"),
            "</w:sdtContent></w:sdt>")
        return out
    }()

    @Test(arguments: cases)
    func bodies(body: String, expected: String) {
        for isStrict in [false, true] {
            let out = read(F.docx(body, isStrict: isStrict), .docx)
            #expect(out.sink.texts == [expected], "\(String(describing: out.fault))")
        }
    }

    @Test func propertiesNotesAndComments() throws {
        let note = { (id: Int, text: String) in
            "<w:footnote w:id=\"\(id)\">\(F.p(text))</w:footnote>"
        }
        let body =
            "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:endnoteReference w:id=\"2\"/></w:r><w:r><w:t>b</w:t></w:r>"
            + "<w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>"
        let bytes = F.docx(
            body,
            parts: [
                ("footnotes", "<w:ROOT>\(note(1, "sep"))\(note(2, "foot"))</w:ROOT>"),
                ("endnotes", "<w:ROOT><w:endnote w:id=\"2\">\(F.p("end"))</w:endnote></w:ROOT>"),
                (
                    "comments",
                    "<w:ROOT><w:comment w:id=\"0\" w:author=\"Bo\">\(F.p("why?"))</w:comment></w:ROOT>"
                ),
            ])
        let fields = try #require(read(bytes, .docx).sink.records.first).fields
        #expect(fields["text"] == "a[1]b[2]\n\n[1] end\n[2] foot")
        #expect(fields["title"] == "The title")
        #expect(fields["author"] == "Ann Lee")
        #expect(fields["comments"] == ["Bo: why?"])
    }

    @Test func headingsAndLists() {
        let styles = """
            <w:ROOT><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>\
            <w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="H1"/></w:style></w:ROOT>
            """
        let level = { (index: Int, format: String, text: String) in
            "<w:lvl w:ilvl=\"\(index)\"><w:start w:val=\"1\"/><w:numFmt w:val=\"\(format)\"/>"
                + "<w:lvlText w:val=\"\(text)\"/></w:lvl>"
        }
        let numbering = """
            <w:ROOT><w:abstractNum w:abstractNumId="0">\(level(0, "decimal", "%1."))\
            \(level(1, "lowerLetter", "%1.%2)"))</w:abstractNum><w:abstractNum w:abstractNumId="1">\
            \(level(0, "bullet", "·"))</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>\
            <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:ROOT>
            """
        let item = { (list: Int, level: Int) in
            "<w:numPr><w:ilvl w:val=\"\(level)\"/><w:numId w:val=\"\(list)\"/></w:numPr>"
        }
        let body =
            F.p("intro") + F.p("One", "<w:pStyle w:val=\"Sub\"/>") + F.p("a", item(1, 0))
            + F.p("b", item(1, 1)) + F.p("c", item(1, 1)) + F.p("d", item(1, 0))
            + F.p("e", item(2, 0))
            + F.p("Two", "<w:outlineLvl w:val=\"1\"/>") + F.p("tail")
        let bytes = F.docx(body, parts: [("styles", styles), ("numbering", numbering)])
        #expect(
            read(bytes, .docx).sink.texts
                == ["intro\n\nOne\n\n1. a\n1.a) b\n1.b) c\n2. d\n- e\n\nTwo\n\ntail"])
        let sections = read(bytes, .docx, unit: "heading").sink.records
        #expect(sections.map { $0.fields["heading"] } == [nil, "One", "Two"])
        #expect(sections.map(\.place) == ["section 1", "section 2", "section 3"])
        #expect(read(bytes, .docx, unit: "paragraph").sink.records.count == 9)
    }

    @Test(arguments: [
        (1, "lowerLetter", "a"), (27, "upperLetter", "AA"), (4, "lowerRoman", "iv"),
        (1999, "upperRoman", "MCMXCIX"), (7, "decimalZero", "07"), (12, "decimal", "12"),
    ])
    func numbers(value: Int, format: String, expected: String) {
        #expect(WordNumbering.number(value, format) == expected)
    }

    @Test func refused() {
        #expect(read(F.zip(["a.txt": "x"]), .docx).fault?.code == .malformed)
        #expect(read("no zip", .docx).fault?.code == .malformed)
        #expect(read(F.docx(""), .docx).fault?.code == .noText)
        #expect(read(F.docx("<w:p>"), .docx).fault?.code == .malformed)
        #expect(read(F.xlsx([]), .docx).fault?.code == .malformed)
        #expect(
            read(F.zip(["mimetype": "x", "content.xml": "<a/>"]), .docx).fault?.code == .unsupported
        )
        let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        #expect(read(ole + [0, 0], .docx).fault?.code == .unsupported)
        var package: [UInt8] = []
        for byte in "EncryptedPackage".utf8 { package += [byte, 0] }
        #expect(read(ole + package, .docx).fault?.code == .encrypted)
        #expect(read(ole, .docx).fault?.hint.contains("soffice") ?? false)
    }

    @Test func bombsAreRefused() {
        var limits = ReaderLimits()
        limits.expandedBytes = 50_000
        let big = F.docx(F.p(String(repeating: "x", count: 100_000)))
        #expect(read(big, .docx, limits: limits).fault?.code == .overLimit)
        let deep = String(repeating: "<w:sdt>", count: 3000)
        #expect(read(F.docx(deep), .docx).fault?.code == .overLimit)
        let entity = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
        let parts: KeyValuePairs = ["word/document.xml": entity]
        #expect(read(F.zip(parts), .docx).fault?.code == .external)
    }
}
