internal import Records

/// Reads a JSON document element by element, in flat memory: an array of records at the top or
/// behind a path of members, one record, or several records one after the other.
///
/// A bad element goes to quarantine and reading goes on behind it. Members outside the path are
/// skipped, not validated.
struct JSONDocumentReader {
    let window: ByteWindow
    let sink: RowSink
    let options: IngestOptions
    private let decoder: JSONRowDecoder

    init(window: ByteWindow, sink: RowSink, options: IngestOptions) throws(IngestionError) {
        self.window = window
        self.sink = sink
        self.options = options
        decoder = try JSONRowDecoder(maximumDepth: options.maximumDepth)
    }

    /// Reads to the end.
    func run() throws {
        guard let first = try skipSpace() else { return }
        let path = options.recordsPath?.split(separator: ".").map(String.init) ?? []
        if path.isEmpty {
            guard first == UInt8(ascii: "[") else { return try readSequence() }
            window.consume(1)
            try readArray()
            guard try skipSpace() != nil else { return }
            let start = window.sourceOffset
            try drain()
            let span = SourceSpan(offset: start, length: window.sourceOffset - start)
            return try sink.reject(
                .jsonSyntax, "text after the end of the array", span, content: .none)
        }
        try findRecords(path)
        try readArray()
        try drain()
    }

    // MARK: Elements

    /// Reads the elements of an array whose bracket is consumed, and its closing bracket.
    private func readArray() throws {
        var afterComma = false
        while true {
            switch try skipSpace() {
            case nil: return try rejectHere(.jsonTruncated, "the array is not closed", 0)
            case UInt8(ascii: "]"):
                if afterComma { try rejectHere(.jsonSyntax, "a comma before the end", 1) }
                window.consume(1)
                return
            default: try readElement()
            }
            afterComma = try skipToComma()
        }
    }

    /// Goes over the comma behind an element; what stands before it has no business there. False
    /// if the array or the input ends instead.
    private func skipToComma() throws -> Bool {
        while let byte = try skipSpace(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: ",") {
                window.consume(1)
                return true
            }
            try readElement(junk: "a comma is missing before this")
        }
        return false
    }

    /// Reads records one after the other, with white space or nothing between them.
    private func readSequence() throws {
        while let byte = try skipSpace() {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                try readElement()
            } else {
                try readElement(junk: "neither an object nor an array")
            }
        }
    }

    /// Cuts out one element and gives it to the sink; `junk` says why it is refused in any case.
    private func readElement(junk: String? = nil) throws {
        let start = window.sourceOffset
        let (length, isTooLong) = try cut(limit: options.maximumRecordBytes)
        if isTooLong {
            window.consume(length)
            let span = SourceSpan(offset: start, length: window.sourceOffset - start)
            return try sink.reject(
                .tooLong, "longer than the limit of \(options.maximumRecordBytes) bytes", span,
                content: .none)
        }
        if length == 0 {
            let isComma = unsafe window.withBytes { unsafe $0.first } == UInt8(ascii: ",")
            // Inside an array the comma is left for the caller; elsewhere it leads nowhere.
            let isLeft = isComma && junk == nil
            try rejectHere(.jsonSyntax, junk ?? "a value is missing here", isLeft ? 0 : 1)
            if !isLeft { window.consume(1) }
            return
        }
        try unsafe window.withBytes { view in
            let text = unsafe UnsafeBufferPointer(rebasing: view[..<length])
            let span = SourceSpan(offset: start, length: unsafe window.sourceBytes(of: text))
            if let junk {
                try unsafe sink.reject(.jsonSyntax, junk, span, content: .bytes(text))
            } else {
                try unsafe decoder.put(text, span, into: sink)
            }
        }
        window.consume(length)
    }

    /// How many bytes of the view the value at its start takes; of one that is longer than `limit`
    /// only the last part is still in the view.
    private func cut(limit: Int) throws(IngestionError) -> (length: Int, isTooLong: Bool) {
        var cutter = ElementCutter()
        var scanned = 0
        var isTooLong = false
        while true {
            let end = unsafe window.withBytes { view -> Int? in
                guard let base = view.baseAddress else { return nil }
                return unsafe cutter.end(base, from: scanned, to: view.count)
            }
            if let end { return (end, isTooLong || end > limit) }
            scanned = window.count
            if scanned > limit {
                window.consume(scanned)
                scanned = 0
                isTooLong = true
            }
            if try !window.refill() { return (window.count, isTooLong || window.count > limit) }
        }
    }

    private func rejectHere(_ reason: RejectReason, _ message: String, _ length: UInt64) throws {
        let span = SourceSpan(offset: window.sourceOffset, length: length)
        try sink.reject(reason, message, span, content: .none)
    }

    // MARK: The way to the records

    /// Goes to the array behind `path` and over its bracket.
    private func findRecords(_ path: [String]) throws(IngestionError) {
        for (depth, name) in path.enumerated() {
            guard try skipSpace() == UInt8(ascii: "{") else {
                throw notFound(name, "there is no object around it")
            }
            window.consume(1)
            guard try findMember(name) else {
                throw notFound(name, "no such member at depth \(depth + 1)")
            }
        }
        guard try skipSpace() == UInt8(ascii: "[") else {
            throw notFound(path.last ?? "", "it is not an array")
        }
        window.consume(1)
    }

    /// Skips members until the one called `name`, and its colon; false if there is none.
    private func findMember(_ name: String) throws(IngestionError) -> Bool {
        while true {
            guard try skipSpace() == UInt8(ascii: "\"") else { return false }
            let (length, isTooLong) = try cut(limit: 1 << 20)
            let isMatch = unsafe window.withBytes { view in
                let text = unsafe UnsafeBufferPointer(rebasing: view[..<length])
                let row = try? unsafe decoder.row(text)
                return !isTooLong && row?.fields["column1"]?.stringValue == name
            }
            window.consume(length)
            guard try skipSpace() == UInt8(ascii: ":") else {
                throw notFound(name, "the document is not JSON")
            }
            window.consume(1)
            guard try skipSpace() != nil else { return false }
            if isMatch { return true }
            window.consume(try cut(limit: 1 << 20).length)
            if try skipSpace() == UInt8(ascii: ",") { window.consume(1) }
        }
    }

    private func notFound(_ name: String, _ why: String) -> IngestionError {
        IngestionError(
            .badOption, "no records at '\(options.recordsPath ?? "")': '\(name)': \(why)",
            hint: "give the dotted path of the member that holds the array of records")
    }

    /// The next byte that is not white space, left in the view; nil at the end.
    private func skipSpace() throws(IngestionError) -> UInt8? {
        while true {
            let (spaces, byte) = unsafe window.withBytes { view -> (Int, UInt8?) in
                var i = 0
                while i < view.count, unsafe ByteSearch.isSpace(view[i]) { i += 1 }
                return unsafe (i, i < view.count ? view[i] : nil)
            }
            window.consume(spaces)
            if let byte { return byte }
            if try !window.refill() { return nil }
        }
    }

    private func drain() throws(IngestionError) {
        repeat { window.consume(window.count) } while try window.refill()
    }
}
