@testable import Documents

/// Office documents made of their parts: a zip file whose members are stored as they are.
enum OfficeFixture {
    /// A zip file (APPNOTE 4.3.7, 4.3.12, 4.3.16), method 0.
    static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in members {
            let offset = out.count
            var common = little(20, 2)
            for (value, width) in [
                (0x0800, 2), (0, 2), (0, 2), (0x21, 2), (Int(crc(bytes)), 4), (bytes.count, 4),
                (bytes.count, 4), (name.utf8.count, 2), (0, 2),
            ] { common += little(value, width) }
            out += [0x50, 0x4B, 3, 4]
            out += common
            out += Array(name.utf8)
            out += bytes
            directory += [0x50, 0x4B, 1, 2]
            directory += little(20, 2)
            directory += common
            for width in [2, 2, 2, 4] { directory += little(0, width) }
            directory += little(offset, 4)
            directory += Array(name.utf8)
        }
        var end: [UInt8] = []
        for (value, width) in [
            (0, 2), (0, 2), (members.count, 2), (members.count, 2), (directory.count, 4),
            (out.count, 4), (0, 2),
        ] { end += little(value, width) }
        out += directory
        out += [0x50, 0x4B, 5, 6]
        return out + end
    }

    static func zip(_ members: KeyValuePairs<String, String>) -> [UInt8] {
        zip(members.map { ($0.key, Array($0.value.utf8)) })
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * $0) & 255) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = crc & 1 == 1
                crc >>= 1
                if isOdd { crc ^= 0xEDB8_8320 }
            }
        }
        return ~crc
    }

    static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    static let strictOffice = "http://purl.oclc.org/ooxml/officeDocument/relationships"

    static func relationships(_ list: [(id: String, kind: String, target: String)]) -> String {
        let items = list.map {
            #"<Relationship Id="\#($0.id)" Type="\#(office)/\#($0.kind)" Target="\#($0.target)"/>"#
        }
        return
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + items.joined() + "</Relationships>"
    }

    static let core = """
        <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
        xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The title</dc:title>\
        <dc:creator>Ann Lee</dc:creator></cp:coreProperties>
        """

    // MARK: Word

    /// A Word document with this body; other parts by their relationship.
    static func docx(
        _ body: String, parts: [(kind: String, xml: String)] = [], isStrict: Bool = false
    ) -> [UInt8] {
        let word =
            isStrict
            ? "http://purl.oclc.org/ooxml/wordprocessingml/main"
            : "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        let names = """
            xmlns:w="\(word)" xmlns:r="\(isStrict ? strictOffice : office)" \
            xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" \
            xmlns:wps="urn:wps" xmlns:v="urn:schemas-microsoft-com:vml"
            """
        var top = relationships([
            ("r1", "officeDocument", "word/document.xml"),
            ("r2", "core-properties", "docProps/core.xml"),
        ])
        if isStrict { top = top.replacing(office, with: strictOffice) }
        var members = [
            ("_rels/.rels", Array(top.utf8)),
            ("docProps/core.xml", Array(core.utf8)),
            (
                "word/document.xml",
                Array("<w:document \(names)><w:body>\(body)</w:body></w:document>".utf8)
            ),
            (
                "word/_rels/document.xml.rels",
                Array(
                    relationships(parts.map { ("id-\($0.kind)", $0.kind, "\($0.kind).xml") }).utf8)
            ),
        ]
        for part in parts {
            let xml = part.xml.replacing("<w:ROOT", with: "<w:root \(names)")
                .replacing("</w:ROOT", with: "</w:root")
            members.append(("word/\(part.kind).xml", Array(xml.utf8)))
        }
        return zip(members)
    }

    /// A paragraph of one run.
    static func p(_ text: String, _ properties: String = "") -> String {
        "<w:p><w:pPr>\(properties)</w:pPr><w:r><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
    }

    // MARK: Excel

    struct Sheet {
        var name: String
        var rows: String
        var state = "visible"
        var tail = ""
    }

    static let styles = """
        <styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd;@"/>\
        <numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs count="6">\
        <xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/>\
        <xf numFmtId="165"/><xf numFmtId="21"/></cellXfs></styleSheet>
        """

    static func xlsx(
        _ sheets: [Sheet], strings: [String] = [], from1904: Bool = false
    ) -> [UInt8] {
        var list = ""
        var links: [(id: String, kind: String, target: String)] = [
            ("s", "styles", "styles.xml"), ("t", "sharedStrings", "/xl/sharedStrings.xml"),
        ]
        var members = [
            (
                "_rels/.rels",
                Array(relationships([("r1", "officeDocument", "xl/workbook.xml")]).utf8)
            )
        ]
        for (index, sheet) in sheets.enumerated() {
            list += """
                <sheet name="\(sheet.name)" sheetId="\(index + 1)" state="\(sheet.state)" \
                r:id="w\(index)"/>
                """
            links.append(("w\(index)", "worksheet", "worksheets/sheet\(index).xml"))
            let xml = "<worksheet><sheetData>\(sheet.rows)</sheetData>\(sheet.tail)</worksheet>"
            members.append(("xl/worksheets/sheet\(index).xml", Array(xml.utf8)))
        }
        let book = """
            <workbook xmlns:r="\(office)"><workbookPr date1904="\(from1904 ? 1 : 0)"/>\
            <sheets>\(list)</sheets></workbook>
            """
        let shared = strings.map { "<si>\($0)</si>" }.joined()
        members.append(("xl/workbook.xml", Array(book.utf8)))
        members.append(("xl/_rels/workbook.xml.rels", Array(relationships(links).utf8)))
        members.append(("xl/styles.xml", Array(styles.utf8)))
        members.append(("xl/sharedStrings.xml", Array("<sst>\(shared)</sst>".utf8)))
        return zip(members)
    }

    /// A row of inline strings.
    static func row(_ number: Int, _ cells: [String]) -> String {
        let xml = cells.enumerated().map { index, text in
            let column = String(Unicode.Scalar(UInt8(0x41 + index)))
            return text.isEmpty
                ? "" : "<c r=\"\(column)\(number)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
        }
        return "<row r=\"\(number)\">\(xml.joined())</row>"
    }

    // MARK: PowerPoint

    static func pptx(_ slides: [(shapes: String, notes: String?, isHidden: Bool)]) -> [UInt8] {
        let names = """
            xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="\(office)" \
            xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
            """
        var list = ""
        var links: [(id: String, kind: String, target: String)] = []
        var members: [(String, [UInt8])] = [
            (
                "_rels/.rels",
                Array(relationships([("r1", "officeDocument", "ppt/presentation.xml")]).utf8)
            )
        ]
        for (index, slide) in slides.enumerated() {
            // Files are numbered against the order in which they are shown.
            let file = slides.count - index
            list += "<p:sldId id=\"\(256 + index)\" r:id=\"s\(index)\"/>"
            links.append(("s\(index)", "slide", "slides/slide\(file).xml"))
            let show = slide.isHidden ? " show=\"0\"" : ""
            let xml =
                "<p:sld \(names)\(show)><p:cSld><p:spTree>\(slide.shapes)</p:spTree></p:cSld></p:sld>"
            members.append(("ppt/slides/slide\(file).xml", Array(xml.utf8)))
            if let notes = slide.notes {
                let shapes = shape(notes, "body") + shape("7", "sldNum")
                members.append(
                    (
                        "ppt/notesSlides/n\(file).xml",
                        Array(
                            "<p:notes \(names)><p:cSld><p:spTree>\(shapes)</p:spTree></p:cSld></p:notes>"
                                .utf8)
                    ))
                members.append(
                    (
                        "ppt/slides/_rels/slide\(file).xml.rels",
                        Array(
                            relationships([("n", "notesSlide", "../notesSlides/n\(file).xml")]).utf8
                        )
                    ))
            }
        }
        let main = "<p:presentation \(names)><p:sldIdLst>\(list)</p:sldIdLst></p:presentation>"
        members.append(("ppt/presentation.xml", Array(main.utf8)))
        members.append(("ppt/_rels/presentation.xml.rels", Array(relationships(links).utf8)))
        return zip(members)
    }

    /// A shape with one paragraph a line; a placeholder if `type` is said.
    static func shape(_ text: String, _ type: String? = nil) -> String {
        let paragraphs = text.split(separator: "\n").map {
            "<a:p><a:r><a:t>\($0)</a:t></a:r></a:p>"
        }
        let place =
            type.map { "<p:nvSpPr><p:nvPr><p:ph type=\"\($0)\"/></p:nvPr></p:nvSpPr>" } ?? ""
        return "<p:sp>\(place)<p:txBody>\(paragraphs.joined())</p:txBody></p:sp>"
    }

    // MARK: PDF

    /// A PDF with one text line for each string, page by page, in Helvetica.
    static func pdf(_ pages: [[String]]) -> [UInt8] {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
        let kids = pages.indices.map { "\(4 + $0 * 2) 0 R" }.joined(separator: " ")
        objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for (index, lines) in pages.enumerated() {
            var content = "BT /F1 10 Tf 12 TL 40 760 Td\n"
            for line in lines { content += line.isEmpty ? "T* T*\n" : "(\(line)) Tj T*\n" }
            content += "ET"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(5 + index * 2) 0 R "
                    + "/Resources << /Font << /F1 3 0 R >> >> >>")
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        objects.append("<< /Title (The title) /Author (Ann Lee) >>")
        var out = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(out.utf8.count)
            out += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = out.utf8.count
        out += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            out += String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n"
        }
        out += "trailer << /Size \(objects.count + 1) /Root 1 0 R /Info \(objects.count) 0 R >>\n"
        return Array((out + "startxref\n\(start)\n%%EOF\n").utf8)
    }
}
