import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Mutations of our own fixtures: no parser may crash or hang, whatever comes.
@Suite struct OfficeFuzzTests {
    private typealias F = OfficeFixture

    private static let mail = """
        From: =?utf-8?Q?J=C3=B6rg?= <j@b.example>
        Subject: =?iso-2022-jp?B?GyRCJF4kXyRgGyhC?=
        Content-Type: multipart/mixed; boundary="x"

        --x
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <p style=3D"display:none">a</p><blockquote>b&amp;&#8364;</blockquote><!-- c -->
        --x
        Content-Type: application/pdf; name*0*=utf-8''%C3%A9; name*1=b
        Content-Transfer-Encoding: base64

        AAAA
        --x--

        On Mon, 3 Jan 2022, Ann wrote:
        > yes
        --\u{20}
        Ann
        """
    private static let rtf = #"""
        {\rtf1\ansi{\fonttbl{\f0\fcharset128 A;}}{\info{\title T}}\f0 \'82\'a0\u8364 ?{\field{\*\fldinst X}
        {\fldrslt y}}\trowd a\cell b\cell\row{\footnote\chftn n}{\upr{a}{\*\ud{b}}}\bin3 abc\par{\listtext 1.}z}
        """#

    private static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var out = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) where !out.isEmpty {
            let index = Int.random(in: 0..<out.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: out[index] = UInt8.random(in: 0...255, using: &random)
            case 1: out.remove(at: index)
            case 2: out.insert(UInt8.random(in: 0...255, using: &random), at: index)
            case 3: out.removeSubrange(index...)
            case 4:
                let end = min(out.count, index + Int.random(in: 1...40, using: &random))
                out.insert(contentsOf: out[index..<end], at: index)
            default: out[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
        return out
    }

    @Test(arguments: [
        ("eml", DocumentFormat.eml, 1500), ("mbox", .mbox, 700), ("rtf", .rtf, 2000),
    ])
    func text(name: String, format: DocumentFormat, count: Int) {
        let base: [UInt8] =
            switch format {
            case .eml: Array(Self.mail.utf8)
            case .mbox:
                Array(
                    "From a@b Mon Jan  3 10:00:00 2022\n\(Self.mail)\n\nFrom c@d Mon Jan  3 10:00:00 2022\n\n>From"
                        .utf8)
            default: Array(Self.rtf.utf8)
            }
        var random = SeededRandom(key: [7], tag: name)
        var faults = 0
        for _ in 0..<count {
            let out = read(Self.mutated(base, &random), format)
            if out.fault != nil { faults += 1 }
            #expect((out.summary == nil) != (out.fault == nil))
        }
        print("fuzz \(name): \(count) inputs, \(faults) refused")
    }

    @Test(arguments: [("docx", DocumentFormat.docx), ("xlsx", .xlsx), ("pptx", .pptx)])
    func packages(name: String, format: DocumentFormat) {
        let box = "<w:txbxContent>\(F.p("box"))</w:txbxContent>"
        let base: [UInt8] =
            switch format {
            case .docx:
                F.docx(
                    F.p("one", "<w:pStyle w:val=\"a\"/>")
                        + "<w:tbl><w:tr><w:tc>\(F.p("x"))</w:tc></w:tr></w:tbl>"
                        + "<w:p><w:r>\(box)<w:footnoteReference w:id=\"1\"/></w:r><w:del/></w:p>",
                    parts: [
                        (
                            "footnotes",
                            "<w:ROOT><w:footnote w:id=\"1\">\(F.p("n"))</w:footnote></w:ROOT>"
                        )
                    ])
            case .xlsx:
                F.xlsx(
                    [
                        .init(
                            name: "S",
                            rows: F.row(1, ["a", "b"])
                                + "<row><c s=\"1\"><v>5</v></c><c t=\"s\"><v>0</v></c></row>")
                    ],
                    strings: ["<t>x_x0041_</t>"])
            default: F.pptx([(F.shape("a", "title") + F.shape("b"), "n", false)])
            }
        // Members are checked by their sums, so the parts are broken before they are packed, too.
        var random = SeededRandom(key: [8], tag: name)
        let count = 400
        var faults = 0
        for round in 0..<count {
            let bytes =
                round.isMultiple(of: 4) ? Self.mutated(base, &random) : Self.repacked(base, &random)
            if read(bytes, format).fault != nil { faults += 1 }
        }
        print("fuzz \(name): \(count) inputs, \(faults) refused")
    }

    /// The same package with one part changed and the sums right.
    private static func repacked(_ zip: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        guard let box = try? ZipContainer(DocumentBytes(zip), limits: ReaderLimits()) else {
            return zip
        }
        let chosen = box.names.randomElement(using: &random)
        return F.zip(
            box.names.map { name in
                let bytes = (try? box.read(name)).flatMap { $0 } ?? []
                return (name, name == chosen ? mutated(bytes, &random) : bytes)
            })
    }

    @Test func pdfText() {
        var random = SeededRandom(key: [9], tag: "pdf")
        let base = Array(
            "Head 1\n\nwords of a long line that goes on\nand on-\ngoing \u{FB01}\n\n1\u{0C}Head 2\n\nx\n\n2\u{0C}"
                .utf8)
        for _ in 0..<3000 { _ = PDFText(Self.mutated(base + base, &random)).whole }
        print("fuzz pdf text: 3000 inputs")
    }
}
