internal import ReaderProtocol
internal import Records

/// The text layer of a PDF (ISO 32000), read by poppler's `pdftotext` in a process of its own.
///
/// The order of reading is what `pdftotext` finds without `-layout`: column by column, which is
/// what a model should read; `-layout` would mix the lines of columns.
enum PDFReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let unit = request.unit ?? "document"
        guard ["document", "page", "paragraph"].contains(unit) else {
            throw .unsupported(
                "the unit '\(unit)' is not known for PDF", hint: "use document, page or paragraph")
        }
        // The mark stands within the first kilobyte (ISO 32000-1, implementation note 13).
        let head = try input.head(1024)
        guard contains(head, "%PDF-") else {
            throw .malformed("no PDF: it does not begin with %PDF", hint: "name it by its kind")
        }
        let tool = ToolProcess(
            limits: request.limits,
            most: Int(clamping: min(request.limits.expandedBytes, request.limits.memoryBytes / 8)))
        let source: ToolProcess.Input =
            input.isRegularFile ? .descriptor(input.descriptor) : .bytes(try input.whole())
        let output = try text(tool, source)
        let text = PDFText(output)
        guard text.pages.contains(where: { !$0.isEmpty }) else {
            throw .noText(
                "a PDF without a text layer",
                hint: "if it was scanned, recognise its text first, for instance by ocrmypdf")
        }
        try put(text, unit, try properties(tool, source), sink)
        return ReaderSummary(parser: "pdf/1")
    }

    private static func text(
        _ tool: ToolProcess, _ source: ToolProcess.Input
    ) throws(ReaderFault) -> [UInt8] {
        let arguments = ["-enc", "UTF-8", "-eol", "unix", "-", "-"]
        guard let result = try tool.run("pdftotext", arguments, source) else {
            throw .unsupported(
                "PDF files are read by pdftotext, which is not installed",
                hint: "install it: apt install poppler-utils")
        }
        switch result.status {
        case 0: return result.output
        case 3:
            throw .encrypted(
                "a PDF whose author forbids to copy its text",
                hint: "ask for one without the restriction")
        case nil:
            throw .overLimit("pdftotext ran out of memory or time, or broke on the file")
        default:
            if contains(result.complaint, "Incorrect password")
                || contains(result.complaint, "encrypt")
            {
                throw .encrypted("a PDF under a password")
            }
            throw .malformed("a PDF whose structure is broken")
        }
    }

    /// Title and author; without them where `pdfinfo` is missing or fails.
    private static func properties(
        _ tool: ToolProcess, _ source: ToolProcess.Input
    ) throws(ReaderFault) -> [String: JSONValue] {
        guard let result = try tool.run("pdfinfo", ["-enc", "UTF-8", "-"], source),
            result.status == 0
        else { return [:] }
        var fields: [String: JSONValue] = [:]
        for line in MailText.lines(String(decoding: result.output, as: UTF8.self)) {
            for (name, column) in [("Title:", "title"), ("Author:", "author")]
            where line.hasPrefix(name) && fields[column] == nil {
                let value = MailText.trimmed(String(line.dropFirst(name.count)))
                if !value.isEmpty { fields[column] = .string(value) }
            }
        }
        return fields
    }

    private static func put(
        _ text: PDFText, _ unit: String, _ shared: [String: JSONValue], _ sink: any DocumentSink
    ) throws(ReaderFault) {
        let empty = text.pages.filter(\.isEmpty).count
        switch unit {
        case "page":
            for (index, page) in text.pages.enumerated() {
                let place = "page \(index + 1)"
                guard !page.isEmpty else {
                    try sink.refuse(
                        "no-text", "a page without text", place: place, offset: UInt64(index))
                    continue
                }
                var fields = shared
                fields["text"] = .string(page)
                fields["page"] = .string(String(index + 1))
                try sink.record(fields, place: place, offset: UInt64(index))
            }
            return
        case "paragraph":
            var number: UInt64 = 0
            for (index, page) in text.pages.enumerated() {
                for paragraph in paragraphs(page) {
                    var fields = shared
                    fields["text"] = .string(paragraph)
                    try sink.record(fields, place: "page \(index + 1)", offset: number)
                    number += 1
                }
            }
        default:
            var fields = shared
            fields["text"] = .string(text.whole)
            try sink.record(fields, offset: 0)
        }
        if empty > 0 {
            try sink.note("\(empty) of \(text.pages.count) pages hold no text")
        }
    }

    private static func paragraphs(_ page: String) -> [String] {
        var out: [String] = []
        var lines: [Substring] = []
        for line in MailText.lines(page) + [""] {
            if line.isEmpty {
                if !lines.isEmpty { out.append(lines.joined(separator: "\n")) }
                lines = []
            } else {
                lines.append(line)
            }
        }
        return out
    }

    private static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        let wanted = Array(word.utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains {
            bytes[$0] == wanted[0] && bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }
}
