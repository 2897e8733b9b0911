internal import Records

/// Reads delimited text into rows.
///
/// Rules: an empty line is dropped (`blank-line`); a record with another number of fields than
/// there are columns, with text after a closing quote, longer than the limit, or not in the
/// encoding goes to quarantine, and reading goes on with the next one. A quote that is never
/// closed takes everything up to the end of the file with it.
struct CSVReader {
    private let window: ByteWindow
    private let sink: RowSink
    private let limit: Int
    private let checksUTF8: Bool
    private let columnCount: Int
    private var scanner: CSVScanner
    private var headerPending: Bool
    /// Source bytes of a record that is too long and already out of the window; nil if none is.
    private var skipped: UInt64?
    private var plan: RowPlan

    init(
        window: ByteWindow, sink: RowSink, dialect: CSVDialect, columns: [String],
        options: IngestOptions, checksUTF8: Bool
    ) throws(IngestionError) {
        self.window = window
        self.sink = sink
        self.checksUTF8 = checksUTF8
        limit = options.maximumRecordBytes
        columnCount = columns.count
        scanner = CSVScanner(
            delimiter: dialect.delimiter, quote: dialect.quote, escape: dialect.escape)
        headerPending = dialect.hasHeader
        try sink.resolve(columns: columns)
        guard let mapping = sink.mapping else {
            throw IngestionError(.noMapping, "no columns", hint: "give the file a header")
        }
        plan = RowPlan(mapping, columns: columns)
        sink.observe(Dictionary(columns.map { ($0, .string) }) { first, _ in first })
    }

    /// Reads to the end.
    mutating func run() throws {
        var isDone = false
        while !isDone {
            let used = try unsafe window.withBytes { view in
                try unsafe readRecords(view, isDone: &isDone)
            }
            window.consume(used)
            if isDone { break }
            if window.count > limit {
                let before = window.sourceOffset
                window.consume(scanner.forgetScanned())
                skipped = (skipped ?? 0) + window.sourceOffset - before
            }
            _ = try window.refill()
        }
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
        if let quote = scanner.unclosedQuote {
            let before = unsafe UnsafeBufferPointer(start: base, count: quote)
            let place = unsafe window.sourceBytes(of: before) + span.offset
            return try sink.reject(
                .csvUnclosedQuote, "the quote at byte \(place) of the file is never closed", span,
                content: content)
        }
        if checksUTF8, unsafe !UTF8Check.isValid(UnsafeRawBufferPointer(text)) {
            return try sink.reject(
                .encodingInvalid, "bytes that the encoding does not allow", span, content: content)
        }
        if scanner.isStray {
            return try sink.reject(
                .csvStrayQuote, "text after a closing quote", span, content: content)
        }
        guard scanner.fields.count == columnCount else {
            return try sink.reject(
                .csvFieldCount, "\(scanner.fields.count) fields, expected \(columnCount)", span,
                content: content)
        }
        let row = unsafe plan.row(scanner, base)
        try sink.finish(row.fields, row.subjects, row.key, span, content: content)
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
