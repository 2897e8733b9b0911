internal import ReaderProtocol

/// Reads the body of a Word document (ISO/IEC 29500-1 §17) as blocks.
///
/// Kept: runs, insertions, hyperlinks, results of fields, text boxes (after the paragraph they
/// hang on), formulas' text. Dropped: deletions, moved-away text, hidden text, instructions of
/// fields, phonetic guides, the older twin of alternate content, placeholders nobody filled in.
final class WordBody: XMLHandler {
    private(set) var blocks: [OfficeBlock] = []
    /// Footnotes and endnotes in the order of their marks.
    private(set) var noteMarks: [NoteMark] = []
    /// Parts of other formats that stand in the text, by relationship.
    private(set) var chunks: [(block: Int, relationship: String)] = []

    /// A mark of a note.
    struct NoteMark: Hashable {
        var isEndnote: Bool
        var id: String
    }

    private let styles: WordStyles
    private var numbering: WordNumbering

    /// A paragraph that is open; text boxes nest them.
    private struct Paragraph {
        var text = ""
        var style: String?
        var level: Int?
        var listID: String?
        var listLevel: Int?
        /// Its end is deleted: the next paragraph goes on in it.
        var isJoined = false
        /// What text boxes in it hold.
        var boxes: [OfficeBlock] = []
    }

    private struct Table {
        var rows: [String] = []
        var cells: [String] = []
        var isRowDeleted = false
    }

    /// Where paragraphs go: the body, a cell, or a text box.
    private struct Container {
        var blocks: [OfficeBlock] = []
        var tables: [Table] = []
        var joined: Paragraph?
    }

    private var containers = [Container()]
    private var paragraphs: [Paragraph] = []
    private var path: [String] = []
    /// How deep we are in something that is left out; 0: not at all.
    private var skipped = 0
    private var runDepth = 0
    private var isRunHidden = false
    private var takesText = false
    /// Open fields: true while in the instruction.
    private var fields: [Bool] = []
    private var placeholders: [Bool] = []

    init(styles: WordStyles, numbering: WordNumbering) {
        self.styles = styles
        self.numbering = numbering
    }

    private static let leftOut: Set<String> = [
        "del", "moveFrom", "Fallback", "rt", "delText", "instrText", "delInstrText", "sectPr",
        "tblPr", "tblGrid", "tcPr", "rubyPr", "sectPrChange", "pPrChange", "rPrChange",
        "tblPrChange", "trPrChange", "tcPrChange", "numPrChange",
    ]

    func start(_ element: XMLStart) throws(ReaderFault) {
        path.append(element.name)
        if skipped > 0 {
            skipped += 1
            return
        }
        let parent = path.dropLast().last ?? ""
        switch element.name {
        case "del", "moveFrom":
            // Inside properties they mark the end of a paragraph or a whole row.
            if parent == "trPr" { setTable { $0.isRowDeleted = true } }
            if parent == "rPr", path.contains("pPr") { setParagraph { $0.isJoined = true } }
            skipped = 1
        case let name where Self.leftOut.contains(name): skipped = 1
        case "p": begin()
        case "pStyle" where parent == "pPr": setParagraph { $0.style = element["val"] }
        case "outlineLvl" where parent == "pPr":
            setParagraph { $0.level = WordStyles.level(element["val"]) }
        case "numId" where parent == "numPr": setParagraph { $0.listID = element["val"] }
        case "ilvl" where parent == "numPr":
            setParagraph { $0.listLevel = element["val"].flatMap { Int($0) } }
        case "r":
            runDepth += 1
            isRunHidden = false
        case "vanish" where parent == "rPr" && !path.contains("pPr"):
            isRunHidden = OfficeSwitch.isOn(element["val"])
        case "t": takesText = true
        case "tab" where parent == "r", "ptab" where parent == "r": append("\t")
        case "br" where parent == "r", "cr" where parent == "r": append("\n")
        case "noBreakHyphen": append("\u{2011}")
        case "sym": append(Self.symbol(element["char"]))
        case "fldChar": field(element["fldCharType"])
        case "footnoteReference": mark(isEndnote: false, element["id"])
        case "endnoteReference": mark(isEndnote: true, element["id"])
        case "tbl": setContainer { $0.tables.append(Table()) }
        case "tr": setTable { ($0.cells, $0.isRowDeleted) = ([], false) }
        case "tc", "txbxContent": containers.append(Container())
        case "sdt": placeholders.append(false)
        case "showingPlcHdr" where parent == "sdtPr":
            if !placeholders.isEmpty { placeholders[placeholders.count - 1] = true }
        case "sdtContent" where placeholders.last == true: skipped = 1
        case "altChunk":
            if let id = element["id"] { chunks.append((blocks.count, id)) }
        default: break
        }
    }

