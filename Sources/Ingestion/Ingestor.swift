internal import Glibc
internal import Records

/// Reads files into rows: streams batches of accepted and refused rows, in flat memory.
///
/// ```swift
/// let ingestor = Ingestor(options: options)
/// for file in try InputFiles.expand(["exports/"]) {
///     let report = try ingestor.read(file) { facts, batch in … }
///     try report.count.check()
/// }
/// ```
/// A file is read twice: once for its digest, its size and its encoding, once for its rows. The
/// digest is computed again on the way; a file that changed in between is an error.
public struct Ingestor: Sendable {
    /// How much of the text is looked at to find out format and dialect, in bytes.
    static let sampleBytes = 256 << 10

    /// How input is read.
    public let options: IngestOptions

    /// Makes an ingestor.
    public init(options: IngestOptions = IngestOptions()) { self.options = options }

    /// The first pass alone: digest, encoding, format, dialect, columns.
    public func inspect(_ file: InputFile) throws(IngestionError) -> FileFacts {
        try open(file).facts
    }

    /// Reads one file, and calls `deliver` with its rows in batches, in source order.
    ///
    /// Throws ``IngestionError`` for what concerns the whole file, and what `deliver` throws.
    public func read(
        _ file: InputFile, deliver: (FileFacts, IngestBatch) throws -> Void
    ) throws -> FileReport {
        try read(open(file), deliver: deliver)
    }

    /// Reads files one after the other.
    public func read(
        _ files: [InputFile], deliver: (FileFacts, IngestBatch) throws -> Void
    ) throws -> [FileReport] {
        try files.map { try read($0, deliver: deliver) }
    }

    /// The source bytes at a place of a regular file: a row that was refused.
    public func rereadRow(
        in file: InputFile, offset: UInt64, length: UInt64
    ) throws(IngestionError) -> [UInt8] {
        let descriptor = unsafe Glibc.open(file.path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, Int(offset))
        }
        guard descriptor >= 0, count == bytes.count else {
            throw IngestionError(
                .unreadable, "cannot read \(length) bytes at \(offset) of '\(file.relativePath)'",
                hint: "the file has changed or is gone")
        }
        return bytes
    }

    /// The rows of bytes in memory, as if they were a file called `name`.
    func read(
        bytes: [UInt8], name: String, deliver: (FileFacts, IngestBatch) throws -> Void
    ) throws -> FileReport {
        let file = InputFile(path: name)
        return try read(open(file, source: MemorySource(bytes)), deliver: deliver)
    }

    private func read(
        _ opened: OpenedFile, deliver: (FileFacts, IngestBatch) throws -> Void
    ) throws -> FileReport {
        let facts = opened.facts
        return try withoutActuallyEscaping(deliver) { deliver in
            let sink = RowSink(options: options) { try deliver(facts, $0) }
            try parse(opened, into: sink)
            let window = opened.window
            repeat { window.consume(window.count) } while try window.refill()
            guard window.digest() == facts.digest else {
                throw IngestionError(
                    .fileChanged, "'\(facts.file.relativePath)' changed while it was read",
                    hint: "ingest a copy that nobody writes to")
            }
            try sink.close()
            return FileReport(
                facts: facts, kind: sink.mapping?.kind, count: sink.count, schema: sink.schema)
        }
    }

    private func parse(_ opened: OpenedFile, into sink: RowSink) throws {
        let window = opened.window
        switch opened.facts.format {
        case .csv, .tsv:
            guard let dialect = opened.facts.dialect, let columns = opened.facts.columns,
                !columns.isEmpty
            else { return }
            var reader = try CSVReader(
                window: window, sink: sink, dialect: dialect, columns: columns, options: options,
                checksUTF8: opened.checksUTF8)
            try reader.run()
        case .jsonl: try JSONLinesReader(window: window, sink: sink, options: options).run()
        case .json: try JSONDocumentReader(window: window, sink: sink, options: options).run()
        case .text, .markdown:
            try TextReader(
                window: window, sink: sink, options: options,
                isMarkdown: opened.facts.format == .markdown, checksUTF8: opened.checksUTF8
            ).run()
        }
    }
}
