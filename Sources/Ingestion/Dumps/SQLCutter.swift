/// Finds where a statement or a parenthesised list ends, chunk by chunk: aware of strings, quoted
/// names, comments and dollar quotes.
struct SQLCutter {
    enum Goal {
        /// Behind the closing parenthesis of the one that the text begins with.
        case list
        /// At the terminator, which is left.
        case statement
        /// At the terminator or at the word VALUES, which is left.
        case header
    }

    private enum State: Hashable {
        case plain
        case quoted(UInt8, escapes: Bool)
        case lineComment
        case blockComment
        case dollar
    }

    let goal: Goal
    let backslashEscapes: Bool
    let terminator: [UInt8]
    private var state = State.plain
    private var depth = 0
    private var tag: [UInt8] = []
    /// The letters that came last, for words, in upper case; and the word before.
    private var word: [UInt8] = []
    private var lastWord: [UInt8] = []
    /// Whether a string just ended that had escapes: a quote right behind it goes on with it.
    private var resumable: Bool?
    private var needsMore = false
    /// How far the text was looked at.
    private(set) var scanned = 0

    init(_ goal: Goal, backslashEscapes: Bool, terminator: [UInt8]) {
        self.goal = goal
        self.backslashEscapes = backslashEscapes
        self.terminator = terminator
    }

    /// The text before `scanned` left the view.
    mutating func forgetScanned() { scanned = 0 }

    /// The end; nil if it lies behind `count`. With `isAtEnd` no more will come.
    mutating func end(_ base: UnsafePointer<UInt8>, count: Int, isAtEnd: Bool) -> Int? {
        // Two-byte marks need to be seen whole.
        let last = isAtEnd ? count : count - max(2, terminator.count)
        var i = scanned
        defer { scanned = max(scanned, min(i, count)) }
        while i < last {
            let byte = unsafe base[i]
            let next = i + 1 < count ? unsafe base[i + 1] : 0
            switch state {
            case .plain:
                if let end = unsafe plain(base, &i, byte, next, count: count, isAtEnd: isAtEnd) {
                    return end
                }
                if needsMore {
                    needsMore = false
                    return nil
                }
            case .quoted(let quote, let escapes):
                i = unsafe Self.stringBreak(base, quote, from: i, to: last)
                guard i < last else { continue }
                let byte = unsafe base[i]
                if byte == quote {
                    state = .plain
                    resumable = escapes
                    // A quoted name is a word, too.
                    (word, lastWord) = ([], [quote])
                } else if escapes {
                    i += 1
                }
                i += 1
            case .lineComment:
                if byte == 0x0A { state = .plain }
                i += 1
            case .blockComment:
                if byte == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                    state = .plain
                    i += 1
                }
                i += 1
            case .dollar:
                if byte == UInt8(ascii: "$") {
                    if i + tag.count > count, !isAtEnd { return nil }
                    if i + tag.count <= count,
                        (0..<tag.count).allSatisfy({ unsafe base[i + $0] == tag[$0] })
                    {
                        i += tag.count - 1
                        state = .plain
                    }
                }
                i += 1
            }
        }
        return nil
    }

    private mutating func plain(
        _ base: UnsafePointer<UInt8>, _ i: inout Int, _ byte: UInt8, _ next: UInt8, count: Int,
        isAtEnd: Bool
    ) -> Int? {
        if goal == .header, depth == 0, !Self.isWordByte(byte) {
            let isValues = word == Array("VALUES".utf8) || word == Array("VALUE".utf8)
            if isValues, lastWord != Array("INTO".utf8) { return i }
        }
        if goal != .list, depth == 0, byte == terminator[0], i + terminator.count <= count,
            (0..<terminator.count).allSatisfy({ unsafe base[i + $0] == terminator[$0] })
        {
            return i
        }
        let before = resumable
        resumable = nil
        if byte == UInt8(ascii: "$"), word.isEmpty, !backslashEscapes {
            var end = i + 1
            while end < count, unsafe Self.isWordByte(base[end]), end - i < 64 { end += 1 }
            if end == count, !isAtEnd {
                needsMore = true
                return nil
            }
            if end < count, unsafe base[end] == byte {
                tag = (i...end).map { unsafe base[$0] }
                state = .dollar
                i = end + 1
                return nil
            }
        }
        defer { i += 1 }
        switch byte {
        case UInt8(ascii: "'"):
            let isE = before ?? (word == [UInt8(ascii: "E")])
            state = .quoted(byte, escapes: backslashEscapes || isE)
        case UInt8(ascii: "\""): state = .quoted(byte, escapes: backslashEscapes)
        case UInt8(ascii: "`"): state = .quoted(byte, escapes: false)
        case UInt8(ascii: "-") where next == byte: state = .lineComment
        case UInt8(ascii: "#") where backslashEscapes: state = .lineComment
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
            state = .blockComment
            i += 1
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"):
            depth -= 1
            if goal == .list, depth <= 0 { return i + 1 }
        default: break
        }
        if Self.isWordByte(byte) {
            if word.count < 16 { word.append((0x61...0x7A).contains(byte) ? byte & 0xDF : byte) }
        } else if !word.isEmpty {
            swap(&word, &lastWord)
            word.removeAll(keepingCapacity: true)
        }
        return nil
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }

    private static func stringBreak(
        _ base: UnsafePointer<UInt8>, _ quote: UInt8, from start: Int, to count: Int
    ) -> Int {
        let mark = ByteSearch.spread(quote)
        let slash = ByteSearch.spread(UInt8(ascii: "\\"))
        return unsafe ByteSearch.first(of: mark, slash, slash, in: base, from: start, to: count)
    }
}
