internal import Records

/// Reads delimited text into rows.
///
/// Rules: an empty line is dropped (`blank-line`); a record with another number of fields than
/// there are columns, with text after a closing quote, longer than the limit, or not in the
/// encoding goes to quarantine, and reading goes on with the next one. Where a quote is never
/// closed, or closes lines later in the middle of text, only the lines up to the next one that is
/// a sound record are refused, not all that the quote encloses.
struct CSVReader {
    private let window: ByteWindow
    private let sink: RowSink
    private let limit: Int
    private let checksUTF8: Bool
    private let columns: [String]
    private let quote: UInt8?
    private var scanner: CSVScanner
    private var headerPending: Bool
    /// Source bytes of a record that is too long and already out of the window; nil if none is.
    private var skipped: UInt64?
    private var recovery: CSVRecovery?
    private var plan: RowPlan
    private var tallies: [ColumnTally]
    private var rowCount: UInt64 = 0

    init(
        window: ByteWindow, sink: RowSink, dialect: CSVDialect, columns: [String],
        options: IngestOptions, checksUTF8: Bool
    ) throws(IngestionError) {
        self.window = window
        self.sink = sink
        self.checksUTF8 = checksUTF8
        self.columns = columns
        limit = options.maximumRecordBytes
        quote = dialect.quote
        scanner = CSVScanner(
            delimiter: dialect.delimiter, quote: dialect.quote, escape: dialect.escape)
        headerPending = dialect.hasHeader
        try sink.resolve(columns: columns)
        guard let mapping = sink.mapping else {
            throw IngestionError(.noMapping, "no columns", hint: "give the file a header")
        }
        plan = RowPlan(mapping, columns: columns)
        tallies = Array(repeating: ColumnTally(), count: columns.count)
    }

    /// Reads to the end.
    mutating func run() throws {
        defer { sink.adopt(Array(zip(columns, tallies)), rowCount: rowCount) }
        var isDone = false
        while !isDone {
            let used = try unsafe window.withBytes { view in
                try unsafe readRecords(view, isDone: &isDone)
            }
            window.consume(used)
            if isDone { break }
            // Two bytes more than the limit: the last may be half of a line end.
            if window.count > limit + 2 {
                if try beginRecoveryFromLong() { continue }
                let before = window.sourceOffset
                window.consume(scanner.forgetScanned())
                skipped = (skipped ?? 0) + window.sourceOffset - before
            }
            _ = try window.refill()
        }
        if let recovery { try recovery.reject(into: sink, resumedAt: nil) }
    }

    /// Takes all whole records of the view; returns how many bytes they were.
    private mutating func readRecords(
        _ view: UnsafeBufferPointer<UInt8>, isDone: inout Bool
    ) throws -> Int {
        guard let base = view.baseAddress else {
            isDone = window.isAtEnd
            return 0
        }
        var start = 0
        var offset = window.sourceOffset
        while true {
            let outcome = unsafe scanner.scan(
                base + start, count: view.count - start, isAtEnd: window.isAtEnd)
            guard case .record(let length, let lineEnd) = outcome else {
                isDone = outcome == .end
                if isDone, let skipped {
                    try rejectTooLong(SourceSpan(offset: offset - skipped, length: skipped))
                }
                return start
            }
            let text = unsafe UnsafeBufferPointer(start: base + start, count: length)
            if let line = try unsafe recover(text, lineEnd: lineEnd, at: offset) {
                let taken = unsafe UnsafeBufferPointer(start: base + start, count: line)
                let width = unsafe window.sourceBytes(of: taken)
                offset += width
                start += line
                scanner.reset()
                continue
            }
            let width = unsafe window.sourceBytes(of: text)
            if let before = skipped {
                try rejectTooLong(SourceSpan(offset: offset - before, length: before + width))
                skipped = nil
            } else {
                try unsafe take(text, SourceSpan(offset: offset, length: width))
            }
            start += length + lineEnd
            let end = unsafe UnsafeBufferPointer(start: base + start - lineEnd, count: lineEnd)
            let endWidth = unsafe window.sourceBytes(of: end)
            offset += width + endWidth
            scanner.reset()
        }
    }

    private func rejectTooLong(_ span: SourceSpan) throws {
        try sink.reject(
            .tooLong, "longer than the limit of \(limit) bytes", span, content: .none)
    }

    private mutating func take(_ text: UnsafeBufferPointer<UInt8>, _ span: SourceSpan) throws {
        if headerPending && text.count > 0 {
            headerPending = false
            return
        }
        guard text.count > 0, let base = text.baseAddress else { return sink.drop("blank-line") }
        let content = unsafe Content.bytes(text)
        if text.count > limit { return try rejectTooLong(span) }
        if scanner.unclosedQuote != nil {
            return try sink.reject(
                .csvUnclosedQuote, "the quote is never closed", span, content: content)
        }
        if checksUTF8, unsafe !UTF8Check.isValid(UnsafeRawBufferPointer(text)) {
            return try sink.reject(
                .encodingInvalid, "bytes that the encoding does not allow", span, content: content)
        }
        if scanner.isStray {
            return try sink.reject(
                .csvStrayQuote, "text after a closing quote", span, content: content)
        }
        guard scanner.fields.count == columns.count else {
            return try sink.reject(
                .csvFieldCount, "\(scanner.fields.count) fields, expected \(columns.count)", span,
                content: content)
        }
        rowCount += 1
        for (index, field) in scanner.fields.enumerated() {
            unsafe tallies[index].note(
                UnsafeBufferPointer(start: base + field.start, count: field.end - field.start))
        }
        let row = unsafe plan.row(scanner, base)
        try sink.finish(row.fields, row.subjects, row.key, span, content: content)
    }
}