    func text(_ text: String) throws(ReaderFault) {
        if takesText && skipped == 0 { append(text) }
    }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        path.removeLast()
        if skipped > 0 {
            skipped -= 1
            return
        }
        switch name {
        case "t": takesText = false
        case "p": finish()
        case "r":
            runDepth -= 1
            isRunHidden = false
        case "tc":
            let cell = close()
            let text = cell.blocks.map(\.text).joined(separator: " ")
            setTable { $0.cells.append(Self.oneLine(text)) }
        case "tr":
            setTable { table in
                if !table.isRowDeleted {
                    table.rows.append(table.cells.joined(separator: "\t"))
                }
                table.cells = []
            }
        case "tbl": finishTable()
        case "txbxContent":
            let box = close()
            if paragraphs.isEmpty {
                box.blocks.forEach { put($0) }
            } else {
                setParagraph { $0.boxes += box.blocks }
            }
        case "sdt": _ = placeholders.popLast()
        default: break
        }
        if containers.count == 1, let first = containers.first, !first.blocks.isEmpty {
            blocks += first.blocks
            containers[0].blocks = []
        }
    }

    // MARK: Paragraphs

    private func begin() {
        var paragraph = containers[containers.count - 1].joined ?? Paragraph()
        containers[containers.count - 1].joined = nil
        paragraph.isJoined = false
        paragraphs.append(paragraph)
    }

    private func finish() {
        guard var paragraph = paragraphs.popLast() else { return }
        if paragraph.isJoined {
            setContainer { $0.joined = paragraph }
            return
        }
        let style = styles.resolved(paragraph.style)
        let level = paragraph.level ?? style.level
        let list = paragraph.listID ?? style.listID
        var kind = OfficeBlock.Kind.paragraph
        if let list, list != "0", !paragraph.text.isEmpty {
            let depth =
                paragraph.listLevel ?? numbering.level(of: list, style: paragraph.style)
                ?? style.listLevel ?? 0
            paragraph.text = numbering.next(list: list, level: depth) + paragraph.text
            kind = level == nil ? .item : .paragraph
        }
        put(OfficeBlock(text: paragraph.text, kind: kind, level: level))
        paragraph.boxes.forEach { put($0) }
    }

    private func put(_ block: OfficeBlock) {
        if !block.isBlank { setContainer { $0.blocks.append(block) } }
    }

    /// Closes a cell or box; a paragraph whose end was deleted ends with it.
    private func close() -> Container {
        guard containers.count > 1, var last = containers.popLast() else { return Container() }
        if let open = last.joined, !open.text.isEmpty {
            last.blocks.append(OfficeBlock(text: open.text))
        }
        return last
    }

    private func finishTable() {
        guard let table = containers[containers.count - 1].tables.popLast() else { return }
        for row in table.rows { put(OfficeBlock(text: row, kind: .row)) }
    }

    private func append(_ text: String) {
        guard !isRunHidden, !fields.contains(true) else { return }
        setParagraph { $0.text += text }
    }

    private func field(_ type: String?) {
        switch type {
        case "begin": fields.append(true)
        case "separate": if !fields.isEmpty { fields[fields.count - 1] = false }
        case "end": _ = fields.popLast()
        default: break
        }
    }

    private func mark(isEndnote: Bool, _ id: String?) {
        guard let id else { return }
        noteMarks.append(NoteMark(isEndnote: isEndnote, id: id))
        append("[\(noteMarks.count)]")
    }

    private func setParagraph(_ change: (inout Paragraph) -> Void) {
        if !paragraphs.isEmpty { change(&paragraphs[paragraphs.count - 1]) }
    }

    private func setContainer(_ change: (inout Container) -> Void) {
        change(&containers[containers.count - 1])
    }

    private func setTable(_ change: (inout Table) -> Void) {
        setContainer { container in
            if !container.tables.isEmpty { change(&container.tables[container.tables.count - 1]) }
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ")
    }

    /// A character of a symbol font: bullets and ticks by their place in Symbol and Wingdings.
    private static func symbol(_ code: String?) -> String {
        guard let code, let number = UInt32(code, radix: 16) else { return "" }
        switch number & 0xFF {
        case 0xB7 where number >= 0xF000, 0xA7 where number >= 0xF000: return "•"
        case 0xFC where number >= 0xF000: return "✓"
        case 0xE0 where number >= 0xF000: return "→"
        default: break
        }
        guard number < 0xE000 || number > 0xF8FF, let scalar = Unicode.Scalar(number) else {
            return ""
        }
        return String(scalar)
    }
}
