internal import Records

/// Reads plain text and Markdown: by line, by paragraph, or as a whole.
///
/// A paragraph is a run of lines that are not blank; the dropped rows are the blank lines of
/// `line` only; its lines are joined by LF. In Markdown, blank lines inside a code fence (CommonMark §4.5) do not end one.

struct TextReader {
    let window: ByteWindow
    let sink: RowSink
    let options: IngestOptions
    let isMarkdown: Bool
    let checksUTF8: Bool

    /// Reads to the end.
    func run() throws {
        try sink.resolve(columns: ["text"])
        switch options.textUnit {
        case .line: try runLines()
        case .paragraph: try runParagraphs()
        case .file, .heading, .page: try runWhole()
        }
    }

    private func put(_ text: UnsafeBufferPointer<UInt8>, _ span: SourceSpan) throws {
        let content = unsafe Content.bytes(text)
        if checksUTF8, unsafe !UTF8Check.isValid(UnsafeRawBufferPointer(text)) {
            return try sink.reject(
                .encodingInvalid, "bytes that the encoding does not allow", span, content: content)
        }
        let value = JSONValue.string(unsafe String(decoding: text, as: UTF8.self))
        try sink.accept(["text": value], span, content: content)
    }

    private func rejectTooLong(_ span: SourceSpan) throws {
        try sink.reject(
            .tooLong, "longer than the limit of \(options.maximumRecordBytes) bytes", span,
            content: .none)
    }

    private func runLines() throws {
        var lines = LineReader(window: window, limit: options.maximumRecordBytes)
        try unsafe lines.run { text, span in
            guard let text = unsafe text else { return try rejectTooLong(span) }
            if unsafe ByteSearch.trimmed(text).isEmpty { return sink.drop("blank-line") }
            try unsafe put(text, span)
        }
    }

    /// Gathers lines; a paragraph's bytes are copied together, as its lines may come from
    /// different chunks.
    private func runParagraphs() throws {
        var paragraph = Paragraph(limit: options.maximumRecordBytes)
        var fence = MarkdownFence()
        var lines = LineReader(window: window, limit: options.maximumRecordBytes)
        try unsafe lines.run { text, span in
            if let text = unsafe text, unsafe ByteSearch.trimmed(text).isEmpty,
                !(isMarkdown && fence.isOpen)
            {
                return try flush(&paragraph)
            }
            if isMarkdown, let text = unsafe text { unsafe fence.take(text) }
            unsafe paragraph.append(text, span)
        }
        try flush(&paragraph)
    }

    private func flush(_ paragraph: inout Paragraph) throws {
        defer { paragraph = Paragraph(limit: options.maximumRecordBytes) }
        guard let span = paragraph.span else { return }
        if paragraph.isTooLong { return try rejectTooLong(span) }
        try unsafe paragraph.bytes.withUnsafeBufferPointer { try unsafe put($0, span) }
    }

    private func runWhole() throws {
        let start = window.sourceOffset
        while window.count <= options.maximumRecordBytes, try window.refill() {}
        if window.count > options.maximumRecordBytes {
            repeat { window.consume(window.count) } while try window.refill()
            return try rejectTooLong(
                SourceSpan(offset: start, length: window.sourceOffset - start))
        }
        try unsafe window.withBytes { view in
            guard unsafe !ByteSearch.trimmed(view).isEmpty else { return }
            let width = unsafe window.sourceBytes(of: view)
            try unsafe put(view, SourceSpan(offset: start, length: width))
        }
        window.consume(window.count)
    }
}

/// The lines of one paragraph, joined by LF.
private struct Paragraph {
    let limit: Int
    private(set) var bytes: [UInt8] = []
    private(set) var span: SourceSpan?
    private(set) var isTooLong = false

    init(limit: Int) { self.limit = limit }

    mutating func append(_ line: UnsafeBufferPointer<UInt8>?, _ lineSpan: SourceSpan) {
        let start = span?.offset ?? lineSpan.offset
        span = SourceSpan(offset: start, length: lineSpan.offset + lineSpan.length - start)
        if let line = unsafe line, bytes.count + line.count < limit, !isTooLong {
            if !bytes.isEmpty { bytes.append(0x0A) }
            unsafe bytes.append(contentsOf: line)
        } else {
            isTooLong = true
            bytes = []
        }
    }
}

/// Whether a line stands inside a fenced code block (CommonMark §4.5).
private struct MarkdownFence {
    private var mark: UInt8 = 0
    private var length = 0

    var isOpen: Bool { length > 0 }

    mutating func take(_ line: UnsafeBufferPointer<UInt8>) {
        var i = 0
        while i < min(3, line.count), unsafe line[i] == 0x20 { i += 1 }
        guard i < line.count else { return }
        let byte = unsafe line[i]
        guard byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~") else { return }
        var end = i
        while end < line.count, unsafe line[end] == byte { end += 1 }
        if length == 0 {
            if end - i >= 3 { (mark, length) = (byte, end - i) }
        } else if byte == mark, end - i >= length,
            unsafe ByteSearch.trimmed(UnsafeBufferPointer(rebasing: line[end...])).isEmpty
        {
            length = 0
        }
    }
}
