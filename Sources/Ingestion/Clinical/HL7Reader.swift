internal import Records

/// Reads HL7 v2 files: messages one after the other, in MLLP frames (0x0B … 0x1C 0x0D) or not, in
/// batches (FHS, BHS, BTS, FTS) or not, with CR, LF or CR LF behind the segments.
///
/// A line that begins with no segment name goes on with the field before it. Lines before the
/// first header, and messages that cannot be read, go to quarantine; reading goes on.
struct HL7Reader {
    private let window: ByteWindow
    private let sink: RowSink
    private let limit: Int
    private let encoding: TextEncoding
    private var bytes: [UInt8] = []
    /// Where the segments lie in `bytes`.
    private var segments: [Range<Int>] = []
    private var span: SourceSpan?
    private var isTooLong = false
    private var hasHeader = false
    private var number = 0

    init(window: ByteWindow, sink: RowSink, options: IngestOptions, encoding: TextEncoding) {
        self.window = window
        self.sink = sink
        self.encoding = encoding
        limit = options.maximumRecordBytes
    }

    /// Reads to the end.
    mutating func run() throws {
        var lines = LineReader(window: window, limit: limit)
        try unsafe lines.run { text, span in
            guard let text = unsafe text else {
                isTooLong = true
                return extend(span)
            }
            try take(unsafe Array(text), span)
        }
        try flush()
    }

    private mutating func take(_ line: [UInt8], _ span: SourceSpan) throws {
        var line = line[...]
        if line.first == 0x0B { line = line.dropFirst() }
        let endsFrame = line.contains(0x1C)
        if endsFrame { line = line.prefix { $0 != 0x1C } }
        switch Self.kind(line) {
        case .blank: break
        case .header:
            try flush()
            hasHeader = true
            add(line, span)
        case .envelope:
            try flush()
            sink.drop("hl7-envelope")
        case .segment: add(line, span)
        case .more:
            if let last = segments.last, last.upperBound == bytes.count {
                bytes.append(0x0A)
                bytes += line
                segments[segments.count - 1] = last.lowerBound..<bytes.count
                extend(span)
            } else {
                add(line, span)
            }
        }
        if bytes.count > limit { isTooLong = true }
        if isTooLong { (bytes, segments) = ([], []) }
        if endsFrame { try flush() }
    }

    private mutating func add(_ line: ArraySlice<UInt8>, _ span: SourceSpan) {
        let start = bytes.count
        bytes += line
        segments.append(start..<bytes.count)
        extend(span)
    }

    private mutating func extend(_ next: SourceSpan) {
        let start = span?.offset ?? next.offset
        span = SourceSpan(offset: start, length: next.offset + next.length - start)
    }

    private enum Kind { case blank, header, envelope, segment, more }

    private static func kind(_ line: ArraySlice<UInt8>) -> Kind {
        guard line.contains(where: { !ByteSearch.isSpace($0) }) else { return .blank }
        let name = Array(line.prefix(3))
        let isUpper = { (byte: UInt8) in (0x41...0x5A).contains(byte) }
        let isName =
            name.count == 3 && isUpper(name[0])
            && name.dropFirst().allSatisfy { isUpper($0) || (0x30...0x39).contains($0) }
        let next = line.dropFirst(3).first
        let ends = next.map { !isUpper($0 & 0xDF) && !(0x30...0x39).contains($0) && $0 < 0x7F }
        guard isName, ends ?? true, next != 0x20, next != UInt8(ascii: "."),
            next != UInt8(ascii: ","), next != UInt8(ascii: ":") || name == Array("MSH".utf8)
        else { return .more }
        switch String(decoding: name, as: UTF8.self) {
        case "MSH": return next == nil ? .more : .header
        case "FHS", "BHS", "BTS", "FTS": return .envelope
        default: return .segment
        }
    }

    // MARK: Messages

    private mutating func flush() throws {
        defer {
            bytes.removeAll(keepingCapacity: true)
            segments = []
            span = nil
            isTooLong = false
            hasHeader = false
        }
        guard let span else { return }
        number += 1
        let place = "message \(number)"
        if isTooLong {
            return try sink.reject(
                .tooLong, "longer than the limit of \(limit) bytes", span, place: place,
                content: .none)
        }
        try unsafe bytes.withUnsafeBufferPointer { buffer in
            let content = unsafe Content.bytes(buffer)
            guard hasHeader else {
                return try sink.reject(
                    .hl7NoHeader, "no message header (MSH) stands before it", span, place: place,
                    content: content)
            }
            guard unsafe UTF8Check.isValid(UnsafeRawBufferPointer(buffer)) else {
                return try sink.reject(
                    .encodingInvalid, "bytes that the encoding does not allow", span, place: place,
                    content: content)
            }
            let message: HL7Message
            do throws(JSONFault) {
                message = try HL7Message(segments: segments.map { bytes[$0] })
                try checkCharset(message.charset)
            } catch {
                return try sink.reject(
                    error.reason, error.message, span, place: place, content: content)
            }
            try sink.accept(
                message.fields, span, place: place, subjects: message.subjects, content: content)
        }
    }

    /// The character sets of MSH-18 (table 0211) that the file's bytes can have been read as.
    ///
    /// What is valid UTF-8 is UTF-8, whatever the header says; bytes that are not were read as a
    /// Western set, which a message in another one must not pass as.
    private func checkCharset(_ declared: String) throws(JSONFault) {
        guard encoding == .windows1252 || encoding == .latin1, bytes.contains(where: { $0 >= 0x80 })
        else { return }
        let western = ["", "ASCII", "8859/1", "8859/15", "CP1252", "WINDOWS-1252"]
        guard western.contains(declared.uppercased()) else {
            throw JSONFault(
                .hl7Charset, "its character set is not read here; say --encoding if it is another")
        }
    }
}
