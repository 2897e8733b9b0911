/// Cuts the window into lines (LF, CR LF or CR) and hands each to `take`: JSONL, and text by line.
struct LineReader {
    private let window: ByteWindow
    private let limit: Int
    private var skipped: UInt64?

    init(window: ByteWindow, limit: Int) {
        self.window = window
        self.limit = limit
    }

    /// What a line is handed over with; nil text for a line that is too long.
    typealias Take = (UnsafeBufferPointer<UInt8>?, SourceSpan) throws -> Void

    /// Reads to the end.
    mutating func run(_ take: Take) throws {
        var scanned = 0
        while true {
            var used = 0
            try unsafe window.withBytes { view in
                guard let base = view.baseAddress else { return }
                var offset = window.sourceOffset
                while let (end, next) = unsafe lineEnd(base, from: used + scanned, to: view.count) {
                    scanned = 0
                    let text = unsafe UnsafeBufferPointer(rebasing: view[used..<end])
                    let width = unsafe window.sourceBytes(of: text)
                    try unsafe hand(text, offset, width, take)
                    let lineEnd = unsafe UnsafeBufferPointer(rebasing: view[end..<next])
                    let endWidth = unsafe window.sourceBytes(of: lineEnd)
                    offset += width + endWidth
                    used = next
                }
            }
            window.consume(used)
            if window.isAtEnd {
                return try unsafe finish(take)
            }
            // A CR at the end may be half of a CR LF: it is looked at again.
            scanned = max(0, window.count - 1)
            if window.count > limit {
                let before = window.sourceOffset
                window.consume(scanned)
                scanned = 0
                skipped = (skipped ?? 0) + window.sourceOffset - before
            }
            _ = try window.refill()
        }
    }

    private mutating func finish(_ take: Take) throws {
        guard window.count > 0 || skipped != nil else { return }
        try unsafe window.withBytes { view in
            let width = unsafe window.sourceBytes(of: view)
            try unsafe hand(view, window.sourceOffset, width, take)
        }
        window.consume(window.count)
    }

    private mutating func hand(
        _ text: UnsafeBufferPointer<UInt8>, _ offset: UInt64, _ width: UInt64, _ take: Take
    ) throws {
        let before = skipped ?? 0
        let span = SourceSpan(offset: offset - before, length: before + width)
        let isTooLong = skipped != nil || text.count > limit
        skipped = nil
        if isTooLong { try take(nil, span) } else { try unsafe take(text, span) }
    }

    /// The end of the line's text and the start of the next line.
    private func lineEnd(
        _ base: UnsafePointer<UInt8>, from start: Int, to count: Int
    ) -> (Int, Int)? {
        let feed = ByteSearch.spread(0x0A)
        let back = ByteSearch.spread(0x0D)
        let i = unsafe ByteSearch.first(of: feed, back, back, in: base, from: start, to: count)
        guard i < count else { return nil }
        if unsafe base[i] == 0x0A { return (i, i + 1) }
        if i + 1 < count { return (i, unsafe base[i + 1] == 0x0A ? i + 2 : i + 1) }
        return window.isAtEnd ? (i, i + 1) : nil
    }
}
