internal import Records

/// Reads SubRip and WebVTT: speech paragraphs (default), one record a cue (`line`), or all of it
/// (`file`).
///
/// Captions that roll, each repeating the line before, are read once. A cue whose time cannot be
/// read goes to quarantine.
struct SubtitleReader {
    /// A pause after which a new paragraph begins; and one that is enough behind a sentence.
    private static let longPause = 3000
    private static let sentencePause = 1000
    /// Bytes after which a paragraph ends with its sentence, and after which it ends anyway.
    private static let softLimit = 1000
    private static let hardLimit = 4000

    private let window: ByteWindow
    private let sink: RowSink
    private let limit: Int
    private let unit: TextUnit
    private var block: [(text: String, span: SourceSpan)] = []
    private var blockIsDamaged = false
    private var lastLines: [CueText.Line] = []
    private var lastEnd = Int.min
    private var open: Cue?

    init(window: ByteWindow, sink: RowSink, options: IngestOptions) {
        self.window = window
        self.sink = sink
        limit = min(options.maximumRecordBytes, 1 << 20)
        unit = options.unit ?? .paragraph
    }

    /// Reads to the end.
    mutating func run() throws {
        var lines = LineReader(window: window, limit: limit)
        try unsafe lines.run { text, span in
            guard let text = unsafe text else {
                return try sink.reject(
                    .tooLong, "a line longer than the limit of \(limit) bytes", span,
                    content: .none)
            }
            if unsafe ByteSearch.trimmed(text).isEmpty { return try endBlock() }
            guard let line = unsafe String(validating: text, as: UTF8.self) else {
                blockIsDamaged = true
                return block.append((unsafe String(decoding: text, as: UTF8.self), span))
            }
            // SubRip files lose the blank lines between cues now and then.
            if Cue.times(line) != nil, block.contains(where: { Cue.times($0.text) != nil }) {
                let number =
                    block.last.map { Self.isNumber($0.text) } == true
                    ? block.removeLast() : nil
                try endBlock()
                if let number { block.append(number) }
            }
            block.append((line, span))
        }
        try endBlock()
        try flush()
    }

    private static func isNumber(_ text: String) -> Bool {
        let trimmed = ResolvedMapping.trimmed(text)
        return !trimmed.isEmpty && trimmed.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    // MARK: Cues

    private mutating func endBlock() throws {
        defer { (block, blockIsDamaged) = ([], false) }
        guard let first = block.first, let last = block.last else { return }
        let span = SourceSpan(
            offset: first.span.offset,
            length: last.span.offset + last.span.length - first.span.offset)
        let content = Content.copied(Array(block.map(\.text).joined(separator: "\n").utf8))
        if blockIsDamaged {
            return try sink.reject(
                .encodingInvalid, "bytes that the encoding does not allow", span, content: content)
        }
        let head = first.text.drop { $0 == "\u{FEFF}" }
        let parts = ["WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP"]
        if parts.contains(where: {
            head == $0 || head.hasPrefix($0 + " ") || head.hasPrefix($0 + "=")
        }),
            !block.contains(where: { $0.text.contains("-->") })
        {
            return
        }
        guard let place = block.firstIndex(where: { $0.text.contains("-->") }) else {
            // A blank line inside of a cue: what follows it is the cue's.
            if let cue = open, cue.span.offset < span.offset, !Self.isNumber(first.text) {
                return try take(
                    Cue(
                        start: lastEnd, end: lastEnd, lines: CueText.lines(block.map(\.text)),
                        span: span))
            }
            return try sink.reject(.badCue, "text without a time", span, content: content)
        }
        guard let times = Cue.times(block[place].text), times.end >= times.start else {
            return try sink.reject(
                .badCue, "a time that cannot be read", span, content: content)
        }
        let lines = CueText.lines(block[(place + 1)...].map(\.text))
        try take(Cue(start: times.start, end: times.end, lines: lines, span: span))
    }

    private mutating func take(_ cue: Cue) throws {
        var cue = cue
        // Rolling captions: what the cue before showed and this one still shows was said once.
        let all = cue.lines
        if cue.start <= lastEnd + 100, !all.isEmpty {
            for count in stride(from: min(lastLines.count, all.count), to: 0, by: -1)
            where lastLines.suffix(count).elementsEqual(all.prefix(count)) {
                cue.lines.removeFirst(count)
                break
            }
        }
        if !all.isEmpty { lastLines = all }
        lastEnd = cue.end
        guard !cue.lines.isEmpty else {
            return sink.drop(all.isEmpty ? "empty-cue" : "repeated-cue")
        }
        if let current = open, endsBefore(cue, current) { try flush() }
        guard open != nil else { return open = cue }
        if let open {
            let end = cue.span.offset + cue.span.length
            self.open?.lines += cue.lines
            self.open?.end = max(open.end, cue.end)
            self.open?.span.length = max(end, open.span.offset) - open.span.offset
        }
    }

    /// Whether `cue` begins a new record behind `current`.
    private func endsBefore(_ cue: Cue, _ current: Cue) -> Bool {
        switch unit {
        case .line: return true
        case .file: return false
        default: break
        }
        let text = current.lines.last?.text ?? ""
        let speaker = cue.lines.first?.speaker
        if speaker != current.lines.last?.speaker { return true }
        let pause = cue.start - current.end
        let size = current.lines.reduce(0) { $0 + $1.text.utf8.count + 1 }
        if pause >= Self.longPause || size >= Self.hardLimit { return true }
        let isSentence = text.last.map { ".!?…\"”»。！？".contains($0) } ?? false
        return isSentence && (pause >= Self.sentencePause || size >= Self.softLimit)
    }

    private mutating func flush() throws {
        guard let cue = open else { return }
        open = nil
        var fields: [String: JSONValue] = [
            "start": .string(Cue.text(cue.start)), "end": .string(Cue.text(cue.end)),
        ]
        let speakers = Set(cue.lines.map(\.speaker))
        var text = ""
        if speakers.count == 1 {
            if let speaker = speakers.first ?? nil { fields["speaker"] = .string(speaker) }
            text = cue.lines.map(\.text).joined(separator: unit == .line ? "\n" : " ")
        } else {
            var last: String??
            for line in cue.lines {
                let isSame = last == .some(line.speaker)
                if !text.isEmpty { text += isSame ? " " : "\n" }
                if !isSame, let speaker = line.speaker { text += "\(speaker): " }
                text += line.text
                last = .some(line.speaker)
            }
        }
        fields["text"] = .string(text)
        try sink.accept(
            fields, cue.span, place: "at \(Cue.text(cue.start))", content: .rebuilt(fields))
    }
}
