internal import ReaderProtocol

/// A Word document (ISO/IEC 29500): paragraphs, headings, lists, tables, notes, comments.
///
/// Headers and footers are left out: they repeat on every page and stand outside of the text.
enum DOCXReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let package = try OfficePackage(input, usual: "word/document.xml")
        let links = try package.relationships(of: package.main)
        func part(_ kind: String) -> String? { links.first { $0.kind == kind }?.target }
        let styles = WordStyles(try package.tree(part("styles")))
        let numbering = WordNumbering(try package.tree(part("numbering")))
        guard let bytes = try package.zip.read(package.main) else {
            throw .malformed("a Word document without its main part")
        }
        let root = WordRoot(WordBody(styles: styles, numbering: numbering))
        try XMLEvents.parse(bytes, limits: request.limits, handler: root)
        guard root.name == "document" else {
            throw .malformed(
                "no Word document: its main part is a <\(root.name)>",
                hint: "name it by its kind: .xlsx for a workbook, .pptx for slides")
        }
        var text = OfficeText()
        (text.title, text.author) = try package.properties()
        text.blocks = root.body.blocks
        try putChunks(root.body.chunks, links, package, into: &text, sink)
        try addNotes(
            root.body.noteMarks, footnotes: part("footnotes"), endnotes: part("endnotes"), package,
            to: &text)
        text.comments = try comments(part("comments"), package)
        try text.put(request, sink)
        return ReaderSummary(parser: "docx/1")
    }

    private static func addNotes(
        _ marks: [WordBody.NoteMark], footnotes: String?, endnotes: String?,
        _ package: OfficePackage, to text: inout OfficeText
    ) throws(ReaderFault) {
        guard !marks.isEmpty else { return }
        let lower = try notes(footnotes, "footnote", package)
        let upper = try notes(endnotes, "endnote", package)
        text.notes = marks.map { (($0.isEndnote ? upper : lower)[$0.id]) ?? "" }
    }

    private static func notes(
        _ part: String?, _ name: String, _ package: OfficePackage
    ) throws(ReaderFault) -> [String: String] {
        guard let part, let bytes = try package.zip.read(part) else { return [:] }
        let reader = WordPieces(name)
        try tolerant(bytes, package, reader)
        return Dictionary(reader.pieces.map { ($0.id, $0.text) }) { first, _ in first }
    }

    private static func comments(
        _ part: String?, _ package: OfficePackage
    ) throws(ReaderFault) -> [String] {
        guard let part, let bytes = try package.zip.read(part) else { return [] }
        let reader = WordPieces("comment")
        try tolerant(bytes, package, reader)
        return reader.pieces.filter { !$0.text.isEmpty }.map { piece in
            piece.author.isEmpty ? piece.text : "\(piece.author): \(piece.text)"
        }
    }

    /// A part beside the text: where it is broken, the text still counts.
    private static func tolerant(
        _ bytes: [UInt8], _ package: OfficePackage, _ handler: any XMLHandler
    ) throws(ReaderFault) {
        do {
            try XMLEvents.parse(bytes, limits: package.limits, handler: handler)
        } catch  where error.code == .malformed {
            return
        }
    }

    /// Pieces of other formats inside the package (§17.17.2): web pages and plain text are read.
    private static func putChunks(
        _ chunks: [(block: Int, relationship: String)], _ links: [OfficePackage.Relationship],
        _ package: OfficePackage, into text: inout OfficeText, _ sink: any DocumentSink
    ) throws(ReaderFault) {
        for chunk in chunks.reversed() {
            guard let target = links.first(where: { $0.id == chunk.relationship })?.target,
                let bytes = try package.zip.read(target)
            else { continue }
            let ending = target.lowercased().split(separator: ".").last ?? ""
            var plain: String?
            switch ending {
            case "htm", "html", "xhtml": plain = MailHTML.text(MailCharset.text(bytes, nil))
            case "txt": plain = MailText.unixLines(MailCharset.text(bytes, nil))
            case "mht", "mhtml":
                var budget = MailPart.Budget(depth: 20, parts: 1000)
                plain = MailPart.parse(bytes[...], budget: &budget).map {
                    MailBody($0, limits: package.limits).text
                }
            default: try sink.note("a piece of the format .\(ending.prefix(8)) is left out")
            }
            guard let plain else { continue }
            let blocks = MailText.lines(plain).map { OfficeBlock(text: String($0)) }
            text.blocks.insert(contentsOf: blocks, at: min(chunk.block, text.blocks.count))
        }
    }
}

/// Hands a document's events on and remembers its root.
private final class WordRoot: XMLHandler {
    let body: WordBody
    private(set) var name = ""

    init(_ body: WordBody) { self.body = body }

    func start(_ element: XMLStart) throws(ReaderFault) {
        if name.isEmpty { name = element.name }
        try body.start(element)
    }

    func text(_ text: String) throws(ReaderFault) { try body.text(text) }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        try body.end(name, offset: offset)
    }
}

/// Reads notes or comments: elements of one name, each with a body of its own.
private final class WordPieces: XMLHandler {
    private(set) var pieces: [(id: String, author: String, text: String)] = []
    private let name: String
    private var body: WordBody?
    private var head = (id: "", author: "")

    init(_ name: String) { self.name = name }

    func start(_ element: XMLStart) throws(ReaderFault) {
        if element.name == name, body == nil {
            head = (element["id"] ?? "", element["author"] ?? "")
            body = WordBody(styles: WordStyles(), numbering: WordNumbering())
        }
        try body?.start(element)
    }

    func text(_ text: String) throws(ReaderFault) { try body?.text(text) }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        try body?.end(name, offset: offset)
        if name == self.name, let done = body {
            let lines = done.blocks.map { MailText.trimmed($0.text) }
            pieces.append((head.id, head.author, lines.joined(separator: "\n")))
            body = nil
        }
    }
}
