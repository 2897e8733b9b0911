/// One field of the record being scanned; places count from the record's first byte.
struct CSVField {
    var start: Int
    var end: Int
    /// Whether quotes or escapes inside have to be undone.
    var needsDecoding: Bool
}

/// Cuts delimited text into records and fields (RFC 4180), and can go on in the next chunk.
///
/// Rules: a field that begins with the quote ends at the next quote that is neither doubled nor
/// escaped; delimiters and line ends inside are content. A quote elsewhere is content. Text after
/// a closing quote makes the record stray: it ends at the next line end. A record ends with LF,
/// CR LF or CR. The last one needs no line end.
struct CSVScanner {
    /// What a scan found.
    enum Outcome: Equatable {
        /// A record of so many bytes, and so many of line end.
        case record(length: Int, lineEnd: Int)
        /// The record goes on after the bytes at hand.
        case more
        /// No record is left.
        case end
    }

    private enum Phase {
        case fieldStart, plain, quoted, escaped, quoteSeen
    }

    private let delimiter: UInt8
    private let quote: UInt8?
    private let escape: UInt8?
    private let delimiters: UInt64
    private static let lineFeeds = ByteSearch.spread(0x0A)
    private static let returns = ByteSearch.spread(0x0D)

    /// The fields of the record found last.
    private(set) var fields: [CSVField] = []
    /// Whether text follows a closing quote in it.
    private(set) var isStray = false
    /// Where its unclosed quote stands; nil if all are closed.
    private(set) var unclosedQuote: Int?

    private var phase = Phase.fieldStart
    private var cursor = 0
    private var fieldStart = 0
    private var fieldEnd = 0
    private var needsDecoding = false

    init(delimiter: UInt8, quote: UInt8?, escape: UInt8?) {
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        delimiters = ByteSearch.spread(delimiter)
    }

    /// Forgets the record at hand.
    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        isStray = false
        unclosedQuote = nil
        phase = .fieldStart
        cursor = 0
        fieldStart = 0
        needsDecoding = false
    }

    /// The bytes scanned so far are gone, but the record goes on: keeps only the state that finds
    /// its end. Returns how many bytes that were.
    mutating func forgetScanned() -> Int {
        let scanned = cursor
        fields.removeAll(keepingCapacity: true)
        cursor = 0
        fieldStart = 0
        return scanned
    }

    /// Scans on in a record that begins at `base` and has `count` bytes so far.
    mutating func scan(_ base: UnsafePointer<UInt8>, count: Int, isAtEnd: Bool) -> Outcome {
        var i = cursor
        while true {
            guard i < count else {
                cursor = i
                return isAtEnd ? finish(count) : .more
            }
            switch phase {
            case .fieldStart:
                needsDecoding = false
                if unsafe base[i] == quote {
                    phase = .quoted
                    fieldStart = i &+ 1
                    i &+= 1
                } else {
                    phase = .plain
                    fieldStart = i
                }
            case .plain:
                i = unsafe ByteSearch.first(
                    of: delimiters, Self.lineFeeds, Self.returns, in: base, from: i, to: count)
                guard i < count else { continue }
                if unsafe base[i] == delimiter {
                    fields.append(
                        CSVField(start: fieldStart, end: i, needsDecoding: needsDecoding))
                    phase = .fieldStart
                    i &+= 1
                    continue
                }
                guard let lineEnd = unsafe lineEnd(base, at: i, count: count, isAtEnd: isAtEnd)
                else {
                    cursor = i
                    return .more
                }
                fields.append(CSVField(start: fieldStart, end: i, needsDecoding: needsDecoding))
                return .record(length: i, lineEnd: lineEnd)
            case .quoted:
                i = unsafe quotedBreak(base, from: i, to: count)
                guard i < count else { continue }
                if let escape, unsafe base[i] == escape, escape != quote {
                    needsDecoding = true
                    phase = .escaped
                } else {
                    phase = .quoteSeen
                    fieldEnd = i
                }
                i &+= 1
            case .escaped:
                phase = .quoted
                i &+= 1
            case .quoteSeen:
                let byte = unsafe base[i]
                if byte == quote && escape == nil {
                    needsDecoding = true
                    phase = .quoted
                    i &+= 1
                } else if byte == delimiter {
                    fields.append(
                        CSVField(start: fieldStart, end: fieldEnd, needsDecoding: needsDecoding))
                    phase = .fieldStart
                    i &+= 1
                } else if byte == 0x0A || byte == 0x0D {
                    guard
                        let lineEnd = unsafe lineEnd(base, at: i, count: count, isAtEnd: isAtEnd)
                    else {
                        cursor = i
                        return .more
                    }
                    fields.append(
                        CSVField(start: fieldStart, end: fieldEnd, needsDecoding: needsDecoding))
                    return .record(length: i, lineEnd: lineEnd)
                } else {
                    isStray = true
                    phase = .plain
                }
            }
        }
    }

    private mutating func finish(_ count: Int) -> Outcome {
        switch phase {
        case .fieldStart:
            if count == 0 && fields.isEmpty { return .end }
            fields.append(CSVField(start: count, end: count, needsDecoding: false))
        case .plain:
            fields.append(CSVField(start: fieldStart, end: count, needsDecoding: needsDecoding))
        case .quoted, .escaped: unclosedQuote = fieldStart - 1
        case .quoteSeen:
            fields.append(CSVField(start: fieldStart, end: fieldEnd, needsDecoding: needsDecoding))
        }
        phase = .fieldStart
        return .record(length: count, lineEnd: 0)
    }

    /// How long the line end at `i` is; nil if a CR is the last byte at hand.
    private func lineEnd(
        _ base: UnsafePointer<UInt8>, at i: Int, count: Int, isAtEnd: Bool
    ) -> Int? {
        if unsafe base[i] == 0x0A { return 1 }
        if i + 1 < count { return unsafe base[i + 1] == 0x0A ? 2 : 1 }
        return isAtEnd ? 1 : nil
    }

    private func quotedBreak(
        _ base: UnsafePointer<UInt8>, from start: Int, to count: Int
    ) -> Int {
        guard let quote else { return count }
        guard let escape else {
            return unsafe ByteSearch.first(quote, in: base, from: start, to: count)
        }
        let (a, b) = (ByteSearch.spread(quote), ByteSearch.spread(escape))
        return unsafe ByteSearch.first(of: a, b, b, in: base, from: start, to: count)
    }
}

extension CSVScanner {
    /// The text of a field, with doubled quotes and escapes undone.
    func text(of field: CSVField, in base: UnsafePointer<UInt8>) -> String {
        let bytes = unsafe UnsafeBufferPointer(
            start: base + field.start, count: field.end - field.start)
        guard field.needsDecoding, let mark = escape ?? quote else {
            return unsafe String(decoding: bytes, as: UTF8.self)
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            if unsafe bytes[i] == mark, i + 1 < bytes.count,
                unsafe bytes[i + 1] == mark || bytes[i + 1] == quote
            {
                i += 1
            }
            unsafe output.append(bytes[i])
            i += 1
        }
        return String(decoding: output, as: UTF8.self)
    }
}
