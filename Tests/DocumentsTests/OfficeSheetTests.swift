import ReaderProtocol
import Records
import Testing

@testable import Documents

/// Workbooks and presentations made here.
@Suite struct OfficeSheetTests {
    private typealias F = OfficeFixture

    @Test func values() throws {
        let header = F.row(1, ["s", "n", "d", "dt", "b", "e", "f", "gap"])
        let cells = """
            <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"><v>0.10</v></c><c r="C3" s="1"><v>44927</v></c>\
            <c r="D3" s="2"><v>44927.5</v></c><c r="E3" t="b"><v>1</v></c><c r="F3" t="e"><v>#N/A</v></c>\
            <c r="G3" t="str"><f>A1&amp;"x"</f><v>sx</v></c></row>\
            <row r="4"><c r="A4" t="s"><v>1</v></c><c r="D4" s="4"><v>1.5</v></c><c r="C4" s="3"><v>60</v></c>\
            <c r="G4"><f>NOW()</f></c><c r="J4"><v>9</v></c></row>
            """
        let out = read(
            F.xlsx(
                [
                    .init(
                        name: "S", rows: header + cells,
                        tail: "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>")
                ],
                strings: [
                    "<t>sh</t>", "<r><t>ri</t></r><r><t>ch_x000D_</t></r><rPh><t>no</t></rPh>",
                ]), .xlsx)
        let rows = out.sink.records
        #expect(rows.map(\.place) == ["S!3", "S!4"])
        #expect(
            rows.first?.fields == [
                "s": "sh", "n": "0.10", "d": "2023-01-01", "dt": "2023-01-01T12:00:00", "b": true,
                "e": "#N/A", "f": "sx", "gap": nil, "column10": nil,
            ])
        #expect(rows.last?.fields["s"] == "rich")
        #expect(rows.last?.fields["dt"] == "1.5")
        #expect(rows.last?.fields["d"] == "60")
        #expect(rows.last?.fields["column10"] == "9")
        #expect(out.sink.notes.count == 2)
    }

    @Test(arguments: [
        (0.0, SheetDate.Style.date, false, "1899-12-31"), (1, .date, false, "1900-01-01"),
        (59, .date, false, "1900-02-28"), (61, .date, false, "1900-03-01"),
        (36526, .date, false, "2000-01-01"), (36526.25, .date, false, "2000-01-01T06:00:00"),
        (0.5, .time, false, "12:00:00"), (0.999999999, .time, false, "1900-01-01T00:00:00"),
        (0, .date, true, "1904-01-01"), (1462, .date, true, "1908-01-02"),
        (2_958_465, .date, false, "9999-12-31"),
        (45000.75, .dateTime, false, "2023-03-15T18:00:00"),
    ])
    func dates(serial: Double, style: SheetDate.Style, from1904: Bool, expected: String) {
        let found = SheetDate.iso(serial, style, from1904: from1904)
        #expect(found == expected)
    }

    @Test(arguments: [
        ("yyyy-mm-dd", SheetDate.Style.date), ("d. mmm yy", .date), ("hh:mm:ss", .time),
        ("h:mm AM/PM", .time), ("m/d/yy h:mm", .dateTime), ("mm:ss.0", .time),
        ("[$-409]mmmm d, yyyy;@", .date), ("yyyy\"年\"m\"月\"", .date), ("mmm-yy", .date),
        ("[h]:mm:ss", nil), ("0.00", nil), ("General", nil), ("#,##0 \"days\"", nil), ("@", nil),
        ("0.00E+00", nil), ("[Red]0", nil), ("\\d0", nil), ("_($* #,##0_)", nil), ("", nil),
    ])
    func formats(code: String, expected: SheetDate.Style?) {
        #expect(SheetFormats.style(ofCode: code) == expected)
    }

    @Test func headers() {
        func columns(_ rows: String...) -> [Set<String>] {
            let out = read(F.xlsx([.init(name: "S", rows: rows.joined())]), .xlsx)
            return out.sink.records.map { Set($0.fields.keys) }
        }
        let number = "<row r=\"9\"><c r=\"A9\"><v>1</v></c><c r=\"B9\"><v>2</v></c></row>"
        // A title above the table; blank and repeated names; years as names; no header at all.
        #expect(columns(F.row(1, ["Report"]), F.row(3, ["a", "b"]), number) == [["a", "b"]])
        #expect(columns(F.row(1, ["a", "a"]), number) == [["a", "a_2"]])
        let years =
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c><c r=\"B1\"><v>2024</v></c></row>"
        let values =
            "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>y</v></c><c r=\"B2\"><v>7.5</v></c></row>"
        #expect(columns(years, values) == [["x", "2024"]])
        #expect(columns(years, years.replacing("1\"", with: "2\"")).count == 2)
        #expect(columns(number, number) == [["column1", "column2"], ["column1", "column2"]])
        #expect(columns(F.row(1, ["lonely"])) == [["column1"]])
    }

    @Test func titleLinesAreRefusedNotLost() {
        let rows = F.row(1, ["Report of May"]) + F.row(3, ["a", "b"]) + F.row(4, ["1x", "2x"])
        let out = read(F.xlsx([.init(name: "S", rows: rows)]), .xlsx)
        #expect(out.sink.refusals.map(\.reason) == ["before-header"])
        #expect(out.sink.refusals.map(\.place) == ["S!1"])
        #expect(out.sink.records.count == 1)
    }

    @Test func severalSheets() {
        let rows = F.row(1, ["a", "b"]) + F.row(2, ["x", "y"])
        let out = read(
            F.xlsx([
                .init(name: "One", rows: rows), .init(name: "Empty", rows: ""),
                .init(name: "Two", rows: rows, state: "hidden"),
            ]), .xlsx)
        #expect(out.sink.records.map { $0.fields["sheet"] } == ["One", "Two"])
        #expect(out.sink.records.map(\.offset) == [0, 1])
        #expect(out.sink.notes.count == 1)
        let single = read(F.xlsx([.init(name: "One", rows: rows)]), .xlsx)
        #expect(single.sink.records.first?.fields == ["a": "x", "b": "y"])
        #expect(read(F.xlsx([.init(name: "E", rows: "")]), .xlsx).fault?.code == .noText)
        #expect(read(F.docx(""), .xlsx).fault?.code == .malformed)
    }

    @Test(arguments: [
        ("A1", 0), ("Z9", 25), ("AA1", 26), ("XFD1", 16383), ("XFE1", nil), ("12", nil),
    ])
    func columns(reference: String, expected: Int?) {
        #expect(SheetHandler.column(reference) == expected)
    }

    @Test func slides() {
        let table = """
            <p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>1</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r>\
            <a:t>2</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>
            """
        let bytes = F.pptx([
            (
                F.shape("Welcome", "ctrTitle") + F.shape("a\nb", "body") + F.shape("5 May", "dt"),
                "say hello", false
            ),
            (F.shape("Plan", "title") + table + F.shape("free"), nil, true),
            (F.shape("9", "sldNum"), nil, false),
        ])
        let out = read(bytes, .pptx)
        #expect(out.sink.texts == ["Welcome\n\na\nb", "Plan\n\n1\t2\n\nfree"])
        #expect(out.sink.records.map { $0.fields["title"] } == ["Welcome", "Plan"])
        #expect(out.sink.records.map { $0.fields["notes"] } == ["say hello", nil])
        #expect(out.sink.records.map(\.place) == ["slide 1", "slide 2"])
        #expect(out.sink.refusals.map(\.reason) == ["no-text"])
        #expect(out.sink.notes.count == 1)
        #expect(read(F.pptx([]), .pptx).fault?.code == .noText)
    }
}
