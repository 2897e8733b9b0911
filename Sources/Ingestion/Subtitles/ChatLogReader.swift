internal import Records

/// Reads the logs of messengers and of IRC: a record a message, or all of it (`--unit file`).
///
/// Lines that begin no message go on with the one before. What the program itself says (somebody
/// joined) is dropped as `chat-event`.
struct ChatLogReader {
    private let window: ByteWindow
    private let sink: RowSink
    private let limit: Int
    private let isWhole: Bool
    private var open: (line: ChatLogLine, span: SourceSpan)?
    private var whole: (lines: [String], span: SourceSpan, bytes: Int)?

    init(window: ByteWindow, sink: RowSink, options: IngestOptions) {
        self.window = window
        self.sink = sink
        limit = options.maximumRecordBytes
        isWhole = options.unit == .file
    }

    /// Reads to the end.
    mutating func run() throws {
        var lines = LineReader(window: window, limit: limit)
        try unsafe lines.run { text, span in
            guard let text = unsafe text else {
                return try sink.reject(
                    .tooLong, "longer than the limit of \(limit) bytes", span, content: .none)
            }
            if unsafe ByteSearch.trimmed(text).isEmpty, open == nil { return }
            let content = unsafe Content.bytes(text)
            guard let line = unsafe String(validating: text, as: UTF8.self) else {
                return try sink.reject(
                    .encodingInvalid, "bytes that the encoding does not allow", span,
                    content: content)
            }
            if let next = ChatLogLine(line) {
                try flush()
                return open = (next, span)
            }
            guard let current = open, current.line.text.utf8.count + line.utf8.count < limit else {
                return try sink.reject(
                    .chatForm, "no message stands before this line", span, content: content)
            }
            open?.line.text += "\n" + line
            open?.span.length = span.offset + span.length - current.span.offset
        }
        try flush()
        guard let whole else { return }
        let fields: [String: JSONValue] = ["text": .string(whole.lines.joined(separator: "\n"))]
        try sink.accept(fields, whole.span, content: .rebuilt(fields))
    }

    private mutating func flush() throws {
        guard let (line, span) = open else { return }
        open = nil
        guard let author = line.author else { return sink.drop("chat-event") }
        let text = ResolvedMapping.trimmed(line.text)
        if isWhole, (whole?.bytes ?? 0) + text.utf8.count < limit {
            let start = whole?.span.offset ?? span.offset
            let said = "\(author): \(text)"
            whole = (
                (whole?.lines ?? []) + [said],
                SourceSpan(offset: start, length: span.offset + span.length - start),
                (whole?.bytes ?? 0) + said.utf8.count + 1
            )
            return
        }
        let fields: [String: JSONValue] = [
            "text": .string(text), "author": .string(author), "time": .string(line.time),
        ]
        try sink.accept(fields, span, content: .rebuilt(fields))
    }

    /// Whether text begins as a log that nothing else looks like: the first line and at least half
    /// of the first 200 are messages of WhatsApp or of IRC.
    static func isLog(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        let head = unsafe UnsafeBufferPointer(rebasing: body.prefix(32 << 10))
        let lines = unsafe head.split(separator: 0x0A, maxSplits: 200).prefix(200)
        let texts = unsafe lines.map { unsafe String(decoding: $0, as: UTF8.self) }
            .filter { !$0.utf8.allSatisfy(ByteSearch.isSpace) }
        guard texts.count >= 3, let first = texts.first, ChatLogLine(first)?.isDistinct == true
        else { return false }
        let count = texts.reduce(0) { $0 + (ChatLogLine($1)?.isDistinct == true ? 1 : 0) }
        return count * 2 >= texts.count
    }
}