// MARK: Recovery from broken quotes

extension CSVReader {
    /// Judges the record at hand. Returns how many bytes of it, line end included, belong to what
    /// is being refused; nil if it is a record like any other.
    private mutating func recover(
        _ text: UnsafeBufferPointer<UInt8>, lineEnd: Int, at offset: UInt64
    ) throws -> Int? {
        let lineBreak = unsafe text.firstIndex { $0 == 0x0A || $0 == 0x0D }
        if let running = recovery {
            if unsafe isSound(text) {
                try running.reject(into: sink, resumedAt: offset)
                recovery = nil
                return nil
            }
        } else {
            guard let reason = unsafe brokenReason(text, isMultiline: lineBreak != nil) else {
                return nil
            }
            let quotePlace = scanner.unclosedQuote.map { quote in
                let before = unsafe UnsafeBufferPointer(rebasing: text[..<quote])
                return unsafe window.sourceBytes(of: before) + offset
            }
            recovery = CSVRecovery(
                reason: reason, offset: offset - (skipped ?? 0), quotePlace: quotePlace,
                limit: limit)
            skipped = nil
        }
        return unsafe extendRecovery(text, lineBreak, lineEnd: lineEnd, at: offset)
    }

    /// Adds the first line of `text` to what is refused; returns its length with its line end.
    private mutating func extendRecovery(
        _ text: UnsafeBufferPointer<UInt8>, _ lineBreak: Int?, lineEnd: Int, at offset: UInt64
    ) -> Int {
        let end = lineBreak ?? text.count
        let line = unsafe UnsafeBufferPointer(rebasing: text[..<end])
        let width = unsafe window.sourceBytes(of: line)
        unsafe recovery?.append(line, endingAt: offset + width)
        skipped = nil
        guard let lineBreak else { return end + lineEnd }
        let isPair =
            unsafe text[lineBreak] == 0x0D && end + 1 < text.count
            && text[end + 1] == 0x0A
        return end + (isPair ? 2 : 1)
    }

    /// Why the record has to be taken apart; nil if it need not.
    private func brokenReason(
        _ text: UnsafeBufferPointer<UInt8>, isMultiline: Bool
    ) -> RejectReason? {
        guard !headerPending else { return nil }
        if text.count > limit || skipped != nil {
            // One column takes any line for a record, so nothing would say where to go on.
            return isMultiline && columns.count > 1 ? .tooLong : nil
        }
        if scanner.unclosedQuote != nil { return .csvUnclosedQuote }
        return scanner.isStray && isMultiline ? .csvStrayQuote : nil
    }

    /// Whether reading can go on with this record: as many fields as columns, and no quote left.
    private func isSound(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard skipped == nil, text.count > 0, text.count <= limit, !scanner.isStray,
            scanner.unclosedQuote == nil,
            scanner.fields.count == columns.count
        else { return false }
        guard let quote else { return true }
        return scanner.fields.allSatisfy { field in
            if field.start > 0, unsafe text[field.start - 1] == quote { return true }
            return unsafe !text[field.start..<field.end].contains(quote)
        }
    }

    /// Takes the first line of a record that is too long out of the window, if it has one.
    private mutating func beginRecoveryFromLong() throws -> Bool {
        guard columns.count > 1, !headerPending else { return false }
        let offset = window.sourceOffset
        let taken = unsafe window.withBytes { view -> Int? in
            // The last byte may be half of a line end.
            let end = unsafe view.dropLast().firstIndex { $0 == 0x0A || $0 == 0x0D }
            guard let end else { return nil }
            if recovery == nil {
                recovery = CSVRecovery(
                    reason: .tooLong, offset: offset - (skipped ?? 0), quotePlace: nil,
                    limit: limit)
                skipped = nil
            }
            return unsafe extendRecovery(view, end, lineEnd: 0, at: offset)
        }
        guard let taken else { return false }
        window.consume(taken)
        scanner.reset()
        return true
    }
}

/// Where each column of a record goes.
struct RowPlan {
    private let template: [String: JSONValue]
    /// For each column, its place in the template; nil for one that is dropped.
    private let places: [Dictionary<String, JSONValue>.Index?]
    private let subjects: [Int]
    private let keys: [Int]

    init(_ mapping: ResolvedMapping, columns: [String]) {
        var template = [String: JSONValue](minimumCapacity: columns.count)
        let targets = columns.map(mapping.target(of:))
        for target in targets { if let target { template[target] = "" } }
        self.template = template
        places = targets.map { $0.flatMap { name in template.index(forKey: name) } }
        subjects = mapping.subject.compactMap { columns.firstIndex(of: $0) }
        keys = mapping.key.compactMap { columns.firstIndex(of: $0) }
    }

    /// The row of the record that `scanner` found at `base`. Copying the template keeps the places
    /// of its keys, so no key is hashed per row.
    func row(
        _ scanner: CSVScanner, _ base: UnsafePointer<UInt8>
    ) -> (fields: [String: JSONValue], subjects: [String], key: String?) {
        var fields = template
        for (index, field) in scanner.fields.enumerated() {
            if let place = places[index] {
                fields.values[place] = .string(unsafe scanner.text(of: field, in: base))
            }
        }
        func word(_ column: Int) -> String {
            ResolvedMapping.trimmed(unsafe scanner.text(of: scanner.fields[column], in: base))
        }
        return (
            fields, subjects.map(word).filter { !$0.isEmpty },
            ResolvedMapping.joined(keys.map(word))
        )
    }
}
