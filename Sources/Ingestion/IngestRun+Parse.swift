internal import ReaderProtocol
internal import Records

extension IngestRun {
    /// The second pass over a file that is no archive.
    func parse(_ opened: OpenedFile, into sink: RowSink, report: inout FileReport) throws {
        guard case .text(let window, let checksUTF8) = opened.body else {
            return try readDocument(opened, into: sink, report: &report)
        }
        try parse(opened.facts, window, checksUTF8: checksUTF8, into: sink)
        repeat { window.consume(window.count) } while try window.refill()
        guard window.digest() == opened.facts.digest else { throw changed(opened.facts) }
    }

    /// One reader for each format that is read in this process.
    private func parse(
        _ facts: FileFacts, _ window: ByteWindow, checksUTF8: Bool, into sink: RowSink
    ) throws {
        switch facts.format {
        case .csv, .tsv:
            guard let dialect = facts.dialect, let columns = facts.columns, !columns.isEmpty
            else { return }
            var reader = try CSVReader(
                window: window, sink: sink, dialect: dialect, columns: columns, options: options,
                checksUTF8: checksUTF8)
            try reader.run()
        case .jsonl: try JSONLinesReader(window: window, sink: sink, options: options).run()
        case .json: try JSONDocumentReader(window: window, sink: sink, options: options).run()
        case .text, .markdown:
            try TextReader(
                window: window, sink: sink, options: options,
                isMarkdown: facts.format == .markdown, checksUTF8: checksUTF8
            ).run()
        default: try Forms.read(facts, window: window, sink: sink, options: options)
        }
    }

    func changed(_ facts: FileFacts) -> IngestionError {
        IngestionError(
            .fileChanged, "'\(facts.file.relativePath)' changed while it was read",
            hint: "ingest a copy that nobody writes to")
    }

    // MARK: Documents

    private func readDocument(
        _ opened: OpenedFile, into sink: RowSink, report: inout FileReport
    ) throws {
        guard let task = opened.facts.format.document else { return }
        let process = try start(task, opened, expandedBytes: options.limits.expandedBytes)
        defer { process.stop() }
        do {
            frames: while true {
                let frame = try process.next()
                switch frame.kind {
                case .record:
                    let record = try ReaderRecord(payload: frame.payload)
                    let fields = record.fields.mapValues(\.withNumbersAsText)
                    let span = SourceSpan(offset: record.offset, length: record.length)
                    try sink.accept(
                        fields, span, place: record.place, content: .rebuilt(fields))
                case .refusal:
                    let refusal = try ReaderRefusal(payload: frame.payload)
                    try sink.reject(
                        RejectReason(refusal.reason), refusal.message,
                        SourceSpan(offset: refusal.offset, length: refusal.length),
                        place: refusal.place, content: .none)
                case .note: sink.note(Self.message(of: frame))
                case .done:
                    report.decodedAs = try ReaderSummary(payload: frame.payload).encoding
                    break frames
                default: throw ReaderFault.outOfOrder
                }
            }
        } catch let fault as ReaderFault {
            throw IngestionError(fault, file: opened.facts.file)
        } catch let error as ReaderProtocolError {
            throw IngestionError(
                ReaderFault(.died, error.message, hint: error.hint), file: opened.facts.file)
        }
        try checkUnchanged(opened)
    }

    /// A reader process on `opened`, which stands at its first byte.
    func start(
        _ task: DocumentFormat, _ opened: OpenedFile, expandedBytes: UInt64
    ) throws(IngestionError) -> ReaderProcess {
        var limits = options.limits
        limits.recordBytes = UInt64(options.maximumRecordBytes)
        limits.expandedBytes = expandedBytes
        let request = ReaderRequest(
            task, name: opened.facts.file.name, unit: options.unit?.documentName,
            recordsPath: options.recordsPath, encoding: options.encoding?.rawValue,
            limits: limits)
        let source = opened.surveyed.source
        let input = (source as? FileSource).map { ReaderProcess.Input.file($0) }
        return try ReaderProcess(request, input ?? .stream(source), options: options)
    }

    /// A process that has the file itself gives no digest: size and times must be as before.
    func checkUnchanged(_ opened: OpenedFile) throws(IngestionError) {
        guard let file = opened.surveyed.source as? FileSource else { return }
        if file.state != opened.surveyed.state { throw changed(opened.facts) }
    }

    /// The text of a note, as far as it can be shown.
    static func message(of frame: ReaderFrame) -> String {
        let json = try? JSONParser.parse(frame.payload)
        return printable(json?["message"]?.stringValue ?? "a remark that cannot be read")
    }

    /// Without control characters, which a terminal would obey.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(1000).map {
                    $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : $0
                }))
    }
}

extension ReaderFault {
    /// A frame that has no business where it stands.
    static var outOfOrder: ReaderFault {
        ReaderFault(
            .died, "the reader answered out of order",
            hint: "reader and command are of different versions: install both again")
    }
}

extension IngestionError {
    /// What a reader process says about a whole file.
    init(_ fault: ReaderFault, file: InputFile) {
        self.init(
            .refused, "'\(file.relativePath)': \(IngestRun.printable(fault.message))",
            hint: IngestRun.printable(fault.hint), reason: fault.code.rawValue)
    }
}

extension JSONValue {
    /// Numbers as strings with their source text, at every depth, as records hold them.
    fileprivate var withNumbersAsText: JSONValue {
        switch self {
        case .number(let literal): .string(literal)
        case .array(let elements): .array(elements.map(\.withNumbersAsText))
        case .object(let members): .object(members.mapValues(\.withNumbersAsText))
        default: self
        }
    }
}
