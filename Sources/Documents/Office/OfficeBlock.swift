internal import ReaderProtocol
internal import Records

/// One paragraph, list item or table row of a document.
struct OfficeBlock: Hashable {
    /// What it is, for what stands between it and the next.
    enum Kind: Hashable { case paragraph, item, row }

    /// Its text; cells of a row are parted by tabs.
    var text: String
    /// Items and rows follow one another without a blank line.
    var kind: Kind = .paragraph
    /// 1 to 9 for a heading.
    var level: Int?

    var isBlank: Bool { text.unicodeScalars.allSatisfy { $0.value <= 0x20 || $0.value == 0xA0 } }

    /// Blocks as text: a blank line between paragraphs, none within lists and tables.
    static func text(_ blocks: [OfficeBlock]) -> String {
        var out = ""
        var last: Kind?
        for block in blocks where !block.isBlank {
            if let last { out += last == block.kind && last != .paragraph ? "\n" : "\n\n" }
            out += trimmed(block)
            last = block.kind
        }
        return out
    }

    /// Its text without white space around; a row keeps the tabs of its empty cells.
    private static func trimmed(_ block: OfficeBlock) -> String {
        if block.kind != .row { return MailText.trimmed(block.text) }
        let bytes = block.text.utf8
        guard let last = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x0A }) else { return "" }
        return String(block.text[...last])
    }
}

/// What a written document is made of, and how it becomes records.
struct OfficeText {
    /// Its blocks in reading order.
    var blocks: [OfficeBlock] = []
    /// Footnotes and endnotes in the order of their marks `[1]`, `[2]`, …
    var notes: [String] = []
    var title: String?
    var author: String?
    /// Remarks in the margin, each as `Author: text`.
    var comments: [String] = []

    /// Puts one record for the whole (`document`), for each part under a heading (`heading`), or
    /// for each paragraph (`paragraph`).
    ///
    /// - Throws: `.noText` if there is none, `.unsupported` for another unit.
    func put(_ request: ReaderRequest, _ sink: any DocumentSink) throws(ReaderFault) {
        let full = blocks.filter { !$0.isBlank }
        guard !full.isEmpty || !notes.isEmpty else {
            throw .noText(
                "a document without any text",
                hint: "if its pages are pictures, recognise their text (OCR) first")
        }
        let noteLines = notes.enumerated().filter { !$1.isEmpty }.map { "[\($0 + 1)] \($1)" }
        switch request.unit ?? "document" {
        case "document":
            var fields = shared
            let text = OfficeBlock.text(full)
            let tail = noteLines.joined(separator: "\n")
            fields["text"] = .string(
                tail.isEmpty ? text : text.isEmpty ? tail : text + "\n\n" + tail)
            if !comments.isEmpty {
                fields["comments"] = .array(comments.map { .string($0) })
            }
            try sink.record(fields, offset: 0)
        case "heading": try putSections(full, noteLines, sink)
        case "paragraph": try putParagraphs(full, noteLines, sink)
        case let unit:
            throw .unsupported(
                "the unit '\(unit)' is not known for this format",
                hint: "use document, heading or paragraph")
        }
    }

    private var shared: [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        if let title, !title.isEmpty { fields["title"] = .string(title) }
        if let author, !author.isEmpty { fields["author"] = .string(author) }
        return fields
    }

    private func putSections(
        _ full: [OfficeBlock], _ noteLines: [String], _ sink: any DocumentSink
    ) throws(ReaderFault) {
        var sections: [(heading: String?, blocks: [OfficeBlock])] = []
        for block in full {
            if block.level != nil {
                sections.append((MailText.trimmed(block.text), []))
            } else {
                if sections.isEmpty { sections.append((nil, [])) }
                sections[sections.count - 1].blocks.append(block)
            }
        }
        if !noteLines.isEmpty {
            sections.append((nil, noteLines.map { OfficeBlock(text: $0, kind: .item) }))
        }
        for (index, section) in sections.enumerated() {
            var fields = shared
            let text = OfficeBlock.text(section.blocks)
            // A heading with nothing under it is all the text that there is.
            fields["text"] = .string(text.isEmpty ? section.heading ?? "" : text)
            if let heading = section.heading { fields["heading"] = .string(heading) }
            try sink.record(fields, place: "section \(index + 1)", offset: UInt64(index))
        }
    }

    private func putParagraphs(
        _ full: [OfficeBlock], _ noteLines: [String], _ sink: any DocumentSink
    ) throws(ReaderFault) {
        var heading: String?
        let all = full + noteLines.map { OfficeBlock(text: $0, kind: .item) }
        for (index, block) in all.enumerated() {
            if block.level != nil { heading = MailText.trimmed(block.text) }
            var fields = shared
            fields["text"] = .string(OfficeBlock.text([block]))
            if let heading { fields["heading"] = .string(heading) }
            try sink.record(fields, place: "paragraph \(index + 1)", offset: UInt64(index))
        }
    }
}
