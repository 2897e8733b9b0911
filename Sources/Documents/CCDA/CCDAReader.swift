internal import ReaderProtocol
internal import Records

/// A C-CDA document (HL7 CDA R2): one record for each section, with the header's patient and
/// authors beside it.
///
/// Fragments, such as a lone `section` or `component`, are read as far as they hold sections.
enum CCDAReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        if let size = input.regularFileSize, size > request.limits.memoryBytes / 16 {
            throw .overLimit("a clinical document of \(size) bytes, which is read as a whole")
        }
        let builder = XMLTreeBuilder()
        let encoding = try XMLEvents.parse(
            input, encoding: request.encoding, limits: request.limits, handler: builder)
        guard let root = builder.root else { throw .malformed("an XML document without elements") }
        var sections: [XMLTree] = []
        collect(root, &sections)
        let header = CCDAHeader.fields(of: root)
        let bodies = root.descendants("nonXMLBody")
        guard !sections.isEmpty || !bodies.isEmpty else {
            throw .unsupported(
                root.name == "ClinicalDocument"
                    ? "a clinical document without sections"
                    : "a fragment of a clinical document without a section",
                hint: "read it as XML with --format xml")
        }
        for (index, section) in sections.enumerated() {
            try put(section, index, header, sink)
        }
        for (index, body) in bodies.enumerated() {
            try put(body: body, sections.count + index, header, sink)
        }
        return ReaderSummary(parser: "ccda/1", encoding: encoding)
    }

    /// Sections in document order, those inside of others as well.
    private static func collect(_ element: XMLTree, _ out: inout [XMLTree]) {
        if element.name == "section" { out.append(element) }
        for child in element.elements { collect(child, &out) }
    }

    private static func put(
        _ section: XMLTree, _ index: Int, _ header: [String: JSONValue], _ sink: any DocumentSink
    ) throws(ReaderFault) {
        let title = section.first("title").map { XMLColumns.collapsed($0.text) } ?? ""
        var blocks = TextBlocks()
        blocks.add(.heading(1), title)
        if let text = section.first("text") { CCDANarrative.render(text, into: &blocks) }
        let entries = CCDAEntries(narrativeOf: section).entries(of: section)
        let code = section.first("code")
        var fields = header
        fields["text"] = blocks.text.isEmpty ? nil : .string(blocks.text)
        fields["section"] = title.isEmpty ? nil : .string(title)
        fields["section_code"] = code?[attribute: "code"].map { .string($0) }
        fields["entries"] = entries.isEmpty ? nil : .array(entries)
        let place = "section \(index + 1)"
        let offset = section.range?.lowerBound ?? UInt64(index)
        let length = UInt64(section.range?.count ?? 0)
        guard fields["text"] != nil || fields["entries"] != nil else {
            return try sink.refuse(
                "ccda-empty", "a section without text and entries", place: place, offset: offset,
                length: length)
        }
        try sink.record(fields, place: place, offset: offset, length: length)
    }

    /// A body that is a file of its own: text is read, anything else is refused by its kind.
    private static func put(
        body: XMLTree, _ index: Int, _ header: [String: JSONValue], _ sink: any DocumentSink
    ) throws(ReaderFault) {
        let offset = body.range?.lowerBound ?? UInt64(index)
        let length = UInt64(body.range?.count ?? 0)
        let text = body.first("text")
        let type = text?[attribute: "mediaType"] ?? "text/plain"
        guard let text, type.hasPrefix("text/") else {
            return try sink.refuse(
                "unsupported", "a clinical document whose body is a file of another format",
                place: "body", offset: offset, length: length)
        }
        var content = text.text
        if text[attribute: "representation"] == "B64" {
            let letters = content.utf8.filter { $0 > 0x20 }
            guard let bytes = Base64.decode(String(decoding: letters, as: UTF8.self)) else {
                return try sink.refuse(
                    "document-malformed", "a body that is not Base64", place: "body",
                    offset: offset, length: length)
            }
            content = Charset.decodeGuessing(bytes).text
        }
        if type == "text/html" {
            content =
                try HTMLText.extract(
                    Array(content.utf8), encoding: "utf-8", mainOnly: false, limits: ReaderLimits()
                ).text
        }
        var fields = header
        fields["text"] = .string(XMLColumns.trimmed(content))
        try sink.record(fields, place: "body", offset: offset, length: length)
    }
}
