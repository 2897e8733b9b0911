internal import ReaderProtocol

/// A mailbox: messages one after another, each behind a line `From address date` (RFC 4155).
///
/// The line counts where a blank line or the beginning stands before it and it holds a time and a
/// year, or a header field follows. `Content-Length` is not believed. `>From ` and `>>From ` lose
/// one `>`, which undoes what mboxo and mboxrd do. Messages come one at a time, so memory does not
/// grow with the mailbox.
enum MBOXReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        var splitter = MailboxSplitter(most: Int(clamping: request.limits.recordBytes))
        var number = 0
        while true {
            let chunk = try input.next()
            for message in try splitter.add(chunk, isEnd: chunk.isEmpty) {
                number += 1
                try put(message, number, request, sink)
            }
            if chunk.isEmpty { break }
        }
        return ReaderSummary(parser: "mbox/1")
    }

    private static func put(
        _ message: MailboxSplitter.Message, _ number: Int, _ request: ReaderRequest,
        _ sink: any DocumentSink
    ) throws(ReaderFault) {
        let place = "message \(number)"
        guard let bytes = message.bytes else {
            return try sink.refuse(
                "too-long", "a message of \(message.length) bytes", place: place,
                offset: message.offset, length: message.length)
        }
        switch MailMessage.read(unescaped(bytes)[...], limits: request.limits) {
        case .fields(let fields):
            try sink.record(fields, place: place, offset: message.offset, length: message.length)
        case .refused(let reason, let text):
            try sink.refuse(
                reason, text, place: place, offset: message.offset, length: message.length)
        }
    }

    /// The message without its envelope line, `>From ` at line starts one `>` shorter.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        let start = MailLines.line(bytes[...], at: 0).next
        let from = Array("From ".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count - start)
        var isLineStart = true
        for index in start..<bytes.count {
            let byte = bytes[index]
            if isLineStart, byte == 0x3E,
                bytes[index...].drop(while: { $0 == 0x3E }).starts(with: from)
            {
                isLineStart = false
                continue
            }
            out.append(byte)
            isLineStart = byte == 0x0A
        }
        return out
    }
}

/// Cuts a mailbox into messages as its bytes come.
struct MailboxSplitter {
    /// One message with its envelope line.
    struct Message {
        /// Where its envelope line begins.
        var offset: UInt64
        /// How many bytes it takes, up to the next envelope line.
        var length: UInt64
        /// Its bytes; nil if it is longer than a record may be.
        var bytes: [UInt8]?
    }

    private let most: Int
    /// Bytes from the start of the message on, unless it is too long.
    private var buffer: [UInt8] = []
    /// The first byte of the buffer that begins a line not yet looked at.
    private var scanned = 0
    /// Where in the input the buffer begins.
    private var offset: UInt64 = 0
    /// How many bytes of a message that is too long were let go.
    private var dropped: UInt64 = 0
    private var isLastBlank = true
    private var hasBegun = false

    init(most: Int) { self.most = most }

    /// Takes the next bytes; returns the messages that they complete.
    mutating func add(_ chunk: [UInt8], isEnd: Bool) throws(ReaderFault) -> [Message] {
        buffer += chunk
        var found: [Message] = []
        var start = 0
        while scanned < buffer.count {
            guard let end = lineEnd(scanned, isEnd: isEnd) else { break }
            let line = buffer[scanned..<end]
            if !hasBegun {
                if line.allSatisfy({ $0 <= 0x20 }) || line.elementsEqual([0xEF, 0xBB, 0xBF]) {
                    scanned = end
                    start = end
                    continue
                }
                let text = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
                guard text.starts(with: Self.from) else {
                    throw .malformed(
                        "no mailbox: it does not begin with a line `From …`",
                        hint: "if it is a single message, call it .eml")
                }
                hasBegun = true
            } else if line.starts(with: Self.from) {
                guard let isEnvelope = isEnvelope(line, end, isEnd: isEnd) else { break }
                if isEnvelope {
                    found.append(cut(start, scanned))
                    start = scanned
                }
            }
            isLastBlank = line.allSatisfy { $0 == 0x0A || $0 == 0x0D }
            scanned = end
        }
        if isEnd {
            if hasBegun, start < buffer.count || dropped > 0 {
                found.append(cut(start, buffer.count))
            }
            start = buffer.count
        }
        release(start)
        return found
    }

    private static let from = Array("From ".utf8)

    /// Where the line at `start` ends, its line feed included; nil if it is not all there yet.
    private func lineEnd(_ start: Int, isEnd: Bool) -> Int? {
        var index = start
        while index < buffer.count {
            if buffer[index] == 0x0A { return index + 1 }
            index += 1
        }
        // A line that never ends must not be looked at again and again.
        return isEnd || index - start > 1 << 20 ? index : nil
    }

    /// Whether a line `From …` begins a message; nil if the next line is needed and not there.
    private func isEnvelope(_ line: ArraySlice<UInt8>, _ end: Int, isEnd: Bool) -> Bool? {
        let hasDate = Self.hasTimeAndYear(line)
        if hasDate && isLastBlank { return true }
        guard hasDate || isLastBlank else { return false }
        guard let next = lineEnd(end, isEnd: isEnd) else { return isEnd ? false : nil }
        let (header, _) = MailHeader.parse(buffer[end..<next])
        return header.fields.count == 1
    }

    /// `10:00` and a number of four digits, as ctime writes them.
    private static func hasTimeAndYear(_ line: ArraySlice<UInt8>) -> Bool {
        let words = line.split { $0 <= 0x20 }
        let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
        return words.contains { $0.count == 4 && $0.allSatisfy(isDigit) }
            && words.contains { word in
                word.count >= 4 && word.contains(0x3A)
                    && word.allSatisfy { isDigit($0) || $0 == 0x3A }
            }
    }

    private mutating func cut(_ start: Int, _ end: Int) -> Message {
        let length = UInt64(end - start) + dropped
        let isTooLong = dropped > 0 || end - start > most
        let message = Message(
            offset: offset + UInt64(start) - dropped, length: length,
            bytes: isTooLong ? nil : Array(buffer[start..<end]))
        dropped = 0
        return message
    }

    /// Lets go of what is done, and of a message that is already too long.
    private mutating func release(_ start: Int) {
        var start = start
        if scanned - start > most {
            dropped += UInt64(scanned - start)
            start = scanned
        }
        buffer.removeFirst(start)
        offset += UInt64(start)
        scanned -= start
    }
}
