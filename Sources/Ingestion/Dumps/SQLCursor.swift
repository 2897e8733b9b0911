/// Walks through a dump piece by piece, in flat memory.
final class SQLCursor {
    private let window: ByteWindow
    private let limit: Int
    private let hasBackslashes: Bool
    /// What ends a statement.
    var terminator: [UInt8] = [UInt8(ascii: ";")]
    /// How many bytes ended the last line.
    private(set) var lineEndBytes: UInt64 = 0

    init(window: ByteWindow, limit: Int, hasBackslashes: Bool) {
        self.window = window
        self.limit = limit
        self.hasBackslashes = hasBackslashes
    }

    /// Goes to the terminator of the statement, or to the end.
    func skipStatement() throws(IngestionError) {
        var cutter = cutter(.statement)
        while true {
            let end = unsafe window.withBytes { view -> Int? in
                guard let base = view.baseAddress else { return nil }
                return unsafe cutter.end(base, count: view.count, isAtEnd: window.isAtEnd)
            }
            if let end { return window.consume(end) }
            window.consume(window.isAtEnd ? window.count : cutter.scanned)
            cutter.forgetScanned()
            if window.isAtEnd { return }
            _ = try window.refill()
        }
    }

    func cutter(_ goal: SQLCutter.Goal) -> SQLCutter {
        SQLCutter(goal, backslashEscapes: hasBackslashes, terminator: terminator)
    }

    struct Piece {
        var length: Int
        var isFound: Bool
        var isTooLong: Bool
        var text: [UInt8]?
    }

    /// Cuts out what the view begins with; it stays in the view. Of a piece that is too long only
    /// the last part does.
    func cut(_ goal: SQLCutter.Goal) throws(IngestionError) -> Piece {
        var cutter = cutter(goal)
        var isTooLong = false
        while true {
            let end = unsafe window.withBytes { view -> Int? in
                guard let base = view.baseAddress else { return nil }
                return unsafe cutter.end(base, count: view.count, isAtEnd: window.isAtEnd)
            }
            let length = end ?? window.count
            if end != nil || window.isAtEnd {
                isTooLong = isTooLong || length > limit
                var text: [UInt8]?
                if !isTooLong, end != nil, goal != .list {
                    text = unsafe window.withBytes { unsafe Array($0[..<length]) }
                }
                return Piece(
                    length: length, isFound: end != nil, isTooLong: isTooLong, text: text)
            }
            if cutter.scanned > limit {
                window.consume(cutter.scanned)
                cutter.forgetScanned()
                isTooLong = true
            }
            _ = try window.refill()
        }
    }

    /// The next byte behind white space and comments; nil at the end.
    func skipSpace() throws -> UInt8? {
        while true {
            let spaces = unsafe window.withBytes { view in
                unsafe view.firstIndex { !ByteSearch.isSpace($0) } ?? view.count
            }
            window.consume(spaces)
            let start = try look(2)
            guard let first = start.first else {
                if window.isAtEnd { return nil }
                continue
            }
            if start.starts(with: Array("--".utf8))
                || (first == UInt8(ascii: "#") && hasBackslashes)
            {
                try skipLine()
            } else if start.starts(with: Array("/*".utf8)) {
                try skipComment()
            } else {
                return first
            }
        }
    }

    func look(_ count: Int) throws(IngestionError) -> [UInt8] {
        try window.fill(count)
        return unsafe window.withBytes { unsafe Array($0.prefix(count)) }
    }

    func atEnd() throws(IngestionError) -> Bool { try look(1).isEmpty }

    func skipComment() throws {
        while true {
            let end = unsafe window.withBytes { view -> Int? in
                var i = 2
                while i + 1 < view.count {
                    if unsafe view[i] == UInt8(ascii: "*"), unsafe view[i + 1] == UInt8(ascii: "/")
                    {
                        return i + 2
                    }
                    i += 1
                }
                return nil
            }
            if let end { return window.consume(end) }
            if window.isAtEnd { return window.consume(window.count) }
            // All but the first two and the last byte is the comment's.
            if window.count > 1 << 16 { window.consume(window.count - 3) }
            _ = try window.refill()
        }
    }

    func skipLine() throws { _ = try takeLine(limit: 0) }

    /// The next line without its end; nil for one above `limit`.
    func takeLine(limit: Int) throws(IngestionError) -> [UInt8]? {
        var scanned = 0
        var isTooLong = false
        while true {
            let end = unsafe window.withBytes { view -> Int? in
                guard let base = view.baseAddress else { return nil }
                let i = unsafe ByteSearch.first(0x0A, in: base, from: scanned, to: view.count)
                return i < view.count ? i : nil
            }
            guard let end = end ?? (window.isAtEnd ? window.count : nil) else {
                scanned = window.count
                if scanned > limit {
                    window.consume(scanned)
                    scanned = 0
                    isTooLong = true
                }
                _ = try window.refill()
                continue
            }
            isTooLong = isTooLong || end > limit
            let (line, hasReturn) = unsafe window.withBytes { view in
                let hasReturn = unsafe view[..<end].last == 0x0D
                let text = unsafe view[..<(hasReturn ? end - 1 : end)]
                return unsafe (isTooLong ? [] : Array(text), hasReturn)
            }
            window.consume(hasReturn ? end - 1 : end)
            let afterText = window.sourceOffset
            window.consume(min(window.count, hasReturn ? 2 : 1))
            lineEndBytes = window.sourceOffset - afterText
            return isTooLong ? nil : line
        }
    }
}
