internal import ReaderProtocol
internal import Records

/// A presentation (ISO/IEC 29500): one record for each slide, in the order they are shown.
enum PPTXReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let package = try OfficePackage(input, usual: "ppt/presentation.xml")
        guard let presentation = try package.tree(package.main),
            presentation.name == "presentation"
        else {
            throw .malformed(
                "no presentation: its main part is of another kind",
                hint: "name it by its kind: .docx for a document, .xlsx for a workbook")
        }
        let links = try package.relationships(of: package.main)
        var number = 0
        var records = 0
        for element in presentation.first("sldIdLst")?.all("sldId") ?? [] {
            let wanted = element.attributes.first { $0.name == "id" && $0.namespace != nil }?.value
            guard let link = links.first(where: { $0.id == wanted && $0.kind == "slide" }) else {
                continue
            }
            number += 1
            if try put(link.target, number, package, sink) { records += 1 }
        }
        guard records > 0 else {
            throw .noText(
                "a presentation without any text",
                hint: "if its slides are pictures, recognise their text (OCR) first")
        }
        return ReaderSummary(parser: "pptx/1")
    }

    /// Puts one slide; false where there is no text on it.
    private static func put(
        _ part: String, _ number: Int, _ package: OfficePackage, _ sink: any DocumentSink
    ) throws(ReaderFault) -> Bool {
        let place = "slide \(number)"
        let offset = UInt64(number - 1)
        guard let bytes = try package.zip.read(part) else {
            try sink.refuse(
                "missing-part", "the slide's part is missing", place: place, offset: offset)
            return false
        }
        let slide = SlideHandler()
        do {
            try XMLEvents.parse(bytes, limits: package.limits, handler: slide)
        } catch  where error.code == .malformed {
            try sink.refuse("malformed-part", "the slide is broken", place: place, offset: offset)
            return false
        }
        if slide.isHidden { try sink.note("slide \(number) is hidden; it is read like the others") }
        let notes = try notes(of: part, package)
        let title = slide.title.joined(separator: " ")
        let text = OfficeBlock.text(
            (title.isEmpty ? [] : [OfficeBlock(text: title, level: 1)]) + slide.blocks)
        guard !text.isEmpty || !notes.isEmpty else {
            try sink.refuse("no-text", "a slide without text", place: place, offset: offset)
            return false
        }
        var fields: [String: JSONValue] = [
            "text": .string(text), "slide": .string(String(number)),
        ]
        if !title.isEmpty { fields["title"] = .string(title) }
        if !notes.isEmpty { fields["notes"] = .string(notes) }
        try sink.record(fields, place: place, offset: offset)
        return true
    }

    private static func notes(
        of slide: String, _ package: OfficePackage
    ) throws(ReaderFault) -> String {
        let links = try package.relationships(of: slide)
        guard let part = links.first(where: { $0.kind == "notesSlide" })?.target,
            let bytes = try package.zip.read(part)
        else { return "" }
        let handler = SlideHandler(isNotes: true)
        do {
            try XMLEvents.parse(bytes, limits: package.limits, handler: handler)
        } catch  where error.code == .malformed {
            return ""
        }
        return OfficeBlock.text(handler.blocks)
    }
}

/// Reads a slide (ISO/IEC 29500-1 §19.3, §21.1.2): titles, paragraphs, tables.
///
/// Dates, footers and slide numbers are left out, and of alternate content the older twin.
final class SlideHandler: XMLHandler {
    private(set) var title: [String] = []
    private(set) var blocks: [OfficeBlock] = []
    private(set) var isHidden = false

    private let isNotes: Bool
    private var placeholder: String?
    private var hasPlaceholder = false
    private var paragraph = ""
    private var isInText = false
    private var isInParagraph = false
    private var cells: [String]?
    private var cell: [String] = []
    private var skipped = 0

    /// - Parameter isNotes: Only the placeholder of the notes counts, not the slide's picture.
    init(isNotes: Bool = false) { self.isNotes = isNotes }

    func start(_ element: XMLStart) throws(ReaderFault) {
        if skipped > 0 {
            skipped += 1
            return
        }
        switch element.name {
        case "sld": isHidden = !OfficeSwitch.isOn(element["show"])
        case "Fallback": skipped = 1
        case "sp", "graphicFrame", "pic", "cxnSp": (placeholder, hasPlaceholder) = (nil, false)
        case "ph":
            placeholder = element["type"] ?? "body"
            hasPlaceholder = true
        case "p" where element.namespace?.contains("/drawingml/") ?? false:
            (paragraph, isInParagraph) = ("", true)
        case "t": isInText = true
        case "br" where isInParagraph: paragraph += "\n"
        case "tab" where isInParagraph: break
        case "tr": cells = []
        case "tc": cell = []
        default: break
        }
    }

    func text(_ text: String) throws(ReaderFault) {
        if isInText && isInParagraph && skipped == 0 { paragraph += text }
    }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        if skipped > 0 {
            skipped -= 1
            return
        }
        switch name {
        case "t": isInText = false
        case "p" where isInParagraph:
            isInParagraph = false
            finish()
        case "tc": cells?.append(cell.joined(separator: " "))
        case "tr":
            if let cells, cells.contains(where: { !$0.isEmpty }) {
                blocks.append(OfficeBlock(text: cells.joined(separator: "\t"), kind: .row))
            }
            cells = nil
        default: break
        }
    }

    private func finish() {
        let text = MailText.trimmed(paragraph)
        guard !text.isEmpty else { return }
        if cells != nil {
            cell.append(text.split { $0.isWhitespace }.joined(separator: " "))
            return
        }
        if isNotes {
            if placeholder == "body" { blocks.append(OfficeBlock(text: text)) }
            return
        }
        switch placeholder {
        case "title", "ctrTitle": title.append(text)
        case "dt", "ftr", "sldNum", "hdr": break
        default:
            // Paragraphs of the body are a list more often than not.
            blocks.append(OfficeBlock(text: text, kind: hasPlaceholder ? .item : .paragraph))
        }
    }
}
