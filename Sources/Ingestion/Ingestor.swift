internal import Glibc
internal import Records

/// Reads files into rows: streams batches of accepted and refused rows, in flat memory.
///
/// ```swift
/// let ingestor = Ingestor(options: options)
/// let files = try InputFiles.expand(["exports/"])
/// let reports = try ingestor.read(files) { facts, batch in … }
/// try IngestReport(reports).count.check()
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
        try open(survey(file)).facts
    }

    /// Reads files one after the other, and calls `deliver` with their rows in batches, in source
    /// order; an archive's members follow it.
    ///
    /// Of several files, one that cannot be read as a whole becomes one refused row
    /// (``RejectedRow/isWholeFile``), and the others go on; of a single one, and where no file
    /// could be read, ``IngestionError`` says the same. Throws also what `deliver` throws.
    public func read(
        _ files: [InputFile], deliver: (FileFacts, IngestBatch) throws -> Void
    ) throws -> [FileReport] {
        try withoutActuallyEscaping(deliver) { deliver in
            let run = IngestRun(self, isOneOfSeveral: files.count > 1, deliver: deliver)
            for file in files { try run.read(file) }
            return try run.finish()
        }
    }

    /// The source bytes at a place of a regular file: a row that was refused. Only where
    /// ``FileFacts/canReread`` says so.
    public func rereadRow(
        in file: InputFile, offset: UInt64, length: UInt64
    ) throws(IngestionError) -> [UInt8] {
        let descriptor = unsafe Glibc.open(file.path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, Int(offset))
        }
        guard descriptor >= 0, count == bytes.count, !file.isMember else {
            throw IngestionError(
                .unreadable, "cannot read \(length) bytes at \(offset) of '\(file.relativePath)'",
                hint: "the file has changed or is gone")
        }
        return bytes
    }

    /// The rows of bytes in memory, as if they were a file called `name`.
    public func read(
        bytes: [UInt8], name: String, deliver: (FileFacts, IngestBatch) throws -> Void
    ) throws -> [FileReport] {
        try withoutActuallyEscaping(deliver) { deliver in
            let run = IngestRun(self, isOneOfSeveral: false, deliver: deliver)
            try run.read(survey(InputFile(path: name), source: MemorySource(bytes)))
            return try run.finish()
        }
    }
}
